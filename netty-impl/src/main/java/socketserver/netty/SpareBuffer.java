package socketserver.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A direct buffer that is used again by the next call. Calls that are made at the same time have
 * one of their own each, of which one stays.
 */
final class SpareBuffer {
  /** What is kept of memory between two calls, at the most: a long UDP datagram fits. */
  private static final int LARGEST_KEPT = (64 << 10) + 1;

  private final AtomicReference<ByteBuf> spare = new AtomicReference<>();

  /** An empty buffer with so much room; {@link #giveBack} follows. */
  ByteBuf take(int room) {
    ByteBuf kept = spare.getAndSet(null);
    if (kept != null) {
      if (kept.capacity() >= room) {
        return kept.clear();
      }
      kept.release();
    }
    return ByteBufAllocator.DEFAULT.directBuffer(Math.max(room, 1));
  }

  void giveBack(ByteBuf buffer) {
    if (buffer.capacity() > LARGEST_KEPT || !spare.compareAndSet(null, buffer)) {
      buffer.release();
    }
  }

  /** Releases the spare one, when no call is made any more. */
  void release() {
    ByteBuf kept = spare.getAndSet(null);
    if (kept != null) {
      kept.release();
    }
  }
}
