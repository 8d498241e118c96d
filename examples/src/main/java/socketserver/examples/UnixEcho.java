package socketserver.examples;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import socketserver.StreamRequestHandler;
import socketserver.ThreadingUnixStreamServer;
import socketserver.UnixStreamServer;

/**
 * Sends each line back, on a Unix socket, to each client in a thread of its own.
 *
 * <p>Python original: none in the seed documents, which name {@code UnixStreamServer} alone; it is
 * an echo server as Python's documentation has it for TCP. There the peer's user is {@code
 * struct.unpack('3i', self.request.getsockopt(SOL_SOCKET, SO_PEERCRED, 12))[1]}, and the file is
 * removed by hand before binding and after serving.
 *
 * <p>Run: {@code mvn -q compile exec:java -pl examples -am
 * -Dexec.mainClass=socketserver.examples.UnixEcho -Dexec.args=/tmp/echo.sock}, then {@link
 * UnixEchoClient} in another terminal.
 */
public final class UnixEcho {
  private static final String USAGE =
      """
      usage: UnixEcho [PATH]
      Sends each line back, on a Unix socket.
        PATH  the socket's file; echo.sock in this folder unless given\
      """;

  private UnixEcho() {}

  /** Echoes lines until the client hangs up. */
  static final class Handler extends StreamRequestHandler {
    private final PrintStream out;

    Handler(PrintStream out) {
      this.out = out;
    }

    @Override
    public void handle() throws IOException {
      out.println("Connected: user " + user());
      for (byte[] line : rfile) {
        wfile.write(line);
      }
    }

    private String user() throws IOException {
      try {
        return String.valueOf(request.peerCredentials().uid());
      } catch (UnsupportedOperationException e) {
        // without epoll
        return "unknown";
      }
    }
  }

  /** Takes over the file of a run that was killed, and removes its own. */
  static final class Server extends ThreadingUnixStreamServer {
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
   * Makes the server, bound and listening.
   *
   * @param path where to listen
   * @param out where its handlers print
   * @return the server, to be served and closed by the caller
   * @throws IOException if the path cannot be bound
   */
  public static UnixStreamServer server(Path path, PrintStream out) throws IOException {
    return new Server(path, out);
  }

  /**
   * Serves until the process is ended.
   *
   * @param args the path, optional
   */
  public static void main(String[] args) {
    CommandLine.main(USAGE, UnixEcho::serve, args);
  }

  private static void serve(CommandLine words) throws IOException {
    try (var server = server(words.path("echo.sock"), System.out)) {
      server.closeOnExit(Duration.ofSeconds(5));
      System.out.println("listening on " + server.serverAddress());
      server.serveForever();
    }
  }
}
