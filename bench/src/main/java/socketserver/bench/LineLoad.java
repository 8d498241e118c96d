package socketserver.bench;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Arrays;

/**
 * A load of lines of 64 bytes: each connection sends a number of them at once and waits until all
 * have come back. One thread drives all connections.
 */
final class LineLoad implements AutoCloseable {
  private static final int LINE = 64;

  private final Selector selector;
  private final int depth;
  private final ByteBuffer window;
  private final ByteBuffer incoming;

  LineLoad(int port, int connections, int depth) throws IOException {
    this.selector = Selector.open();
    this.depth = depth;
    byte[] lines = new byte[LINE * depth];
    Arrays.fill(lines, (byte) 'x');
    for (int i = LINE - 1; i < lines.length; i += LINE) {
      lines[i] = '\n';
    }
    this.window = ByteBuffer.allocateDirect(lines.length).put(lines).flip();
    this.incoming = ByteBuffer.allocateDirect(lines.length);
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    for (int i = 0; i < connections; i++) {
      SocketChannel channel = SocketChannel.open(address);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.configureBlocking(false);
      channel.register(selector, SelectionKey.OP_READ, new int[1]);
      channel.write(window.duplicate());
    }
  }

  /** Runs for a time and returns how many lines have come back. */
  long run(Duration time) throws IOException {
    long end = System.nanoTime() + time.toNanos();
    long answered = 0;
    while (System.nanoTime() < end) {
      selector.select(100);
      for (SelectionKey key : selector.selectedKeys()) {
        answered += answered(key);
      }
      selector.selectedKeys().clear();
    }
    return answered;
  }

  private int answered(SelectionKey key) throws IOException {
    SocketChannel channel = (SocketChannel) key.channel();
    int[] received = (int[]) key.attachment();
    incoming.clear();
    int read = channel.read(incoming);
    if (read < 0) {
      throw new EOFException("the server closed a connection");
    }
    received[0] += read;
    if (received[0] < window.capacity()) {
      return 0;
    }
    received[0] = 0;
    channel.write(window.duplicate());
    return depth;
  }

  @Override
  public void close() throws IOException {
    for (SelectionKey key : selector.keys()) {
      key.channel().close();
    }
    selector.close();
  }
}
