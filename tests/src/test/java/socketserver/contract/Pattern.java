package socketserver.contract;

import static org.junit.jupiter.api.Assertions.fail;

/**
 * Bytes that tell where in a stream they belong: a period that fits into no buffer size shows what
 * is lost, doubled or out of order.
 */
public final class Pattern {
  private static final int PERIOD = 65_521;

  private Pattern() {}

  /** The byte at a place of the stream. */
  static byte at(long position) {
    int place = (int) (position % PERIOD);
    return (byte) (place ^ (place >>> 8) * 31);
  }

  /** The first bytes of the stream. */
  public static byte[] bytes(int length) {
    byte[] data = new byte[length];
    fill(data, length, 0);
    return data;
  }

  static void fill(byte[] target, int length, long position) {
    for (int i = 0; i < length; i++) {
      target[i] = at(position + i);
    }
  }

  /** Checks that some bytes are those at a place of the stream. */
  public static void check(byte[] actual, int length, long position) {
    for (int i = 0; i < length; i++) {
      if (actual[i] != at(position + i)) {
        fail("byte " + (position + i) + " of the stream is another one");
      }
    }
  }
}
