package socketserver.examples;

import io.netty.handler.traffic.ChannelTrafficShapingHandler;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import socketserver.StreamRequestHandler;
import socketserver.ThreadingTCPServer;
import socketserver.netty.Pipelines;

/**
 * Sends a file to whoever connects, to each no faster than it is told. Netty's {@link
 * ChannelTrafficShapingHandler} holds the bytes back; the handler merely waits for longer.
 *
 * <p>Python original: none.
 *
 * <p>Run: {@code mvn -q compile exec:java -pl examples -am
 * -Dexec.mainClass=socketserver.examples.ShapedDownload -Dexec.args="README.md 10000"}, then {@code
 * nc localhost 1234} in another terminal.
 */
public final class ShapedDownload {
  private static final String USAGE =
      """
      usage: ShapedDownload FILE RATE [PORT [HOST]]
      Sends a file to whoever connects, to each no faster than RATE.
        FILE  the file
        RATE  bytes a second
        PORT  where to listen; 1234 unless given, 0 lets the system choose
        HOST  the interface to listen on; every one unless given\
      """;

  /** How often the bytes are counted; in between they go in proportion. */
  private static final long CHECK_MILLIS = 100;

  private ShapedDownload() {}

  /** Sends the file. */
  static final class Handler extends StreamRequestHandler {
    private final Path file;

    Handler(Path file) {
      this.file = file;
    }

    @Override
    public void handle() throws IOException {
      try (var in = Files.newInputStream(file)) {
        in.transferTo(wfile);
      }
    }
  }

  /**
   * Makes the server, bound and listening.
   *
   * @param address where to listen
   * @param file what each client gets
   * @param rate how many bytes a second each client gets at the most
   * @return the server, to be served and closed by the caller
   * @throws IOException if the address cannot be bound
   */
  public static ThreadingTCPServer server(SocketAddress address, Path file, long rate)
      throws IOException {
    ThreadingTCPServer server = new ThreadingTCPServer(address, () -> new Handler(file));
    Pipelines.initializer(
        server,
        channel ->
            channel.pipeline().addLast(new ChannelTrafficShapingHandler(rate, 0, CHECK_MILLIS)));
    return server;
  }

  /**
   * Serves until the process is ended.
   *
   * @param args the file and the rate; the port and the host, both optional
   */
  public static void main(String[] args) {
    CommandLine.main(USAGE, ShapedDownload::serve, args);
  }

  private static void serve(CommandLine words) throws IOException {
    Path file = Path.of(words.next("FILE"));
    int rate = words.positive("RATE");
    try (var server = server(words.address(1234, null), file, rate)) {
      server.closeOnExit(Duration.ofSeconds(5));
      System.out.println("listening on port " + server.serverPort());
      server.serveForever();
    }
  }
}
