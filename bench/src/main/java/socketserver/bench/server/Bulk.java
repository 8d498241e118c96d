package socketserver.bench.server;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/**
 * Moves much through a connection's streams: first comes an 8-byte count, big-endian; a connection
 * goes on with the next when it is done. What any blocking server in Java would write.
 */
final class Bulk {
  private static final int DONE = '!';

  private Bulk() {}

  /** Reads as many bytes as the client says, and answers one; until the client closes. */
  static void sink(InputStream in, OutputStream out) throws IOException {
    byte[] piece = new byte[Peer.PIECE];
    for (long left = count(in); left >= 0; left = count(in)) {
      while (left > 0) {
        int read = in.read(piece, 0, (int) Math.min(piece.length, left));
        if (read < 0) {
          throw new EOFException("the client closed with " + left + " bytes to come");
        }
        left -= read;
      }
      out.write(DONE);
    }
  }

  /** Writes as many bytes as the client asks for; until the client closes. */
  static void source(InputStream in, OutputStream out) throws IOException {
    byte[] piece = new byte[Peer.PIECE];
    for (long left = count(in); left >= 0; left = count(in)) {
      while (left > 0) {
        int length = (int) Math.min(piece.length, left);
        out.write(piece, 0, length);
        left -= length;
      }
    }
  }

  /** The next count, or -1 at the end. */
  private static long count(InputStream in) throws IOException {
    byte[] count = in.readNBytes(Long.BYTES);
    return count.length < Long.BYTES ? -1 : ByteBuffer.wrap(count).getLong();
  }
}
