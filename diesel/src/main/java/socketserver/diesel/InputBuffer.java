package socketserver.diesel;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What has arrived on a stream and was not read. It grows with what arrives, and what was searched
 * for a sentinel is not searched again. Guarded by the baton.
 */
final class InputBuffer {
  private static final byte[] NOTHING = new byte[0];

  private byte[] bytes = NOTHING;
  private int start;
  private int end;

  /** What was searched for last, and up to where in vain; null if nothing was. */
  private byte[] sentinel;

  private int searched;

  int size() {
    return end - start;
  }

  /** Adds bytes, which are this buffer's from now on. */
  void add(byte[] data) {
    if (start == end) {
      bytes = data;
      searched = 0;
      start = 0;
      end = data.length;
      return;
    }
    if (bytes.length - end < data.length) {
      makeRoom(data.length);
    }
    System.arraycopy(data, 0, bytes, end, data.length);
    end += data.length;
  }

  private void makeRoom(int more) {
    int size = size();
    int least = Math.addExact(size, more);
    // moved only when that frees half of it, so that no byte is moved often
    boolean moved = least <= bytes.length / 2;
    long grown = Math.max(least, Math.min(2L * size, Integer.MAX_VALUE - 8));
    byte[] target = moved ? bytes : new byte[(int) grown];
    System.arraycopy(bytes, start, target, 0, size);
    bytes = target;
    searched -= start;
    start = 0;
    end = size;
  }

  /** Takes what a demand asks for; null if it is not there yet. */
  Object take(Demand what) {
    int count = length(what);
    if (count == 0) {
      return null;
    }
    if (what.text()) {
      String text = new String(bytes, start, count, StandardCharsets.UTF_8);
      skip(count);
      return text;
    }
    return take(count);
  }

  /** Takes everything. */
  byte[] takeAll() {
    return take(size());
  }

  private byte[] take(int count) {
    byte[] taken = count == bytes.length ? bytes : Arrays.copyOfRange(bytes, start, start + count);
    skip(count);
    return taken;
  }

  private void skip(int count) {
    start += count;
    if (start == end) {
      bytes = NOTHING;
      start = 0;
      end = 0;
    }
    sentinel = null;
  }

  /** How many bytes a demand takes; 0 if they are not all there. */
  private int length(Demand what) {
    if (what.sentinel() != null) {
      return lengthUpTo(what.sentinel());
    }
    if (what.count() > 0) {
      return size() >= what.count() ? what.count() : 0;
    }
    return size();
  }

  private int lengthUpTo(byte[] wanted) {
    if (!Arrays.equals(wanted, sentinel)) {
      sentinel = wanted;
      searched = start;
    }
    int last = end - wanted.length;
    for (int i = searched; i <= last; i++) {
      if (bytes[i] == wanted[0]
          && Arrays.equals(bytes, i, i + wanted.length, wanted, 0, wanted.length)) {
        return i + wanted.length - start;
      }
    }
    // the beginning of one may be at the end
    searched = Math.max(searched, last + 1);
    return 0;
  }
}
