package socketserver.streams;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A stream that gives its bytes in given pieces, one a read, as a network does, and between two
 * pieces runs out of time where it is told to.
 */
final class Chunks extends InputStream {
  private static final byte[] TIMEOUT = new byte[0];

  private final Deque<byte[]> pieces = new ArrayDeque<>();
  private ByteArrayInputStream current = new ByteArrayInputStream(new byte[0]);
  private int reads;
  private int taken;
  private int longestRequest;
  private boolean closed;

  /** Gives these pieces, then the end. */
  static Chunks of(String... pieces) {
    Chunks chunks = new Chunks();
    for (String piece : pieces) {
      chunks.then(piece);
    }
    return chunks;
  }

  /** Adds a piece. */
  Chunks then(String piece) {
    return then(piece.getBytes());
  }

  /** Adds a piece. */
  Chunks then(byte[] piece) {
    if (piece.length > 0) {
      pieces.add(piece.clone());
    }
    return this;
  }

  /** Adds a read that times out. */
  Chunks thenTimeout() {
    pieces.add(TIMEOUT);
    return this;
  }

  /** How many reads there were. */
  int reads() {
    return reads;
  }

  /** How many bytes were given. */
  int taken() {
    return taken;
  }

  /** How many bytes the longest read asked for. */
  int longestRequest() {
    return longestRequest;
  }

  boolean isClosed() {
    return closed;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    reads++;
    longestRequest = Math.max(longestRequest, length);
    if (current.available() == 0) {
      byte[] next = pieces.poll();
      if (next == null) {
        return -1;
      }
      if (next == TIMEOUT) {
        throw new SocketTimeoutException("timed out");
      }
      current = new ByteArrayInputStream(next);
    }
    int count = current.read(target, offset, length);
    taken += count;
    return count;
  }

  @Override
  public int available() {
    return current.available();
  }

  @Override
  public void close() {
    closed = true;
  }
}
