package socketserver.bench.load;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Lines of 64 bytes: each connection sends a number of them at once and waits until all have come
 * back. One thread drives all connections, over TCP or a Unix socket. The latencies are those of
 * each such window.
 */
public final class LineLoad implements Load {
  private static final int TICK_MILLIS = 100;
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Target target;
  private final int depth;
  private final Selector selector = Selector.open();
  private final ByteBuffer window;
  private final ByteBuffer incoming;
  private int connections;
  private int unanswered;
  private long looked;

  /**
   * Connects, and sends the first lines.
   *
   * @param target the line echo server
   * @param connections how many
   * @param depth how many lines each sends at once
   * @throws IOException if it cannot connect
   */
  public LineLoad(Target target, int connections, int depth) throws IOException {
    this(target, connections, depth, Lines.window(depth));
  }

  /** The same, with lines of one's own. */
  LineLoad(Target target, int connections, int depth, ByteBuffer window) throws IOException {
    this.target = target;
    this.depth = depth;
    this.window = window;
    this.incoming = ByteBuffer.allocateDirect(window.capacity());
    try {
      connect(connections);
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Adds connections, each of which sends its first lines. */
  void connect(int more) throws IOException {
    for (int i = 0; i < more; i++) {
      SocketChannel channel = Connecting.connect(target);
      try {
        channel.configureBlocking(false);
        Connection connection = new Connection(channel, ++connections);
        connection.key = channel.register(selector, SelectionKey.OP_READ, connection);
        connection.send();
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    }
  }

  @Override
  public Count run(Duration time) throws IOException {
    Tally tally = new Tally(time);
    looked = tally.begin();
    for (long now = looked; !tally.isOver(now); now = System.nanoTime()) {
      selector.select(tally.millisLeft(now, TICK_MILLIS));
      for (SelectionKey key : selector.selectedKeys()) {
        Connection connection = (Connection) key.attachment();
        if (connection.progress()) {
          tally.answered(depth, connection.sent, System.nanoTime());
          connection.send();
        }
      }
      selector.selectedKeys().clear();
      lookForTheForgotten(tally.begin());
    }
    return tally.count();
  }

  /** Waits until every line has come back, and sends no more. */
  void settle() throws IOException {
    settle(Waiting.LIMIT.multipliedBy(2));
  }

  private void settle(Duration limit) throws IOException {
    looked = System.nanoTime();
    long begin = looked;
    while (unanswered > 0 && System.nanoTime() - begin < limit.toNanos()) {
      selector.select(TICK_MILLIS);
      for (SelectionKey key : selector.selectedKeys()) {
        ((Connection) key.attachment()).progress();
      }
      selector.selectedKeys().clear();
      lookForTheForgotten(begin);
    }
  }

  /** Now and then, as there may be many: a connection that waits too long ends the run. */
  private void lookForTheForgotten(long begin) throws IOException {
    long now = System.nanoTime();
    if (now - looked < LOOK_NANOS) {
      return;
    }
    looked = now;
    for (SelectionKey key : selector.keys()) {
      Connection connection = (Connection) key.attachment();
      // what was sent before this run has been waited for since it began
      long since = Math.max(connection.sent - begin, 0) + begin;
      if (connection.waits && now - since > Waiting.LIMIT.toNanos()) {
        throw Waiting.tooLong("no answer for " + connection);
      }
    }
  }

  /** Lets the lines come back that are under way: servers complain of clients that vanish. */
  @Override
  public void close() throws IOException {
    try {
      settle(Waiting.FAREWELL);
    } catch (IOException e) {
      // whoever drives the load has heard of it, or no longer cares
    }
    for (SelectionKey key : selector.keys()) {
      key.channel().close();
    }
    selector.close();
  }

  private final class Connection {
    private final SocketChannel channel;
    private final int number;
    private final ByteBuffer outgoing = window.duplicate();
    private SelectionKey key;
    private int received;
    private long sent;
    private boolean waits;

    Connection(SocketChannel channel, int number) {
      this.channel = channel;
      this.number = number;
    }

    void send() throws IOException {
      outgoing.rewind();
      received = 0;
      waits = true;
      unanswered++;
      sent = System.nanoTime();
      write();
    }

    /** Does what can be done without waiting, and tells whether all lines are back. */
    boolean progress() throws IOException {
      if (outgoing.hasRemaining()) {
        write();
      }
      incoming.clear();
      int read;
      try {
        read = channel.read(incoming);
      } catch (IOException e) {
        throw new IOException(this + ": " + e.getMessage(), e);
      }
      if (read < 0) {
        throw new EOFException("the server closed " + this + ", which had " + received + " bytes");
      }
      received += read;
      if (!waits || received < window.capacity()) {
        return false;
      }
      Lines.check(incoming, received - window.capacity(), this);
      waits = false;
      unanswered--;
      return true;
    }

    private void write() throws IOException {
      try {
        channel.write(outgoing);
      } catch (IOException e) {
        throw new IOException(this + ": " + e.getMessage(), e);
      }
      int ops = SelectionKey.OP_READ | (outgoing.hasRemaining() ? SelectionKey.OP_WRITE : 0);
      if (key.interestOps() != ops) {
        key.interestOps(ops);
      }
    }

    @Override
    public String toString() {
      return "connection " + number + " of " + connections + " to " + target;
    }
  }
}
