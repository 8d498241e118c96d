package socketserver.netty.loop;

import io.netty.channel.DefaultSelectStrategyFactory;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.kqueue.KQueueIoHandler;
import io.netty.channel.unix.FileDescriptor;
import java.util.function.IntConsumer;

/** kqueue(2), on macOS. */
final class KQueueMechanism extends Mechanism {
  /** A socket, and two descriptors of the handler's own. */
  private static final int POLLER_EVENTS = 4;

  @Override
  public String name() {
    return "kqueue";
  }

  @Override
  IoHandlerFactory handlers() {
    return KQueueIoHandler.newFactory();
  }

  @Override
  IoHandlerFactory pollers() {
    return KQueueIoHandler.newFactory(POLLER_EVENTS, DefaultSelectStrategyFactory.INSTANCE);
  }

  @Override
  Watched watched(Object source, boolean shared, IntConsumer listener) {
    return new KQueueWatched((FileDescriptor) source, shared, listener);
  }
}
