package socketserver.examples;

import static socketserver.diesel.Diesel.send;
import static socketserver.diesel.Diesel.untilEol;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import socketserver.diesel.Application;
import socketserver.diesel.ConnectionClosed;
import socketserver.diesel.Service;

/**
 * Answers each line, which CR LF ends, with {@code You said: } and the line, in a loop for each
 * client.
 *
 * <p>Python original: the Diesel example of the fourth seed document, which is recipe 2_5 of the
 * Python Network Programming Cookbook. It differs in what it does when a client has gone. The
 * original prints {@code Exception: Connection closed by remote host} and goes on to read, which
 * fails at once and waits for nothing: it prints another line, for ever, and no other client is
 * answered again. This one prints that line and ends the client's loop. It takes lines for UTF-8
 * text, and prints the port.
 *
 * <p>Run: {@code mvn -q compile exec:java -pl examples -am
 * -Dexec.mainClass=socketserver.examples.DieselEcho}
 */
public final class DieselEcho {
  private static final String USAGE =
      """
      usage: DieselEcho [--port PORT] [--iface HOST]
      Answers each line with what the client said, on Diesel.
        PORT  where to listen; 8800 unless given, 0 lets the system choose
        HOST  the interface to listen on; every one unless given\
      """;

  private DieselEcho() {}

  /** An echo server on Diesel. */
  static final class EchoServer {
    private final PrintStream out;

    EchoServer(PrintStream out) {
      this.out = out;
    }

    /** Runs the echo server. */
    void handler(InetSocketAddress remoteAddr) {
      String host = remoteAddr.getHostString();
      int port = remoteAddr.getPort();
      out.println("Echo client connected from: " + host + ":" + port);

      while (true) {
        try {
          String message = untilEol();
          String yourMessage = String.join(": ", "You said", message);
          send(yourMessage);
        } catch (ConnectionClosed e) {
          out.println("Exception: " + e.getMessage());
          return;
        } catch (IOException e) {
          out.println("Exception: " + e.getMessage());
        }
      }
    }
  }

  /**
   * Makes the application; there can be one in a process. It tells the port when it listens.
   *
   * @param port where to listen; 0 for any port that is free
   * @param iface the interface to listen on; empty for every one
   * @param out where it prints
   * @return the application, to be run by the caller
   */
  public static Application application(int port, String iface, PrintStream out) {
    EchoServer server = new EchoServer(out);
    Service service = new Service(server::handler, port, iface);
    Application app =
        new Application() {
          @Override
          public void setup() {
            out.println("listening on port " + service.port());
          }
        };
    app.addService(service);
    return app;
  }

  /**
   * Serves until the process is ended.
   *
   * @param args the options
   */
  public static void main(String[] args) {
    CommandLine.main(USAGE, DieselEcho::serve, args);
  }

  private static void serve(CommandLine words) throws IOException {
    int port = words.portOption(8800);
    String iface = words.option("--iface");
    words.end();
    try {
      application(port, iface == null ? "" : iface, System.out).run();
    } catch (UncheckedIOException e) {
      throw new IOException(e.getMessage() + ": " + e.getCause().getMessage(), e);
    }
  }
}
