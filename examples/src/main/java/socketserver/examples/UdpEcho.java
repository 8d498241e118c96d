package socketserver.examples;

import java.io.IOException;
import java.io.PrintStream;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import socketserver.BaseRequestHandler;
import socketserver.DatagramRequest;
import socketserver.UDPServer;
import socketserver.spi.Printable;

/**
 * Answers each datagram with its text in capitals.
 *
 * <p>Python original: the seed documents have {@code UDPServer} in their prose alone; this is the
 * UDP example of Python's documentation, on port 9999, where the request is {@code (data, socket)}.
 * It differs in that it takes the data for UTF-8 text, and so capitalises the letters that ASCII
 * does not have as well.
 *
 * <p>Run: {@code mvn -q compile exec:java -pl examples -am
 * -Dexec.mainClass=socketserver.examples.UdpEcho}, then {@link UdpClient} in another terminal.
 */
public final class UdpEcho {
  private static final String USAGE =
      """
      usage: UdpEcho [PORT [HOST]]
      Answers each datagram with its text in capitals.
        PORT  where to receive; 9999 unless given, 0 lets the system choose
        HOST  the interface to receive on; localhost unless given\
      """;

  private UdpEcho() {}

  /** Answers one datagram through the server's own socket. */
  static final class MyUDPHandler extends BaseRequestHandler<DatagramRequest> {
    private final PrintStream out;

    MyUDPHandler(PrintStream out) {
      this.out = out;
    }

    @Override
    public void handle() throws IOException {
      String data = new String(request.data(), StandardCharsets.UTF_8).strip();
      out.println(clientHost() + " wrote:");
      out.println(Printable.of(data, data.length()));
      request.socket().sendto(data.toUpperCase(Locale.ROOT), clientAddress);
    }
  }

  /**
   * Makes the server, bound.
   *
   * @param address where to receive
   * @param out where its handlers print
   * @return the server, to be served and closed by the caller
   * @throws IOException if the address cannot be bound
   */
  public static UDPServer server(SocketAddress address, PrintStream out) throws IOException {
    return new UDPServer(address, () -> new MyUDPHandler(out));
  }

  /**
   * Serves until the process is ended.
   *
   * @param args the port and the host, both optional
   */
  public static void main(String[] args) {
    CommandLine.main(USAGE, UdpEcho::serve, args);
  }

  private static void serve(CommandLine words) throws IOException {
    try (var server = server(words.address(9999, "localhost"), System.out)) {
      server.closeOnExit(Duration.ofSeconds(5));
      System.out.println("receiving on port " + server.serverPort());
      server.serveForever();
    }
  }
}
