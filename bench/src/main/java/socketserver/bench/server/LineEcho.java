package socketserver.bench.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;

/**
 * Answers each line, or one, with itself, over plain streams: reads what there is into a buffer,
 * and writes each line out of it as soon as it is complete.
 */
final class LineEcho {
  private static final int BUFFER = 8192;

  private LineEcho() {}

  /** Echoes until the client closes; a last line without a newline is echoed then. */
  static void echo(InputStream in, OutputStream out) throws IOException {
    PlainLines.each(in, out::write);
  }

  /** Echoes one line; what the client sends after it is not read. */
  static void one(InputStream in, OutputStream out) throws IOException {
    byte[] buffer = new byte[BUFFER];
    int end = 0;
    while (end < Peer.LONGEST_LINE) {
      if (end == buffer.length) {
        buffer = Arrays.copyOf(buffer, 2 * end);
      }
      int read = in.read(buffer, end, buffer.length - end);
      if (read < 0) {
        out.write(buffer, 0, end);
        return;
      }
      for (int i = end; i < end + read; i++) {
        if (buffer[i] == '\n') {
          out.write(buffer, 0, i + 1);
          return;
        }
      }
      end += read;
    }
    throw new IOException("a line of more than " + Peer.LONGEST_LINE + " bytes");
  }
}
