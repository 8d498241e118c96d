package socketserver.examples;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import socketserver.PeerCredentials;
import socketserver.StreamRequestHandler;
import socketserver.ThreadingUnixStreamServer;

/**
 * A status page over HTTP on a Unix socket, for the users whom the permissions of its file let in:
 * it tells where it is, who asks, how often it was asked, and for how long it has run.
 *
 * <p>Python original: none; in Python it would be {@code http.server} on a {@code
 * ThreadingUnixStreamServer}. It speaks HTTP/1.0, one request a connection. What a client can hold
 * is bounded: the bytes of a line, the number of headers, and the time for all of them. The file
 * goes when the process ends by control-C or SIGTERM, and one that is left of a run that was killed
 * is taken over.
 *
 * <p>Run: {@code mvn -q compile exec:java -pl examples -am
 * -Dexec.mainClass=socketserver.examples.StatusPage -Dexec.args=/tmp/status.sock}, then {@code curl
 * --unix-socket /tmp/status.sock http://localhost/} in another terminal.
 */
public final class StatusPage {
  private static final String USAGE =
      """
      usage: StatusPage [PATH]
      Answers HTTP requests on a Unix socket with a status page.
        PATH  the socket's file; status.sock in this folder unless given\
      """;

  /** How many bytes a line may have, and how many headers a request. */
  static final int LONGEST_LINE = 4096;

  static final int MOST_HEADERS = 64;

  private static final Set<PosixFilePermission> OWNER_AND_GROUP =
      PosixFilePermissions.fromString("rw-rw----");

  private static final Pattern REQUEST_LINE =
      Pattern.compile("([A-Za-z]+) ([!-~]+) HTTP/1\\.[0-9]");

  private static final Pattern HEADER = Pattern.compile("[!-9;-~]+:.*");

  private StatusPage() {}

  /** Why a request is not answered with the page. */
  private static final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    /** The code and its phrase. */
    private final String status;

    Refusal(String status, String reason) {
      super(reason);
      this.status = status;
    }
  }

  /** Reads one request and answers it. */
  static final class Handler extends StreamRequestHandler {
    private final Duration patience;

    /** When the request must be complete, on {@link System#nanoTime}. */
    private long deadline;

    Handler(Duration patience) {
      this.patience = patience;
    }

    @Override
    public void handle() throws IOException {
      deadline = System.nanoTime() + patience.toNanos();
      long number = server(Server.class).requests.incrementAndGet();
      String status = "200 OK";
      String text;
      try {
        readRequest();
        text = server(Server.class).page(number, peer());
      } catch (Refusal e) {
        status = e.status;
        text = status + ": " + e.getMessage() + "\n";
      } catch (SocketTimeoutException e) {
        status = "408 Request Timeout";
        text = status + ": no complete request within " + patience.toMillis() + " ms\n";
      }
      answer(status, text);
    }

    private String peer() throws IOException {
      try {
        PeerCredentials peer = request.peerCredentials();
        return "pid %d, uid %d, gid %d".formatted(peer.pid(), peer.uid(), peer.gid());
      } catch (UnsupportedOperationException e) {
        // without epoll
        return "unknown (" + e.getMessage() + ")";
      }
    }

    private void readRequest() throws IOException, Refusal {
      Matcher words = REQUEST_LINE.matcher(line("414 URI Too Long"));
      int headers = 0;
      for (String header = header(); !header.isEmpty(); header = header()) {
        if (++headers > MOST_HEADERS) {
          throw new Refusal(
              "431 Request Header Fields Too Large", "more than " + MOST_HEADERS + " headers");
        }
        if (!HEADER.matcher(header).matches()) {
          throw new Refusal("400 Bad Request", "a header is a name, a colon and a value");
        }
      }
      if (!words.matches()) {
        throw new Refusal("400 Bad Request", "a request begins with a line as GET / HTTP/1.0");
      }
      if (!words.group(1).equals("GET")) {
        throw new Refusal("405 Method Not Allowed", "there is GET alone");
      }
      if (!words.group(2).equals("/")) {
        throw new Refusal("404 Not Found", "the page is at /");
      }
    }

    private String header() throws IOException, Refusal {
      return line("431 Request Header Fields Too Large");
    }

    /** Reads a line, byte by byte out of the buffer of rfile, until the time for all is over. */
    private String line(String statusIfTooLong) throws IOException, Refusal {
      var line = new ByteArrayOutputStream();
      while (line.size() <= LONGEST_LINE) {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          throw new SocketTimeoutException("the request took too long");
        }
        request.settimeout(Duration.ofNanos(left));
        int next = rfile.read();
        if (next < 0) {
          throw new Refusal("400 Bad Request", "the request ends before its empty line");
        }
        if (next == '\n') {
          String text = line.toString(StandardCharsets.ISO_8859_1);
          return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
        }
        line.write(next);
      }
      throw new Refusal(statusIfTooLong, "a line has more than " + LONGEST_LINE + " bytes");
    }

    private void answer(String status, String text) throws IOException {
      request.settimeout(patience);
      wfile.write(
          "HTTP/1.0 "
              + status
              + "\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: "
              + text.getBytes(StandardCharsets.UTF_8).length
              + (status.startsWith("405") ? "\r\nAllow: GET" : "")
              + "\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n"
              + text);
    }
  }

  /** Lets in its owner and the group, and has no file before or after it serves. */
  static final class Server extends ThreadingUnixStreamServer {
    private final Path path;
    private final Clock clock;
    private final Instant started;
    private final AtomicLong requests = new AtomicLong();

    Server(Path path, Clock clock, Duration patience) throws IOException {
      super(path, () -> new Handler(patience));
      this.path = path;
      this.clock = clock;
      this.started = clock.instant();
    }

    @Override
    public Set<PosixFilePermission> fileMode() {
      return OWNER_AND_GROUP;
    }

    @Override
    public boolean replaceStale() {
      return true;
    }

    @Override
    public boolean unlinkOnClose() {
      return true;
    }

    private String page(long number, String peer) throws IOException {
      return """
      socket: %s
      mode: %s
      peer: %s
      requests: %d
      uptime: %d s
      """
          .formatted(
              path,
              PosixFilePermissions.toString(Files.getPosixFilePermissions(path)),
              peer,
              number,
              Duration.between(started, clock.instant()).toSeconds());
    }
  }

  /**
   * Makes the server, bound and listening.
   *
   * @param path where to listen
   * @param clock what tells for how long it has run
   * @param patience how long a client may take for its request
   * @return the server, to be served and closed by the caller
   * @throws IOException if the path cannot be bound
   */
  public static ThreadingUnixStreamServer server(Path path, Clock clock, Duration patience)
      throws IOException {
    return new Server(path, clock, patience);
  }

  /**
   * Serves until the process is ended.
   *
   * @param args the path, optional
   */
  public static void main(String[] args) {
    CommandLine.main(USAGE, StatusPage::serve, args);
  }

  private static void serve(CommandLine words) throws IOException {
    Path path = words.path("status.sock");
    try (var server = server(path, Clock.systemUTC(), Duration.ofSeconds(5))) {
      server.closeOnExit(Duration.ofSeconds(5));
      System.out.println("listening on " + server.serverAddress());
      System.out.println(
          "in another terminal: curl --unix-socket "
              + server.serverAddress()
              + " http://localhost/");
      server.serveForever();
    }
  }
}
