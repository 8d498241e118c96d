package socketserver.examples;

import java.io.IOException;
import java.io.PrintStream;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import socketserver.StreamRequestHandler;
import socketserver.TCPServer;
import socketserver.ThreadingTCPServer;

/**
 * Answers a line with the time and the line, and hangs up.
 *
 * <p>Python original: {@code MyRequestHandler} of the second seed document, {@code "[%s] %s" %
 * (ctime(), rfile.readline())} on port 10001. It differs in that each client has a thread, as one
 * that says nothing would keep all others waiting, and in that it prints the port, and addresses as
 * Java prints them.
 *
 * <p>Run: {@code mvn -q compile exec:java -pl examples -am
 * -Dexec.mainClass=socketserver.examples.TimeServer}, then {@link TimeClient} in another terminal.
 */
public final class TimeServer {
  private static final String USAGE =
      """
      usage: TimeServer [PORT [HOST]]
      Answers a line with the time and the line, and hangs up.
        PORT  where to listen; 10001 unless given, 0 lets the system choose
        HOST  the interface to listen on; every one unless given\
      """;

  /** As Python's ctime: English names, and a space before a day of one digit. */
  private static final DateTimeFormatter CTIME =
      DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss uuuu", Locale.US);

  private TimeServer() {}

  /** Answers one line. */
  static final class MyRequestHandler extends StreamRequestHandler {
    private final PrintStream out;
    private final Clock clock;

    MyRequestHandler(PrintStream out, Clock clock) {
      this.out = out;
      this.clock = clock;
    }

    @Override
    public void handle() throws IOException {
      out.println("Connected from " + clientAddress);
      // Latin-1 has a character for each byte, so every line goes back as it came
      String line = rfile.readline(StandardCharsets.ISO_8859_1);
      String answer = "[" + ctime(LocalDateTime.now(clock)) + "] " + line;
      wfile.write(answer.getBytes(StandardCharsets.ISO_8859_1));
    }
  }

  /** A time as Python's {@code time.ctime()} writes it, such as {@code Sat Nov 7 02:18:48 2026}. */
  static String ctime(LocalDateTime time) {
    return CTIME.format(time);
  }

  /**
   * Makes the server, bound and listening.
   *
   * @param address where to listen
   * @param out where its handlers print
   * @param clock what tells the time
   * @return the server, to be served and closed by the caller
   * @throws IOException if the address cannot be bound
   */
  public static TCPServer server(SocketAddress address, PrintStream out, Clock clock)
      throws IOException {
    return new ThreadingTCPServer(address, () -> new MyRequestHandler(out, clock));
  }

  /**
   * Serves until the process is ended.
   *
   * @param args the port and the host, both optional
   */
  public static void main(String[] args) {
    CommandLine.main(USAGE, TimeServer::serve, args);
  }

  private static void serve(CommandLine words) throws IOException {
    try (var server = server(words.address(10001, null), System.out, Clock.systemDefaultZone())) {
      server.closeOnExit(Duration.ofSeconds(5));
      System.out.println("Waiting for connection on port " + server.serverPort());
      server.serveForever();
    }
  }
}
