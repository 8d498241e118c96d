package socketserver.bench.server;

import static socketserver.diesel.Diesel.send;
import static socketserver.diesel.Diesel.until;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import socketserver.diesel.Application;
import socketserver.diesel.ConnectionClosed;
import socketserver.diesel.Service;

/**
 * This library's Diesel: a loop for each connection, one of which runs at a time, in platform
 * threads, virtual ones, or virtual ones that its event loop runs. There is one in a process.
 */
final class DieselPeer implements Peer {
  private static final List<String> PROTOCOLS = List.of("lines");
  private static final byte[] LINE_FEED = {'\n'};

  @Override
  public String name() {
    return "diesel";
  }

  @Override
  public Map<String, List<String>> servers() {
    return Map.of("threading", PROTOCOLS, "virtual", PROTOCOLS, "eventloop", PROTOCOLS);
  }

  @Override
  public Served open(String strategy, String protocol) throws Exception {
    System.setProperty(
        "socketserver.diesel.threads", strategy.equals("threading") ? "platform" : strategy);
    Service service = new Service(DieselPeer::echo, 0, "127.0.0.1");
    CompletableFuture<Integer> port = new CompletableFuture<>();
    Application application =
        new Application() {
          @Override
          public void setup() {
            port.complete(service.port());
          }
        };
    application.addService(service);
    // it binds when it runs, and then runs to its end
    Thread running =
        new Thread(
            () -> {
              try {
                application.run();
              } catch (RuntimeException e) {
                port.completeExceptionally(e);
              }
            },
            "diesel");
    running.start();
    return Served.of("port " + port.get(), running::join);
  }

  /** Answers each line with itself. */
  private static void echo(InetSocketAddress client) throws IOException {
    try {
      while (true) {
        send(until(LINE_FEED));
      }
    } catch (ConnectionClosed e) {
      // the client has gone
    }
  }
}
