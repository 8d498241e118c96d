package socketserver.examples;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.time.Duration;
import java.util.List;
import socketserver.Accepted;
import socketserver.ListenerSocket;
import socketserver.StreamSocket;
import socketserver.select.Select;
import socketserver.select.Selected;

/**
 * What a threading server does inside, by hand: a loop that selects and accepts, and a thread for
 * each client. The conversation is that of {@link VoiceMenu}.
 *
 * <p>Python original: the simplified server of the third seed document, on port 8002. The loop is
 * line by line the same: {@code select} waits for at most a second, each turn prints {@code
 * looping}. It differs in that it can be closed, in that a client that is lost before it is talked
 * with does not end it, and in that it closes its connections, which Python does when nobody refers
 * to them any more.
 *
 * <p>Run: {@code mvn -q compile exec:java -pl examples -am
 * -Dexec.mainClass=socketserver.examples.SimplifiedServer}
 */
public final class SimplifiedServer implements AutoCloseable {
  private static final String USAGE =
      """
      usage: SimplifiedServer [PORT [HOST]]
      A voice menu whose accept loop is written by hand; prints each turn of it.
        PORT  where to listen; 8002 unless given, 0 lets the system choose
        HOST  the interface to listen on; 127.0.0.1 unless given\
      """;

  private final ListenerSocket sk;
  private final PrintStream out;

  /** Set by close, read by the loop. */
  private volatile boolean closed;

  /**
   * Binds and listens.
   *
   * @param address where to listen
   * @param out where the turns of the loop are printed
   * @throws IOException if the address cannot be bound
   */
  public SimplifiedServer(SocketAddress address, PrintStream out) throws IOException {
    this.out = out;
    sk = new ListenerSocket(StandardProtocolFamily.INET);
    try {
      sk.bind(address);
      sk.listen(5);
    } catch (IOException e) {
      sk.close();
      throw e;
    }
  }

  /**
   * Returns the port that it listens on.
   *
   * @return the port, if need be the one that the system chose
   * @throws IOException if the server is closed
   */
  public int port() throws IOException {
    return ((InetSocketAddress) sk.getsockname()).getPort();
  }

  /**
   * Accepts until the server is closed, which is seen within a second.
   *
   * @throws IOException if selecting fails
   */
  public void serveForever() throws IOException {
    while (!closed) {
      try {
        Selected ready = Select.select(List.of(sk), List.of(), List.of(), Duration.ofSeconds(1));
        out.println("looping");
        if (ready.rlist().contains(sk)) {
          out.println("get request");
          accept();
        }
      } catch (IOException | IllegalArgumentException e) {
        // the second: what is closed cannot be selected
        if (!closed) {
          throw e;
        }
      }
    }
  }

  private void accept() {
    try {
      Accepted<StreamSocket> accepted = sk.acceptWithAddress();
      var thread = new Thread(() -> process(accepted.request(), accepted.clientAddress()));
      thread.setDaemon(false);
      thread.start();
    } catch (IOException e) {
      // this client's, or a want of descriptors: the next one is accepted all the same
      if (!closed) {
        out.println("lost a client: " + e.getMessage());
      }
    }
  }

  private void process(StreamSocket request, SocketAddress clientAddress) {
    try (StreamSocket conn = request) {
      out.println(conn + " " + clientAddress);
      VoiceMenu.converse(conn);
    } catch (IOException e) {
      out.println("lost " + clientAddress + ": " + e.getMessage());
    }
  }

  /** Closes the listening socket, which ends the loop in its next turn; conversations go on. */
  @Override
  public void close() {
    closed = true;
    sk.close();
  }

  /**
   * Serves until the process is ended.
   *
   * @param args the port and the host, both optional
   */
  public static void main(String[] args) {
    CommandLine.main(USAGE, SimplifiedServer::serve, args);
  }

  private static void serve(CommandLine words) throws IOException {
    try (var server = new SimplifiedServer(words.address(8002, "127.0.0.1"), System.out)) {
      System.out.println("listening on port " + server.port());
      server.serveForever();
    }
  }
}
