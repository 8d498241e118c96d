package socketserver.bench.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** The lines that are sent: 64 bytes each, with the newline. */
final class Lines {
  static final int LENGTH = 64;

  private Lines() {}

  /** A number of lines, ready to be written; every writer takes a duplicate. */
  static ByteBuffer window(int depth) {
    if (depth < 1) {
      throw new IllegalArgumentException("lines at once must be one or more: " + depth);
    }
    byte[] lines = new byte[LENGTH * depth];
    Arrays.fill(lines, (byte) 'x');
    for (int i = LENGTH - 1; i < lines.length; i += LENGTH) {
      lines[i] = '\n';
    }
    return ByteBuffer.allocateDirect(lines.length).put(lines).flip();
  }

  /**
   * Checks an answer as far as costs nothing.
   *
   * @param received filled up to the answer's end
   * @param surplus how many bytes came more than were sent
   * @param client who it was for
   */
  static void check(ByteBuffer received, int surplus, Object client) throws IOException {
    if (surplus != 0 || received.get(received.position() - 1) != '\n') {
      throw new IOException(
          "no echo for " + client + ": " + surplus + " bytes too many, or no newline at the end");
    }
  }
}
