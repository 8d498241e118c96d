package socketserver.examples;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import socketserver.BaseRequestHandler;
import socketserver.DatagramRequest;
import socketserver.UnixDatagramServer;

/**
 * Receives what programs log with syslog(3), logger(1) or Python's {@code SysLogHandler}, and
 * prints a line for each message. It answers nobody: the senders are unnamed.
 *
 * <p>Python original: none; the handler is what it would be in Python, {@code self.request} being
 * {@code (data, socket)}. It knows the <a href="https://www.rfc-editor.org/rfc/rfc3164">older
 * form</a> as it is sent on one machine, without a host, and <a
 * href="https://www.rfc-editor.org/rfc/rfc5424">the newer one</a>, of which it shows the program
 * and the text. One handler runs at a time, so that the lines are in the order of the messages.
 *
 * <p>Run: {@code mvn -q compile exec:java -pl examples -am
 * -Dexec.mainClass=socketserver.examples.SyslogReceiver -Dexec.args=/tmp/log.sock}, then {@code
 * logger -u /tmp/log.sock -d hello} in another terminal.
 */
public final class SyslogReceiver {
  private static final String USAGE =
      """
      usage: SyslogReceiver [PATH]
      Prints what is logged to a Unix socket, as /dev/log is one.
        PATH  the socket's file; log.sock in this folder unless given\
      """;

  private static final String[] FACILITIES = {
    "kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news",
    "uucp", "cron", "authpriv", "ftp", "ntp", "audit", "alert", "clock",
    "local0", "local1", "local2", "local3", "local4", "local5", "local6", "local7"
  };

  private static final String[] SEVERITIES = {
    "emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"
  };

  /** The priority, without zeros before it. */
  private static final Pattern MESSAGE = Pattern.compile("(?s)<(0|[1-9]\\d{0,2})>(.*)");

  /** The older form: the month, the day, the time; they may be missing. */
  private static final Pattern OLDER =
      Pattern.compile("(?s)(?:[A-Z][a-z]{2} [ 123]\\d \\d{2}:\\d{2}:\\d{2} )?(.*)");

  /** The newer form: version, time, host, program, process, kind, and the rest. */
  private static final Pattern NEWER =
      Pattern.compile("(?s)1 [!-~]+ [!-~]+ ([!-~]+) ([!-~]+) [!-~]+ (.+)");

  /** What a newer form without a match begins with. */
  private static final Pattern VERSION = Pattern.compile("(?s)\\d+ .*");

  private SyslogReceiver() {}

  /** Prints one message. */
  static final class Handler extends BaseRequestHandler<DatagramRequest> {
    private final PrintStream out;

    Handler(PrintStream out) {
      this.out = out;
    }

    @Override
    public void handle() {
      out.println(line(new String(request.data(), StandardCharsets.UTF_8)));
    }
  }

  /** The line for a message; one that makes no sense is shown as it is, after a question mark. */
  static String line(String data) {
    String message = data.substring(0, end(data));
    Matcher parts = MESSAGE.matcher(message);
    if (parts.matches()) {
      int priority = Integer.parseInt(parts.group(1));
      String text = text(parts.group(2));
      if (priority < FACILITIES.length * SEVERITIES.length && text != null) {
        return FACILITIES[priority / SEVERITIES.length]
            + "."
            + SEVERITIES[priority % SEVERITIES.length]
            + " "
            + escaped(text);
      }
    }
    return "? " + escaped(message);
  }

  /** Where a message ends: some programs send a zero or a line feed with it. */
  private static int end(String data) {
    int end = data.length();
    while (end > 0 && (data.charAt(end - 1) == '\n' || data.charAt(end - 1) == 0)) {
      end--;
    }
    return end;
  }

  /** What follows the priority as {@code tag: text}, or null if it makes no sense. */
  private static String text(String rest) {
    Matcher newer = NEWER.matcher(rest);
    int data = newer.matches() ? endOfData(newer.group(3)) : -1;
    if (data >= 0) {
      String process = newer.group(2).equals("-") ? "" : "[" + newer.group(2) + "]";
      // a space, and the mark of UTF-8 that may come before the text
      String text = newer.group(3).substring(data).replaceFirst("^ \uFEFF?", "");
      return newer.group(1) + process + ": " + text;
    }
    Matcher older = OLDER.matcher(rest);
    return VERSION.matcher(rest).matches() || !older.matches() ? null : older.group(1);
  }

  /** Where the structured data end: a dash, or elements in brackets; -1 if they are neither. */
  private static int endOfData(String rest) {
    if (rest.equals("-") || rest.startsWith("- ")) {
      return 1;
    }
    int end = 0;
    boolean quoted = false;
    while (end < rest.length() && rest.charAt(end) == '[') {
      for (end++; end < rest.length() && (quoted || rest.charAt(end) != ']'); end++) {
        char c = rest.charAt(end);
        if (quoted && c == '\\') {
          end++;
        } else if (c == '"') {
          quoted = !quoted;
        }
      }
      end++;
    }
    boolean ended = end == rest.length() || end < rest.length() && rest.charAt(end) == ' ';
    return end > 0 && ended ? end : -1;
  }

  /** A text in which no client can forge a line, or what a terminal does. */
  static String escaped(String text) {
    StringBuilder safe = new StringBuilder();
    for (int c : text.codePoints().toArray()) {
      switch (Character.getType(c)) {
        case Character.CONTROL,
            Character.FORMAT,
            Character.LINE_SEPARATOR,
            Character.PARAGRAPH_SEPARATOR,
            Character.SURROGATE ->
            safe.append("\\u{").append(Integer.toHexString(c)).append('}');
        default -> safe.appendCodePoint(c);
      }
    }
    return safe.toString();
  }

  /** Takes over the file of a run that was killed, and removes its own. */
  static final class Server extends UnixDatagramServer {
    Server(Path path, PrintStream out) throws IOException {
      super(path, () -> new Handler(out));
    }

    @Override
    public boolean replaceStale() {
      return true;
    }

    @Override
    public boolean unlinkOnClose() {
      return true;
    }
  }

  /**
   * Makes the server, bound.
   *
   * @param path where to receive
   * @param out where the lines are printed
   * @return the server, to be served and closed by the caller
   * @throws IOException if the path cannot be bound
   */
  public static UnixDatagramServer server(Path path, PrintStream out) throws IOException {
    return new Server(path, out);
  }

  /**
   * Serves until the process is ended.
   *
   * @param args the path, optional
   */
  public static void main(String[] args) {
    CommandLine.main(USAGE, SyslogReceiver::serve, args);
  }

  private static void serve(CommandLine words) throws IOException {
    try (var server = server(words.path("log.sock"), System.out)) {
      server.closeOnExit(Duration.ofSeconds(5));
      System.out.println("receiving on " + server.serverAddress());
      server.serveForever();
    }
  }
}
