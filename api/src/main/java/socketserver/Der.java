package socketserver;

import java.math.BigInteger;
import java.util.Arrays;

/** Reads the little of ASN.1's DER (X.690) that private keys use: elements with a one-byte tag. */
final class Der {
  static final int INTEGER = 0x02;
  static final int OCTET_STRING = 0x04;
  static final int OBJECT_IDENTIFIER = 0x06;
  static final int SEQUENCE = 0x30;

  private static final int LONG_FORM = 0x80;
  private static final int MAX_LENGTH_BYTES = 3;

  private final byte[] bytes;
  private final int end;
  private int next;

  Der(byte[] bytes) {
    this(bytes, 0, bytes.length);
  }

  private Der(byte[] bytes, int start, int end) {
    this.bytes = bytes;
    this.next = start;
    this.end = end;
  }

  boolean hasNext() {
    return next < end;
  }

  /** Returns the tag of the next element, or -1 at the end. */
  int peekTag() {
    return hasNext() ? bytes[next] & 0xff : -1;
  }

  /**
   * Takes the next element and returns a reader of its contents.
   *
   * @throws IllegalArgumentException if it has another tag or its length is beyond the end
   */
  Der take(int tag) {
    if (peekTag() != tag) {
      throw new IllegalArgumentException("DER tag " + peekTag() + " where " + tag + " is expected");
    }
    next++;
    int length = takeLength();
    if (length > end - next) {
      throw new IllegalArgumentException("DER element longer than what holds it");
    }
    Der contents = new Der(bytes, next, next + length);
    next += length;
    return contents;
  }

  private int takeLength() {
    int first = takeByte();
    if (first < LONG_FORM) {
      return first;
    }
    int count = first - LONG_FORM;
    if (count == 0 || count > MAX_LENGTH_BYTES) {
      throw new IllegalArgumentException("DER length of " + count + " bytes");
    }
    int length = 0;
    for (int i = 0; i < count; i++) {
      length = length << 8 | takeByte();
    }
    return length;
  }

  private int takeByte() {
    if (!hasNext()) {
      throw new IllegalArgumentException("DER ends in the middle of an element");
    }
    return bytes[next++] & 0xff;
  }

  /** Takes the next element, an integer that is not negative. */
  BigInteger integer() {
    return new BigInteger(1, take(INTEGER).rest());
  }

  /** Returns what is left. */
  byte[] rest() {
    return Arrays.copyOfRange(bytes, next, end);
  }
}
