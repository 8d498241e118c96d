package socketserver.netty.loop;

import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.kqueue.KQueueIoEvent;
import io.netty.channel.kqueue.KQueueIoHandle;
import io.netty.channel.kqueue.KQueueIoOps;
import io.netty.channel.unix.FileDescriptor;
import java.util.function.IntConsumer;

/** A descriptor in a kqueue(2). */
final class KQueueWatched extends Watched implements KQueueIoHandle {
  // The numbers of sys/event.h, for which Netty has no public names

  private static final short READ_FILTER = -1;
  private static final short WRITE_FILTER = -2;
  private static final short ADD = 0x0001;
  private static final short DELETE = 0x0002;
  private static final short ENABLE = 0x0004;
  private static final short DISABLE = 0x0008;
  private static final short CLEAR = 0x0020;
  private static final int END = 0x8000;

  private final FileDescriptor fd;
  private final boolean edges;

  /** Used by one thread at a time: the filters that the queue has. */
  private boolean added;

  /**
   * Makes what is to be registered.
   *
   * @param edges whether each change is to be told; else what is so is told as long as it is asked
   */
  KQueueWatched(FileDescriptor fd, boolean edges, IntConsumer listener) {
    super(listener);
    this.fd = fd;
    this.edges = edges;
  }

  @Override
  void submit(IoRegistration with, int events) {
    submit(with, READ_FILTER, (events & Readiness.READ) != 0 || edges && events != 0);
    submit(with, WRITE_FILTER, (events & Readiness.WRITE) != 0 || edges && events != 0);
    added = true;
  }

  private void submit(IoRegistration with, short filter, boolean asked) {
    int how = ADD | (asked ? ENABLE : DISABLE) | (edges ? CLEAR : 0);
    with.submit(KQueueIoOps.newOps(filter, (short) how, 0));
  }

  @Override
  int events(IoRegistration with, IoEvent event) {
    KQueueIoEvent told = (KQueueIoEvent) event;
    int ready = told.filter() == READ_FILTER ? Readiness.READ : 0;
    ready |= told.filter() == WRITE_FILTER ? Readiness.WRITE : 0;
    return (told.flags() & END) == 0 ? ready : ready | Readiness.ENDING;
  }

  @Override
  void forget(IoRegistration with) {
    if (added && fd.isOpen()) {
      with.submit(KQueueIoOps.newOps(READ_FILTER, DELETE, 0));
      with.submit(KQueueIoOps.newOps(WRITE_FILTER, DELETE, 0));
    }
  }

  @Override
  public int ident() {
    return fd.intValue();
  }
}
