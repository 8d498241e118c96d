package socketserver.examples;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import socketserver.BaseRequestHandler;
import socketserver.StreamSocket;
import socketserver.ThreadingTCPServer;

/**
 * The voice menu of a telephone company: it greets, answers {@code 0} with an announcement and
 * anything else with a request to try again, until {@code exit}.
 *
 * <p>Python original: {@code MyServer} of the third seed document, on port 8009. It differs in that
 * a caller who hangs up without {@code exit} ends the conversation: Python's {@code recv} gives
 * nothing then, again and again, and the original answers each with "try again" until writing
 * fails. As there, what is received is compared whole: {@code nc} sends a line feed with each word,
 * and two words that arrive together are a third one, so {@link VoiceMenuClient} is what to call
 * with.
 *
 * <p>Run: {@code mvn -q compile exec:java -pl examples -am
 * -Dexec.mainClass=socketserver.examples.VoiceMenu}
 */
public final class VoiceMenu {
  private static final String USAGE =
      """
      usage: VoiceMenu [PORT [HOST]]
      Answers as the voice menu of a telephone company does.
        PORT  where to listen; 8009 unless given, 0 lets the system choose
        HOST  the interface to listen on; 127.0.0.1 unless given\
      """;

  private VoiceMenu() {}

  /** A conversation with one caller. */
  static final class MyServer extends BaseRequestHandler<StreamSocket> {
    @Override
    public void handle() throws IOException {
      converse(request);
    }
  }

  /** Talks with a caller until that says exit or hangs up. */
  static void converse(StreamSocket conn) throws IOException {
    conn.sendall("欢迎致电 10086,请输入1xxx,0转人工服务.");
    boolean flag = true;
    while (flag) {
      String data = new String(conn.recv(1024), StandardCharsets.UTF_8);
      if (data.equals("exit") || data.isEmpty()) {
        flag = false;
      } else if (data.equals("0")) {
        conn.sendall("通过可能会被录音.balabala一大推");
      } else {
        conn.sendall("请重新输入.");
      }
    }
  }

  /**
   * Makes the server, bound and listening.
   *
   * @param address where to listen
   * @return the server, to be served and closed by the caller
   * @throws IOException if the address cannot be bound
   */
  public static ThreadingTCPServer server(SocketAddress address) throws IOException {
    return new ThreadingTCPServer(address, MyServer::new);
  }

  /**
   * Serves until the process is ended.
   *
   * @param args the port and the host, both optional
   */
  public static void main(String[] args) {
    CommandLine.main(USAGE, VoiceMenu::serve, args);
  }

  private static void serve(CommandLine words) throws IOException {
    try (var server = server(words.address(8009, "127.0.0.1"))) {
      server.closeOnExit(Duration.ofSeconds(5));
      System.out.println("listening on port " + server.serverPort());
      server.serveForever();
    }
  }
}
