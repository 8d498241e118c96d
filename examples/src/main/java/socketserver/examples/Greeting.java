package socketserver.examples;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import socketserver.StreamRequestHandler;
import socketserver.ThreadingTCPServer;

/**
 * Greets whoever connects, each client in a thread of its own.
 *
 * <p>Python original: the second server of the first seed document, {@code class
 * Server(ThreadingMixIn, TCPServer)} on port 1234. It differs in that it may be started again at
 * once, and in what is printed: the port, what to type in another terminal, and addresses as Java
 * prints them. It writes "Thank you for connecting" as the document's first server does
 * ("connection" in the second).
 *
 * <p>Run: {@code mvn -q compile exec:java -pl examples -am}, then {@code curl
 * telnet://localhost:1234 </dev/null} in another terminal (without {@code </dev/null} curl waits
 * for what is typed). It needs no other class of the examples, so {@code java -cp
 * all/target/socketserver-all.jar} runs this file as it is.
 */
public final class Greeting {
  private static final String USAGE =
      """
      usage: Greeting [PORT [HOST]]
      Greets whoever connects, each client in a thread of its own.
        PORT  where to listen; 1234 unless given, 0 lets the system choose
        HOST  the interface to listen on; every one unless given\
      """;

  private Greeting() {}

  /** Greets the client, and says on this side who it is. */
  static final class Handler extends StreamRequestHandler {
    private final PrintStream out;

    Handler(PrintStream out) {
      this.out = out;
    }

    @Override
    public void handle() throws IOException {
      out.println("Got connection from " + request.getpeername());
      wfile.write("Thank you for connecting");
    }
  }

  /**
   * Makes the server, bound and listening.
   *
   * @param address where to listen
   * @param out where its handlers print
   * @return the server, to be served and closed by the caller
   * @throws IOException if the address cannot be bound
   */
  public static ThreadingTCPServer server(SocketAddress address, PrintStream out)
      throws IOException {
    return new ThreadingTCPServer(address, () -> new Handler(out));
  }

  /**
   * Serves until the process is ended.
   *
   * @param args the port and the host, both optional
   */
  public static void main(String[] args) {
    if (List.of(args).contains("--help")) {
      System.out.println(USAGE);
      return;
    }
    try {
      serve(address(args));
    } catch (IllegalArgumentException e) {
      System.err.println("error: " + e.getMessage());
      System.err.println(USAGE);
      System.exit(2);
    } catch (IOException e) {
      System.err.println("error: " + e.getMessage());
      System.exit(1);
    }
  }

  private static void serve(InetSocketAddress address) throws IOException {
    try (var server = server(address, System.out)) {
      server.closeOnExit(Duration.ofSeconds(5));
      System.out.println("listening on port " + server.serverPort());
      System.out.println(
          "in another terminal: curl telnet://"
              + (address.getAddress().isAnyLocalAddress() ? "localhost" : address.getHostString())
              + ":"
              + server.serverPort()
              + " </dev/null");
      server.serveForever();
    }
  }

  /** As {@link CommandLine#address}, which a single source file has not beside it. */
  private static InetSocketAddress address(String... words) {
    if (words.length > 2) {
      throw new IllegalArgumentException("unexpected argument: " + words[2]);
    }
    int port = 1234;
    try {
      port = words.length > 0 ? Integer.parseInt(words[0]) : port;
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("port is not a number: " + words[0], e);
    }
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("port out of range: " + port);
    }
    return words.length > 1 ? new InetSocketAddress(words[1], port) : new InetSocketAddress(port);
  }
}
