package socketserver.netty.stream;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Since when a reader and a writer of a connection have been waiting for its peer: for other
 * threads to look at. Noted only where a thread really waits.
 */
final class WaitTimes {
  private static final VarHandle READER = field("reader");
  private static final VarHandle WRITER = field("writer");

  /** Written by the holder of the lock for reading, read by any thread: 0 if nobody waits. */
  @SuppressWarnings("unused") // by its handle
  private long reader;

  /** Written by the holder of the lock for writing, read by any thread: 0 if nobody waits. */
  @SuppressWarnings("unused") // by its handle
  private long writer;

  private static VarHandle field(String name) {
    try {
      return MethodHandles.lookup().findVarHandle(WaitTimes.class, name, long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** The time now, which is never the one that stands for nobody. */
  private static long now() {
    return System.nanoTime() | 1;
  }

  void readerWaits() {
    READER.setOpaque(this, now());
  }

  void readerGoesOn() {
    READER.setOpaque(this, 0L);
  }

  long reader() {
    return (long) READER.getOpaque(this);
  }

  void writerWaits() {
    WRITER.setOpaque(this, now());
  }

  void writerGoesOn() {
    WRITER.setOpaque(this, 0L);
  }

  long writer() {
    return (long) WRITER.getOpaque(this);
  }
}
