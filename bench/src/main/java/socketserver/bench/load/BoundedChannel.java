package socketserver.bench.load;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/** A connection of one thread's, on which no wait is endless. */
final class BoundedChannel implements AutoCloseable {
  private final Target target;
  private final SocketChannel channel;
  private final Selector selector;
  private final SelectionKey key;

  BoundedChannel(Target target) throws IOException {
    this.target = target;
    this.channel = Connecting.connect(target);
    try {
      this.selector = Selector.open();
      channel.configureBlocking(false);
      this.key = channel.register(selector, 0);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  void writeFully(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      if (channel.write(bytes) == 0) {
        await(SelectionKey.OP_WRITE, "room to write to ");
      }
    }
  }

  /** Fills the buffer. */
  void readFully(ByteBuffer into) throws IOException {
    while (into.hasRemaining()) {
      int read = channel.read(into);
      if (read < 0) {
        throw new EOFException("the server closed the connection to " + target);
      }
      if (read == 0) {
        await(SelectionKey.OP_READ, "answer from ");
      }
    }
  }

  private void await(int ops, String what) throws IOException {
    key.interestOps(ops);
    int ready = selector.select(Waiting.LIMIT.toMillis());
    selector.selectedKeys().clear();
    if (ready == 0) {
      throw Waiting.tooLong("no " + what + target);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
    selector.close();
  }
}
