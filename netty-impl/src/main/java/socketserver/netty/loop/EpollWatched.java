package socketserver.netty.loop;

import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import java.io.UncheckedIOException;
import java.util.function.IntConsumer;

/** A descriptor in an epoll(7) set. */
final class EpollWatched extends Watched implements EpollIoHandle {
  private static final int EDGE = EpollIoOps.EPOLLET.value();
  private static final int ALL =
      Readiness.READ | Readiness.WRITE | Readiness.URGENT | Readiness.ENDING;

  private final FileDescriptor fd;
  private final boolean edges;

  /**
   * Makes what is to be registered.
   *
   * @param edges whether each change is to be told, of whatever kind; else what is so is told as
   *     long as it is asked
   */
  EpollWatched(FileDescriptor fd, boolean edges, IntConsumer listener) {
    super(listener);
    this.fd = fd;
    this.edges = edges;
  }

  @Override
  void submit(IoRegistration with, int events) {
    // nothing at all would take it out of the set, unknown to its registration
    int asked = edges && events != 0 ? ALL : events;
    with.submit(EpollIoOps.valueOf(asked | (edges || events == 0 ? EDGE : 0)));
  }

  @Override
  int events(IoRegistration with, IoEvent event) {
    int told = ((EpollIoEvent) event).ops().value();
    if ((told & Readiness.LOST) != 0) {
      told |= Readiness.READ | Readiness.WRITE;
    }
    return (told & Readiness.ENDING) == 0 ? told : told | Readiness.READ;
  }

  @Override
  void forget(IoRegistration with) {
    try {
      if (fd.isOpen()) {
        with.submit(EpollIoOps.NONE);
      }
    } catch (UncheckedIOException e) {
      // an Error has interrupted who did it before
    }
  }

  @Override
  public FileDescriptor fd() {
    return fd;
  }
}
