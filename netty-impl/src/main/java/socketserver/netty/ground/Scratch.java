package socketserver.netty.ground;

import io.netty.channel.unix.Buffer;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Memory outside the heap for one system call, which copies: a few pieces that all threads share.
 * Not a thread's own, as there may be as many threads as connections.
 */
public record Scratch(ByteBuffer buffer, long address) {
  /** How much one system call reads or writes at the most. */
  public static final int SIZE = 64 << 10;

  /** Some for calls that are interrupted by others; who finds none makes one. */
  private static final AtomicReferenceArray<Scratch> FREE =
      new AtomicReferenceArray<>(8 * Runtime.getRuntime().availableProcessors());

  /** Takes a piece, which is to be given back. */
  public static Scratch take() {
    for (int i = 0; i < FREE.length(); i++) {
      Scratch free = FREE.get(i) == null ? null : FREE.getAndSet(i, null);
      if (free != null) {
        return free;
      }
    }
    ByteBuffer buffer = ByteBuffer.allocateDirect(SIZE);
    return new Scratch(buffer, Buffer.memoryAddress(buffer));
  }

  /** Gives it back; what is too much the collector finds. */
  public void give() {
    for (int i = 0; i < FREE.length(); i++) {
      if (FREE.get(i) == null && FREE.compareAndSet(i, null, this)) {
        return;
      }
    }
  }
}
