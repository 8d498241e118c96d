package socketserver.examples;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import socketserver.StreamSocket;

/**
 * Sends each line that is typed to a {@link TimeServer}, by a new connection, and prints the
 * answer. An empty line ends it.
 *
 * <p>Python original: the client of the second seed document. It differs in that the end of the
 * input ends it too (there with an EOFError).
 *
 * <p>Run: {@code mvn -q compile exec:java -pl examples -am
 * -Dexec.mainClass=socketserver.examples.TimeClient}
 */
public final class TimeClient {
  private static final String USAGE =
      """
      usage: TimeClient [PORT [HOST]]
      Sends each line that is typed to a TimeServer; an empty line ends it.
        PORT  where the server listens; 10001 unless given
        HOST  the server's machine; localhost unless given\
      """;

  private static final int BUFSIZE = 1024;

  private TimeClient() {}

  /**
   * Talks with a server until the input ends.
   *
   * @param address where the server listens
   * @param in what is typed
   * @param out where prompts and answers go
   * @throws IOException if there is no such server, or it is lost
   */
  public static void talk(SocketAddress address, BufferedReader in, PrintStream out)
      throws IOException {
    while (true) {
      try (StreamSocket client = StreamSocket.connect(address)) {
        out.print("> ");
        out.flush();
        String data = in.readLine();
        if (data == null || data.isEmpty()) {
          return;
        }
        client.sendall(data + "\r\n");
        byte[] answer = client.recv(BUFSIZE);
        if (answer.length == 0) {
          return;
        }
        out.println(new String(answer, StandardCharsets.UTF_8).strip());
      }
    }
  }

  /**
   * Talks with a server.
   *
   * @param args the port and the host, both optional
   */
  public static void main(String[] args) {
    CommandLine.main(USAGE, TimeClient::talk, args);
  }

  private static void talk(CommandLine words) throws IOException {
    var typed = new BufferedReader(new InputStreamReader(System.in));
    talk(words.address(10001, "localhost"), typed, System.out);
  }
}
