package socketserver.examples;

import java.io.IOException;
import java.io.PrintStream;
import java.net.SocketAddress;
import java.time.Duration;
import socketserver.TCPServer;

/**
 * Greets whoever connects, one client after the other.
 *
 * <p>Python original: the first server of the first seed document, {@code TCPServer(('', 1234),
 * Handler)}. It differs in that it prints the port, and addresses as Java prints them; the
 * document's slips ({@code handler} for {@code Handler}, {@code server_forever}) are put right. The
 * handler is the one of {@link Greeting}: a handler does not know who runs it.
 *
 * <p>Run: {@code mvn -q compile exec:java -pl examples -am
 * -Dexec.mainClass=socketserver.examples.SyncGreeting}
 */
public final class SyncGreeting {
  private static final String USAGE =
      """
      usage: SyncGreeting [PORT [HOST]]
      Greets whoever connects, one client after the other.
        PORT  where to listen; 1234 unless given, 0 lets the system choose
        HOST  the interface to listen on; every one unless given\
      """;

  private SyncGreeting() {}

  /**
   * Makes the server, bound and listening.
   *
   * @param address where to listen
   * @param out where its handlers print
   * @return the server, to be served and closed by the caller
   * @throws IOException if the address cannot be bound
   */
  public static TCPServer server(SocketAddress address, PrintStream out) throws IOException {
    return new TCPServer(address, () -> new Greeting.Handler(out));
  }

  /**
   * Serves until the process is ended.
   *
   * @param args the port and the host, both optional
   */
  public static void main(String[] args) {
    CommandLine.main(USAGE, SyncGreeting::serve, args);
  }

  private static void serve(CommandLine words) throws IOException {
    try (var server = server(words.address(1234, null), System.out)) {
      server.closeOnExit(Duration.ofSeconds(5));
      System.out.println("listening on port " + server.serverPort());
      server.serveForever();
    }
  }
}
