package socketserver.bench.server;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Finds the lines of a plain stream in a buffer, each as soon as it is complete. */
final class PlainLines {
  private static final int BUFFER = 8192;

  private PlainLines() {}

  /** What is done with a line; {@code OutputStream::write} is one. */
  interface Action {
    void take(byte[] buffer, int offset, int length) throws IOException;
  }

  /** Goes on until the client closes; a last line may have no newline. */
  static void each(InputStream in, Action action) throws IOException {
    byte[] buffer = new byte[BUFFER];
    int begin = 0; // of the line
    int end = 0; // of what was read
    while (true) {
      if (end == buffer.length) {
        if (begin > 0) {
          System.arraycopy(buffer, begin, buffer, 0, end - begin);
          end -= begin;
          begin = 0;
        } else if (end < Peer.LONGEST_LINE) {
          buffer = Arrays.copyOf(buffer, 2 * end);
        } else {
          throw new IOException("a line of more than " + Peer.LONGEST_LINE + " bytes");
        }
      }
      int read = in.read(buffer, end, buffer.length - end);
      if (read < 0) {
        if (begin < end) {
          action.take(buffer, begin, end - begin);
        }
        return;
      }
      for (int i = end; i < end + read; i++) {
        if (buffer[i] == '\n') {
          action.take(buffer, begin, i + 1 - begin);
          begin = i + 1;
        }
      }
      end += read;
      if (begin == end) {
        begin = 0;
        end = 0;
      }
    }
  }
}
