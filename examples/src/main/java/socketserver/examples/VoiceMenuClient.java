package socketserver.examples;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import socketserver.StreamSocket;

/**
 * Calls a {@link VoiceMenu}: sends what is typed and prints what has arrived.
 *
 * <p>Python original: the client of the third seed document. As there, the menu's greeting is what
 * the first {@code recv} finds, so each answer is printed one turn late. It differs where the
 * original waits or fails for ever: an empty line is asked for again (nothing can be sent, so no
 * answer would come), after {@code exit} it prints what is left and ends, and so it does at the end
 * of the input and when the menu hangs up.
 *
 * <p>Run: {@code mvn -q compile exec:java -pl examples -am
 * -Dexec.mainClass=socketserver.examples.VoiceMenuClient}
 */
public final class VoiceMenuClient {
  private static final String USAGE =
      """
      usage: VoiceMenuClient [PORT [HOST]]
      Calls a VoiceMenu: 0 for the announcement, exit to hang up.
        PORT  where the menu listens; 8009 unless given
        HOST  the menu's machine; 127.0.0.1 unless given\
      """;

  private VoiceMenuClient() {}

  /**
   * Talks with a menu until the input ends, or either side hangs up.
   *
   * @param address where the menu listens
   * @param in what is typed
   * @param out where prompts and answers go
   * @throws IOException if there is no such menu, or it is lost
   */
  public static void talk(SocketAddress address, BufferedReader in, PrintStream out)
      throws IOException {
    try (StreamSocket client = StreamSocket.connect(address)) {
      while (true) {
        out.print("please input message:");
        out.flush();
        String typed = in.readLine();
        if (typed == null) {
          return;
        }
        String clientInput = typed.strip();
        if (clientInput.isEmpty()) {
          continue;
        }
        client.sendall(clientInput);
        boolean last = clientInput.equals("exit");
        byte[] serverData = last ? rest(client) : client.recv(1024);
        if (serverData.length > 0) {
          out.println(new String(serverData, StandardCharsets.UTF_8));
        }
        if (last || serverData.length == 0) {
          return;
        }
      }
    }
  }

  private static byte[] rest(StreamSocket client) throws IOException {
    try (var file = client.makefileReader(-1)) {
      return file.readAllBytes();
    }
  }

  /**
   * Talks with a menu.
   *
   * @param args the port and the host, both optional
   */
  public static void main(String[] args) {
    CommandLine.main(USAGE, VoiceMenuClient::talk, args);
  }

  private static void talk(CommandLine words) throws IOException {
    var typed = new BufferedReader(new InputStreamReader(System.in));
    talk(words.address(8009, "127.0.0.1"), typed, System.out);
  }
}
