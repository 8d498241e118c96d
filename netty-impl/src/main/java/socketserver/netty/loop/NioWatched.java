package socketserver.netty.loop;

import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.nio.NioIoEvent;
import io.netty.channel.nio.NioIoHandle;
import io.netty.channel.nio.NioIoOps;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.function.IntConsumer;

/** A channel of the JDK's with a selector. */
final class NioWatched extends Watched implements NioIoHandle {
  private static final int READS = SelectionKey.OP_READ | SelectionKey.OP_ACCEPT;
  private static final int WRITES = SelectionKey.OP_WRITE | SelectionKey.OP_CONNECT;

  private final SelectableChannel channel;
  private final boolean once;

  /**
   * Makes what is to be registered.
   *
   * @param once whether to tell once for each time that it is asked
   */
  NioWatched(SelectableChannel channel, boolean once, IntConsumer listener) {
    super(listener);
    this.channel = channel;
    this.once = once;
  }

  @Override
  boolean tellsOnce() {
    return once;
  }

  @Override
  boolean isHeardLate() {
    return once;
  }

  /** A channel of the JDK's that is closed stays open, and listens, while a selector has it. */
  @Override
  boolean isForgottenLate() {
    return true;
  }

  @Override
  void submit(IoRegistration with, int events) {
    int asked = (events & Readiness.READ) == 0 ? 0 : READS;
    asked |= (events & Readiness.WRITE) == 0 ? 0 : WRITES;
    boolean connecting = channel instanceof SocketChannel socket && !socket.isConnected();
    int others = connecting ? ~SelectionKey.OP_CONNECT : SelectionKey.OP_CONNECT;
    with.submit(NioIoOps.valueOf(asked & channel.validOps() & ~others));
  }

  @Override
  int events(IoRegistration with, IoEvent event) {
    if (once) {
      with.submit(NioIoOps.NONE);
    }
    int told = ((NioIoEvent) event).ops().value();
    return ((told & READS) == 0 ? 0 : Readiness.READ)
        | ((told & WRITES) == 0 ? 0 : Readiness.WRITE);
  }

  @Override
  public SelectableChannel selectableChannel() {
    return channel;
  }
}
