package socketserver.netty.loop;

import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.uring.IoUringIoEvent;
import io.netty.channel.uring.IoUringIoHandle;
import io.netty.channel.uring.IoUringIoOps;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntConsumer;

/** A descriptor that io_uring(7) polls: IORING_OP_POLL_ADD, which tells once. */
final class IoUringWatched extends Watched implements IoUringIoHandle {
  // The numbers of linux/io_uring.h, for which Netty has no public names

  private static final byte POLL_ADD = 6;
  private static final byte ASYNC_CANCEL = 14;

  /** What a cancellation is known by. */
  private static final long CANCELLING = -1;

  private final FileDescriptor fd;

  /** What was asked and has not been answered, by the number that this gave it. */
  private final Map<Long, Long> open = new ConcurrentHashMap<>();

  /** Used by one thread at a time, as {@link #ask} is. */
  private long number;

  IoUringWatched(FileDescriptor fd, IntConsumer listener) {
    super(listener);
    this.fd = fd;
  }

  @Override
  boolean tellsOnce() {
    return true;
  }

  @Override
  void submit(IoRegistration with, int events) {
    if (events != 0) {
      long key = number++;
      open.put(
          key,
          with.submit(
              new IoUringIoOps(
                  POLL_ADD,
                  (byte) 0,
                  (short) 0,
                  fd.intValue(),
                  0L,
                  0L,
                  0,
                  events | Readiness.ENDING,
                  key,
                  (short) 0,
                  (short) 0,
                  0,
                  0L)));
    }
  }

  @Override
  int events(IoRegistration with, IoEvent event) {
    IoUringIoEvent completed = (IoUringIoEvent) event;
    if (completed.opcode() != POLL_ADD) {
      return 0;
    }
    open.remove(completed.userData());
    int told = Math.max(completed.res(), 0);
    if ((told & Readiness.LOST) != 0) {
      told |= Readiness.READ | Readiness.WRITE;
    }
    return (told & Readiness.ENDING) == 0 ? told : told | Readiness.READ;
  }

  /** The system keeps a socket open as long as it polls it. */
  @Override
  void forget(IoRegistration with) {
    for (long asked : open.values()) {
      with.submit(
          new IoUringIoOps(
              ASYNC_CANCEL,
              (byte) 0,
              (short) 0,
              -1,
              0L,
              asked,
              0,
              0,
              CANCELLING,
              (short) 0,
              (short) 0,
              0,
              0L));
    }
  }
}
