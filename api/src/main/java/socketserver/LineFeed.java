package socketserver;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Looks for the end of a line, eight bytes at a time: a loop over bytes is not made a vector's. */
final class LineFeed {
  private static final VarHandle EIGHT =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long ONES = 0x0101010101010101L;
  private static final long HIGH_BITS = ONES << 7;
  private static final long LINE_FEEDS = ONES * '\n';

  private LineFeed() {}

  /** The index of the first line feed from one index on and before another; -1 if there is none. */
  static int indexOf(byte[] bytes, int from, int to) {
    int i = from;
    for (; i <= to - Long.BYTES; i += Long.BYTES) {
      // a byte that is 0 here is one; taking 1 from each sets the high bit of the lowest such
      // byte, and perhaps of bytes above it, which do not matter
      long others = (long) EIGHT.get(bytes, i) ^ LINE_FEEDS;
      long found = (others - ONES) & ~others & HIGH_BITS;
      if (found != 0) {
        return i + Long.numberOfTrailingZeros(found) / Byte.SIZE;
      }
    }
    for (; i < to; i++) {
      if (bytes[i] == '\n') {
        return i;
      }
    }
    return -1;
  }
}
