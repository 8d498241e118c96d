package socketserver.examples;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import socketserver.DatagramRequestHandler;
import socketserver.ThreadingUDPServer;

/**
 * Answers each datagram with its lines in capitals, numbered, in a thread of its own: a datagram
 * handled with files.
 *
 * <p>Python original: none in the seed documents; it is what their prose says of {@code
 * DatagramRequestHandler}, that it has the files of a {@code StreamRequestHandler}. What is written
 * to {@code wfile} leaves as one datagram when the handler is done, an empty one included.
 *
 * <p>Run: {@code mvn -q compile exec:java -pl examples -am
 * -Dexec.mainClass=socketserver.examples.DatagramUpper}, then {@link UdpClient} in another
 * terminal.
 */
public final class DatagramUpper {
  private static final String USAGE =
      """
      usage: DatagramUpper [PORT [HOST]]
      Answers each datagram with its lines in capitals, numbered.
        PORT  where to receive; 9999 unless given, 0 lets the system choose
        HOST  the interface to receive on; localhost unless given\
      """;

  private DatagramUpper() {}

  /** Reads lines and writes lines. */
  static final class Handler extends DatagramRequestHandler {
    @Override
    public void handle() throws IOException {
      int number = 1;
      for (byte[] line : rfile) {
        String text = new String(line, StandardCharsets.UTF_8);
        wfile.write(number++ + " " + text.toUpperCase(Locale.ROOT));
      }
    }
  }

  /**
   * Makes the server, bound.
   *
   * @param address where to receive
   * @return the server, to be served and closed by the caller
   * @throws IOException if the address cannot be bound
   */
  public static ThreadingUDPServer server(SocketAddress address) throws IOException {
    return new ThreadingUDPServer(address, Handler::new);
  }

  /**
   * Serves until the process is ended.
   *
   * @param args the port and the host, both optional
   */
  public static void main(String[] args) {
    CommandLine.main(USAGE, DatagramUpper::serve, args);
  }

  private static void serve(CommandLine words) throws IOException {
    try (var server = server(words.address(9999, "localhost"))) {
      server.closeOnExit(Duration.ofSeconds(5));
      System.out.println("receiving on port " + server.serverPort());
      server.serveForever();
    }
  }
}
