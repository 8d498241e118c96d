package socketserver.examples;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import socketserver.DgramSocket;

/**
 * Sends a text to a {@link UdpEcho} as one datagram and prints the answer.
 *
 * <p>Python original: the client beside the UDP example of Python's documentation. It differs in
 * that it takes the port from the command line, and waits five seconds for the answer (there for
 * ever, though a datagram may be lost).
 *
 * <p>Run: {@code mvn -q compile exec:java -pl examples -am
 * -Dexec.mainClass=socketserver.examples.UdpClient -Dexec.args="9999 hello world"}
 */
public final class UdpClient {
  private static final String USAGE =
      """
      usage: UdpClient PORT TEXT...
      Sends a text to a UDP server on this machine and prints the answer.
        PORT  where the server receives
        TEXT  the text, any number of words\
      """;

  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private UdpClient() {}

  /**
   * Sends a text and prints it with the answer.
   *
   * @param address where the server receives
   * @param data the text
   * @param out where both are printed
   * @throws IOException if the text cannot be sent, or no answer comes
   */
  public static void ask(SocketAddress address, String data, PrintStream out) throws IOException {
    try (var sock = new DgramSocket(StandardProtocolFamily.INET)) {
      sock.settimeout(TIMEOUT);
      sock.sendto(data + "\n", address);
      byte[] received;
      try {
        received = sock.recvfrom(1024).data();
      } catch (SocketTimeoutException e) {
        throw new IOException("no answer from " + address + " within " + TIMEOUT, e);
      }
      out.println("Sent:     " + data);
      out.println("Received: " + new String(received, StandardCharsets.UTF_8));
    }
  }

  /**
   * Sends a text and prints the answer.
   *
   * @param args the port and the words of the text
   */
  public static void main(String[] args) {
    CommandLine.main(USAGE, UdpClient::ask, args);
  }

  private static void ask(CommandLine words) throws IOException {
    int port = words.port();
    ask(new InetSocketAddress("localhost", port), words.rest(), System.out);
  }
}
