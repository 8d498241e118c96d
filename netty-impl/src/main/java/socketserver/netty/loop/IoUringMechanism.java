package socketserver.netty.loop;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.uring.IoUringIoHandler;
import java.util.function.IntConsumer;

/**
 * io_uring(7), on Linux, when asked for. Its channels choose the family themselves (IPv6 sockets
 * that serve IPv4 as well, if the machine has IPv6).
 */
final class IoUringMechanism extends Mechanism {
  @Override
  public String name() {
    return "io_uring";
  }

  @Override
  IoHandlerFactory handlers() {
    return IoUringIoHandler.newFactory();
  }

  /** The system takes what is submitted from one thread alone. */
  @Override
  boolean handlersMove() {
    return false;
  }

  /** A ring for each thread that waits would be too much: it asks epoll(7). */
  @Override
  IoHandlerFactory pollers() {
    return Epoll.isAvailable() ? EpollMechanism.pollerHandlers() : null;
  }

  @Override
  Watched watched(Object source, boolean shared, IntConsumer listener) {
    FileDescriptor descriptor = (FileDescriptor) source;
    return shared
        ? new IoUringWatched(descriptor, listener)
        : new EpollWatched(descriptor, false, listener);
  }
}
