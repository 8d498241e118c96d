package socketserver.examples;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import socketserver.SocketReader;
import socketserver.StreamSocket;
import socketserver.UnixAddress;

/**
 * Sends a text to a {@link UnixEcho} and prints the answer.
 *
 * <p>Python original: the client beside the TCP example of Python's documentation, on a Unix socket
 * here. It differs in that it waits five seconds for the answer (there for ever).
 *
 * <p>Run: {@code mvn -q compile exec:java -pl examples -am
 * -Dexec.mainClass=socketserver.examples.UnixEchoClient -Dexec.args="/tmp/echo.sock hello world"}
 */
public final class UnixEchoClient {
  private static final String USAGE =
      """
      usage: UnixEchoClient PATH TEXT...
      Sends a text to a server on a Unix socket and prints the answer.
        PATH  the socket's file
        TEXT  the text, any number of words\
      """;

  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private UnixEchoClient() {}

  /**
   * Sends a text and prints it with the answer.
   *
   * @param path where the server listens
   * @param data the text, one line
   * @param out where both are printed
   * @throws IOException if there is no such server, or no answer comes
   */
  public static void ask(Path path, String data, PrintStream out) throws IOException {
    try (StreamSocket sock = StreamSocket.connect(UnixAddress.of(path), TIMEOUT);
        SocketReader answers = sock.makefileReader(-1)) {
      sock.sendall(data + "\n");
      String received = answers.readline(StandardCharsets.UTF_8);
      out.println("Sent:     " + data);
      out.println("Received: " + received.stripTrailing());
    }
  }

  /**
   * Sends a text and prints the answer.
   *
   * @param args the path and the words of the text
   */
  public static void main(String[] args) {
    CommandLine.main(USAGE, UnixEchoClient::ask, args);
  }

  private static void ask(CommandLine words) throws IOException {
    Path path = words.path();
    ask(path, words.rest(), System.out);
  }
}
