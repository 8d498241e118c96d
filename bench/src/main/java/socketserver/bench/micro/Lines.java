package socketserver.bench.micro;

import java.io.InputStream;
import java.util.Arrays;

/** A stream without an end, of lines of one length, that costs nothing but the copy. */
final class Lines extends InputStream {
  private static final int MANY = 1 << 16;

  private final byte[] text;
  private int position;

  /**
   * Makes a stream.
   *
   * @param length how long a line is, with its end
   */
  Lines(int length) {
    text = text(Math.max(MANY / length, 1), length);
  }

  /** Lines of one length, one after the other. */
  static byte[] text(int count, int length) {
    byte[] text = new byte[count * length];
    Arrays.fill(text, (byte) 'x');
    for (int end = length - 1; end < text.length; end += length) {
      text[end] = '\n';
    }
    return text;
  }

  @Override
  public int read() {
    byte next = text[position];
    advance(1);
    return next;
  }

  @Override
  public int read(byte[] target, int offset, int length) {
    int count = Math.min(length, text.length - position);
    System.arraycopy(text, position, target, offset, count);
    advance(count);
    return count;
  }

  private void advance(int count) {
    position = position + count == text.length ? 0 : position + count;
  }

  @Override
  public int available() {
    return text.length - position;
  }
}
