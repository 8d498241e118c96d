package socketserver;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * What a reader has read and nobody has asked for, and the memory for that, which grows with what
 * arrives. For one thread at a time; {@link #close} and {@link #holdsBytes} on any.
 */
final class ReadAhead {
  /** How many bytes are read at once into memory of which it is not known that it is needed. */
  private static final int CHUNK = 64 << 10;

  /** How long the beginning of a line may be to stay in the buffer when that is filled again. */
  private static final int SLACK = 1024;

  private static final byte[] NOTHING = new byte[0];

  /** How many bytes are read ahead at the most; 0 for none. */
  final int bufsize;

  private final InputStream in;

  /** What is below as a socket, or null: memory is taken for what it gives. */
  private final Arrivals arrivals;

  /** How much longer than its size the buffer is, for the beginning of a line. */
  private final int slack;

  private byte[] buffer = NOTHING;
  private int start;
  private int end;
  private volatile boolean closed;

  /** What has arrived at a socket. */
  interface Arrivals {
    /** Takes it, at least a byte, in an array that is just as long; none at the end. */
    byte[] receive(int most) throws IOException;
  }

  ReadAhead(InputStream in, int bufsize) {
    this.in = in;
    this.bufsize = bufsize;
    this.arrivals = in instanceof Arrivals socket ? socket : null;
    this.slack = Math.min(bufsize, SLACK);
  }

  /** How many bytes are held. */
  int count() {
    return end - start;
  }

  /**
   * Whether something was read ahead that nobody has asked for yet. On any thread, without a guard:
   * for whoever is not the reader, a hint.
   */
  boolean holdsBytes() {
    return start < end;
  }

  /** How many held bytes a line takes that ends, or is cut, among them; -1 if it goes on. */
  int line(int most) {
    int found = LineFeed.indexOf(buffer, start, (int) Math.min((long) start + most, end));
    if (found >= 0) {
      return found + 1 - start;
    }
    return end - start >= most ? most : -1;
  }

  // Taking

  /** Takes the first of the bytes. */
  byte[] take(int count) {
    byte[] taken = count == 0 ? NOTHING : Arrays.copyOfRange(buffer, start, start + count);
    start += count;
    if (start == end
        && buffer.length > Math.max(bufsize, SocketReader.DEFAULT_BUFFER_SIZE) + slack) {
      // what a failed call put back made it grow: an idle connection should not keep that
      clear();
    }
    return taken;
  }

  /** Takes the first byte, if there is one. */
  int next() {
    return buffer[start++] & 0xff;
  }

  /** Takes the first of the bytes into an array; returns how many. */
  int moveTo(byte[] target, int offset, int count) {
    System.arraycopy(buffer, start, target, offset, count);
    start += count;
    return count;
  }

  /** Leaves the bytes where they are. */
  byte[] copy() {
    return Arrays.copyOfRange(buffer, start, end);
  }

  /** Puts bytes back in front. */
  void unread(byte[] source, int offset, int count) {
    byte[] both = new byte[count + end - start];
    System.arraycopy(source, offset, both, 0, count);
    System.arraycopy(buffer, start, both, count, end - start);
    buffer = both;
    start = 0;
    end = both.length;
  }

  // Filling

  /** Whether what is held is short enough to stay in front of what {@link #fill} reads. */
  boolean canBeFilledUp() {
    return end - start <= slack;
  }

  /**
   * Reads what has arrived, waiting for at least a byte. What is held, no more than the slack,
   * stays in front of that.
   *
   * @param want how many bytes are of use; without a buffer no more than that are read
   * @return false at the end of the stream
   */
  boolean fill(int want) throws IOException {
    int room = bufsize == 0 ? Math.min(want, SocketReader.DEFAULT_BUFFER_SIZE) : bufsize;
    return arrivals == null ? fillFrom(in, room) : fillFrom(arrivals, room);
  }

  private boolean fillFrom(InputStream in, int room) throws IOException {
    int held = end - start;
    System.arraycopy(buffer, start, buffer, 0, held);
    start = 0;
    end = held;
    if (buffer.length - held < room) {
      buffer = Arrays.copyOf(buffer, room + slack);
    }
    int read = in.read(buffer, held, room);
    checkOpen();
    end = held + Math.max(read, 0);
    return read >= 0;
  }

  /** While this waits, there is memory only for what is held. */
  private boolean fillFrom(Arrivals socket, int room) throws IOException {
    buffer = start == end ? NOTHING : copy();
    start = 0;
    end = buffer.length;
    byte[] received = socket.receive(room);
    checkOpen();
    if (end == 0) {
      buffer = received;
    } else {
      buffer = Arrays.copyOf(buffer, end + received.length);
      System.arraycopy(received, 0, buffer, end, received.length);
    }
    end = buffer.length;
    return received.length > 0;
  }

  /** Reads once, past the buffer; nothing at the end of the stream. */
  byte[] readOnce(int most) throws IOException {
    if (arrivals != null) {
      return arrivals.receive(most);
    }
    byte[] target =
        new byte[Math.min(most, Math.max(in.available(), SocketReader.DEFAULT_BUFFER_SIZE))];
    int read = in.read(target, 0, target.length);
    return read == target.length ? target : Arrays.copyOf(target, Math.max(read, 0));
  }

  /**
   * How many of the missing bytes to read without the buffer: whole buffers' worth, so that nothing
   * is read ahead, and no more than memory may be taken for: what has arrived already, or, where
   * that is not known, as much again.
   */
  int passable(int missing, int count) throws IOException {
    int unit = Math.max(bufsize, 1);
    int most =
        arrivals != null
            ? in.available()
            : Math.max(Math.max(count, SocketReader.DEFAULT_BUFFER_SIZE), unit);
    return Math.min(missing, Math.min(most, Math.max(CHUNK, unit))) / unit * unit;
  }

  /**
   * Makes room for more bytes: as little as may be at first, and then more at once each time.
   *
   * @param most how many bytes there can be in the end
   */
  static byte[] withRoom(byte[] bytes, int count, int more, int most) {
    if (bytes.length - count >= more) {
      return bytes;
    }
    long length = Math.max((long) count + more, 2L * bytes.length);
    boolean small = bytes.length == 0 && most <= SocketReader.DEFAULT_BUFFER_SIZE;
    return Arrays.copyOf(bytes, (int) Math.min(small ? most : length, most));
  }

  // Closing

  private void clear() {
    buffer = NOTHING;
    start = 0;
    end = 0;
  }

  /** Forgets everything. Whoever waits in {@link #fill} fails then. */
  void close() {
    closed = true;
    clear();
  }

  boolean isClosed() {
    return closed;
  }

  void checkOpen() throws IOException {
    if (closed) {
      throw new IOException("read of closed file");
    }
  }
}
