package socketserver.examples;

import static socketserver.diesel.Diesel.quickstart;
import static socketserver.diesel.Diesel.quickstop;
import static socketserver.diesel.Diesel.send;
import static socketserver.diesel.Diesel.until;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import socketserver.diesel.Client;
import socketserver.diesel.Loop;
import socketserver.diesel.Service;

/**
 * A server and a client in one process, which exchange 5000 requests.
 *
 * <p>Python original: {@code examples/combined.py} of Diesel. It differs in that it listens on the
 * loopback interface alone, prints what the original logs, and fails if an answer is wrong even
 * where assertions are off.
 *
 * <p>Run: {@code mvn -q compile exec:java -pl examples -am
 * -Dexec.mainClass=socketserver.examples.DieselCombined}
 */
public final class DieselCombined {
  private static final String USAGE =
      """
      usage: DieselCombined [--port PORT]
      Runs a server and a client on Diesel, which exchange 5000 requests.
        PORT  where the server listens; 8000 unless given, 0 lets the system choose\
      """;

  private static final String HOST = "127.0.0.1";
  private static final int REQUESTS = 5000;

  private DieselCombined() {}

  private static void handleEcho(InetSocketAddress remoteAddr) throws IOException {
    while (true) {
      String message = until("\r\n");
      send("you said: " + message);
    }
  }

  /** Asks one thing at a time. */
  static final class EchoClient extends Client {
    EchoClient(String addr, int port) throws IOException {
      super(addr, port);
    }

    String echo(String message) throws IOException {
      return call(
          () -> {
            send(message + "\r\n");
            return until("\r\n");
          });
    }
  }

  private static void doEchos(Service service, PrintStream out) throws IOException {
    try (var client = new EchoClient(HOST, service.port())) {
      long begin = System.nanoTime();
      for (int x = 0; x < REQUESTS; x++) {
        String message = "hello, world #" + x + "!";
        String echoResult = client.echo(message);
        if (!echoResult.strip().equals("you said: " + message)) {
          throw new IOException("asked " + message + ", and got " + echoResult);
        }
      }
      double seconds = (System.nanoTime() - begin) / (double) TimeUnit.SECONDS.toNanos(1);
      out.println(String.format(Locale.ROOT, "%d loops in %.2fs", REQUESTS, seconds));
    }
  }

  /**
   * Runs the server and the client until that has got its answers.
   *
   * @param port where to listen; 0 for any port that is free
   * @param out where it prints
   * @throws IOException if the port is in use
   */
  public static void run(int port, PrintStream out) throws IOException {
    Service service = new Service(DieselCombined::handleEcho, port, HOST);
    Loop client =
        new Loop(
            () -> {
              try {
                doEchos(service, out);
              } finally {
                quickstop();
              }
            });
    try {
      quickstart(service, client);
    } catch (UncheckedIOException e) {
      throw new IOException(e.getMessage() + ": " + e.getCause().getMessage(), e);
    }
  }

  /**
   * Runs the server and the client.
   *
   * @param args the option
   */
  public static void main(String[] args) {
    CommandLine.main(USAGE, DieselCombined::run, args);
  }

  private static void run(CommandLine words) throws IOException {
    int port = words.portOption(8000);
    words.end();
    run(port, System.out);
  }
}
