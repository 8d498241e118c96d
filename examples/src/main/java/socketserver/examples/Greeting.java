package socketserver.examples;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import socketserver.StreamRequestHandler;
import socketserver.ThreadingTCPServer;

/**
 * Greets whoever connects, each client in a thread of its own.
 *
 * <p>Python original: the second server of the first seed document, {@code class
 * Server(ThreadingMixIn, TCPServer)} on port 1234. It differs in what is printed: the port, what to
 * type in another terminal, and addresses as Java prints them. It writes "Thank you for connecting"
 * as the document's first server does ("connection" in the second).
 *
 * <p>Run: {@code mvn -q compile exec:java -pl examples -am}, then {@code curl
 * telnet://localhost:1234} in another terminal.
 */
public final class Greeting {
  private static final String USAGE =
      """
      usage: Greeting [PORT [HOST]]
      Greets whoever connects, each client in a thread of its own.
        PORT  where to listen; 1234 unless given, 0 lets the system choose
        HOST  the interface to listen on; every one unless given""";

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
    CommandLine.main(USAGE, Greeting::serve, args);
  }

  private static void serve(CommandLine words) throws IOException {
    InetSocketAddress address = words.address(1234, null);
    try (var server = server(address, System.out)) {
      System.out.println("listening on port " + server.serverPort());
      System.out.println(
          "in another terminal: curl telnet://"
              + (address.getAddress().isAnyLocalAddress() ? "localhost" : address.getHostString())
              + ":"
              + server.serverPort());
      server.serveForever();
    }
  }
}
