package socketserver.hooks;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import socketserver.StreamRequestHandler;
import socketserver.StreamSocket;
import socketserver.ThreadingTCPServer;
import socketserver.fixture.Background;
import socketserver.fixture.Eventually;
import socketserver.fixture.RunningServer;
import socketserver.fixture.TcpClient;

/**
 * A program whose threading server runs out of threads: it lowers its own limit of memory so far
 * that the stacks of a few more threads fit, and lets clients come until one is turned away.
 * Started by {@link ThreadStartFailureTest} with stacks of a gibibyte.
 */
final class OutOfThreads {
  private static final long STACK = 1L << 30;
  private static final int MANY = 64;

  private OutOfThreads() {}

  /** Says what it is served with, and stays until it is sent a line. */
  private static final class Staying extends StreamRequestHandler {
    @Override
    public void handle() throws IOException {
      wfile.write("served\n");
      rfile.readline();
    }
  }

  private static final class Server extends ThreadingTCPServer {
    Server() throws IOException {
      super(RunningServer.anyPort(), Staying::new);
    }

    @Override
    public void handleError(StreamSocket request, SocketAddress client, Throwable error) {
      System.out.println("handleError: " + error);
    }

    @Override
    public void closeRequest(StreamSocket request) {
      super.closeRequest(request);
      System.out.println("closed");
    }
  }

  public static void main(String[] arguments) throws Exception {
    try (var running = new ClosingHere(new Server())) {
      // every thread that the transport needs is there before the limit
      for (int i = 0; i < 2 * Runtime.getRuntime().availableProcessors() + 2; i++) {
        leave(arrive(running.server));
      }
      limitMemory();
      Deque<TcpClient> staying = new ArrayDeque<>();
      for (int i = 0; i < MANY; i++) {
        TcpClient client = arrive(running.server);
        if (client == null) {
          System.out.println("turned away");
          break;
        }
        staying.add(client);
      }
      System.out.println(staying.size() < MANY ? "some stay" : "nobody was turned away");
      leave(staying.remove());
      Eventually.holds(
          "a thread is free for another client",
          () -> {
            TcpClient client = arrive(running.server);
            if (client != null) {
              staying.add(client);
            }
            return client != null;
          });
      System.out.println("served again");
      while (!staying.isEmpty()) {
        leave(staying.remove());
      }
    }
    System.out.println("the server is closed");
  }

  /** Connects; returns null if the server ends the connection instead of serving it. */
  private static TcpClient arrive(Server server) throws IOException {
    TcpClient client = TcpClient.to(server);
    if (client.line().equals("served\n")) {
      return client;
    }
    client.close();
    return null;
  }

  private static void leave(TcpClient client) throws IOException {
    client.send("\n");
    client.rest();
    client.close();
  }

  private static void limitMemory() throws Exception {
    String size =
        Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(line -> line.startsWith("VmSize:"))
            .findFirst()
            .orElseThrow()
            .replaceAll("[^0-9]", "");
    // half a stack is left for everything else
    long limit = Long.parseLong(size) * 1024 + 3 * STACK + STACK / 2;
    Process prlimit =
        new ProcessBuilder(
                "prlimit", "--pid", String.valueOf(ProcessHandle.current().pid()), "--as=" + limit)
            .inheritIO()
            .start();
    if (!prlimit.waitFor(30, TimeUnit.SECONDS) || prlimit.exitValue() != 0) {
      throw new IllegalStateException("prlimit failed");
    }
  }

  /** A running server that is shut down by this thread: there may be none for that. */
  private static final class ClosingHere implements AutoCloseable {
    private final Server server;
    private final Thread loop;

    ClosingHere(Server server) {
      this.server = server;
      this.loop = Background.start("serves", () -> server.serveForever(Duration.ofMillis(500)));
    }

    @Override
    public void close() {
      server.shutdown();
      Eventually.ends(loop);
      server.serverClose();
    }
  }
}
