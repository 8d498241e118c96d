package socketserver;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * How many bytes a connection's application has received and sent. Exact as long as one thread at a
 * time receives, and one sends; what two threads add at once may be counted once.
 */
final class Traffic {
  private static final VarHandle IN = field("in");
  private static final VarHandle OUT = field("out");

  /** Written by who receives, read by any thread. */
  @SuppressWarnings("unused") // by its handle
  private long in;

  /** Written by who sends, read by any thread. */
  @SuppressWarnings("unused") // by its handle
  private long out;

  private static VarHandle field(String name) {
    try {
      return MethodHandles.lookup().findVarHandle(Traffic.class, name, long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** Adds what was received; the end of the stream, a negative number, is nothing. */
  void received(int bytes) {
    if (bytes > 0) {
      IN.setOpaque(this, in() + bytes);
    }
  }

  void sent(long bytes) {
    OUT.setOpaque(this, out() + bytes);
  }

  long in() {
    return (long) IN.getOpaque(this);
  }

  long out() {
    return (long) OUT.getOpaque(this);
  }
}
