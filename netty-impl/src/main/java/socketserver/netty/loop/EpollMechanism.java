package socketserver.netty.loop;

import io.netty.channel.DefaultSelectStrategyFactory;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.FileDescriptor;
import java.util.function.IntConsumer;

/** epoll(7), on Linux. */
final class EpollMechanism extends Mechanism {
  /** A socket, and two descriptors of the handler's own. */
  private static final int POLLER_EVENTS = 4;

  @Override
  public String name() {
    return "epoll";
  }

  @Override
  IoHandlerFactory handlers() {
    return EpollIoHandler.newFactory();
  }

  @Override
  IoHandlerFactory pollers() {
    return pollerHandlers();
  }

  static IoHandlerFactory pollerHandlers() {
    return EpollIoHandler.newFactory(POLLER_EVENTS, DefaultSelectStrategyFactory.INSTANCE);
  }

  @Override
  Watched watched(Object source, boolean shared, IntConsumer listener) {
    return new EpollWatched((FileDescriptor) source, shared, listener);
  }

  @Override
  public boolean watchesDescriptors() {
    return true;
  }
}
