package socketserver;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import socketserver.select.Selectable;
import socketserver.spi.ReadinessSource;

/**
 * A handler's {@code rfile}: a buffered binary file for reading with Python's {@code readline},
 * {@code peek} and iteration, and all of {@link InputStream}.
 *
 * <p>A call that fails, by a time-out for instance, leaves every byte where it was: the next call
 * finds them. (Python's rfile is unusable after a time-out.) Bytes that were read ahead are not
 * seen by the socket's own {@code recv}, as in Python; a reader without a buffer reads nothing
 * ahead.
 *
 * <p>For one thread at a time. Blocks as the stream below it does.
 *
 * <p>A reader made of a socket can be selected on: it is ready when the socket is, and, unlike
 * Python's, when it holds bytes that were read ahead.
 */
public class SocketReader extends InputStream implements Iterable<byte[]>, Selectable {
  /** The buffer size that -1 stands for, in bytes. */
  public static final int DEFAULT_BUFFER_SIZE = 8192;

  /**
   * The longest line that {@link #readline()} keeps in memory, in bytes: a peer that never ends its
   * line must not be able to use up the memory. {@code -Dsocketserver.maxLine=...} changes it.
   */
  private static final int MAX_LINE = Integer.getInteger("socketserver.maxLine", 1 << 20);

  /** How many bytes are read at once into memory of which it is not known that it is needed. */
  private static final int CHUNK = 64 << 10;

  /** How much memory a reader of a socket begins with, in bytes: a line, and most requests. */
  private static final int FIRST = 1024;

  /** How much memory a reader of a socket keeps while it waits, in bytes. */
  private static final int KEPT = 2048;

  /** How long the beginning of a line may be to stay in the buffer when that is filled again. */
  private static final int SLACK = 1024;

  private static final byte[] NOTHING = new byte[0];

  private final InputStream in;
  private final int bufsize;

  /** What is below tells how much has arrived: memory is taken for that. */
  private final boolean sparing;

  /** How much longer than its size the buffer is, for the beginning of a line. */
  private final int slack;

  private byte[] buffer = NOTHING;
  private int start;
  private int end;
  private volatile boolean closed;
  private Runnable onClose = () -> {};

  /** What this reads, if that can be selected on. Set before the reader is given away. */
  private Selectable socket;

  /** Made when first asked for. */
  private volatile ReaderReadiness readiness;

  /**
   * Makes a reader with the usual buffer.
   *
   * @param in the stream to read; closed with this reader
   */
  public SocketReader(InputStream in) {
    this(in, -1);
  }

  /**
   * Makes a reader.
   *
   * @param in the stream to read; closed with this reader
   * @param bufsize how many bytes to read ahead at the most; 0 for none; -1 for {@link
   *     #DEFAULT_BUFFER_SIZE}
   * @throws IllegalArgumentException if the size is below -1
   */
  public SocketReader(InputStream in, int bufsize) {
    this(in, bufsize, false);
  }

  private SocketReader(InputStream in, int bufsize, boolean sparing) {
    this.sparing = sparing;
    this.in = Objects.requireNonNull(in, "in is null");
    if (bufsize < -1) {
      throw new IllegalArgumentException("buffer size must be -1, 0 or positive: " + bufsize);
    }
    this.bufsize = bufsize == -1 ? DEFAULT_BUFFER_SIZE : bufsize;
    this.slack = Math.min(this.bufsize, SLACK);
  }

  /**
   * A reader that thousands may wait with: its buffer, at first and whenever it has to wait, is a
   * small part of what it grows to when much arrives.
   *
   * @param in a stream whose {@code available()} is right, so that a read of no more than that does
   *     not wait
   */
  static SocketReader sparing(InputStream in, int bufsize) {
    return new SocketReader(in, bufsize, true);
  }

  /** Says what this reads. */
  void reads(Selectable below) {
    socket = below;
  }

  /**
   * Returns the descriptor of the socket (Python: {@code fileno()}).
   *
   * @return the number, or -1 once closed
   * @throws UnsupportedOperationException if this was not made of a socket
   */
  @Override
  public int fileno() {
    return closed ? -1 : socket().fileno();
  }

  /**
   * Returns what knows whether a read would have to wait.
   *
   * @return the readiness of the socket and of what was read ahead
   * @throws UnsupportedOperationException if this was not made of a socket, or the transport cannot
   *     tell
   */
  @Override
  public synchronized ReadinessSource readiness() {
    if (readiness == null) {
      readiness = new ReaderReadiness(this, socket().readiness());
    }
    return readiness;
  }

  private Selectable socket() {
    if (socket == null) {
      throw new UnsupportedOperationException("fileno: this reader was not made of a socket");
    }
    return socket;
  }

  private void readinessChanged() {
    ReaderReadiness watched = readiness;
    if (watched != null) {
      watched.changed();
    }
  }

  void onClose(Runnable action) {
    onClose = action;
  }

  /**
   * Reads a line (Python: {@code readline()}).
   *
   * @return the line with its {@code '\n'}; without one if the stream ends before; empty at the end
   *     of the stream. Only {@code '\n'} ends a line; a {@code '\r'} before it is kept
   * @throws IOException if reading fails, or the line is longer than 1 MiB (property {@code
   *     socketserver.maxLine}); no byte is lost
   */
  public byte[] readline() throws IOException {
    return readline(-1);
  }

  /**
   * Reads a line, or its beginning (Python: {@code readline(limit)}).
   *
   * @param limit how many bytes at the most; negative for no limit of the caller's
   * @return the line with its {@code '\n'} if that is within the limit
   * @throws IOException as {@link #readline()}
   */
  public byte[] readline(int limit) throws IOException {
    checkOpen();
    byte[] line = upToLineEnd(limit < 0 ? MAX_LINE : limit);
    if (limit < 0 && line.length >= MAX_LINE && line[line.length - 1] != '\n') {
      unread(line, 0, line.length);
      throw new IOException(
          "line longer than "
              + MAX_LINE
              + " bytes: use readline(limit), or set"
              + " -Dsocketserver.maxLine=BYTES for longer ones");
    }
    return line;
  }

  private byte[] upToLineEnd(int most) throws IOException {
    int held = heldLine(most);
    while (held < 0 && end - start <= slack) {
      if (!fill(1)) {
        return take(end - start);
      }
      held = heldLine(most);
    }
    return held >= 0 ? take(held) : goingOn(most);
  }

  /** A line of which all that is held is the beginning, and too long to stay where it is. */
  private byte[] goingOn(int most) throws IOException {
    byte[] line = NOTHING;
    int count = 0;
    try {
      int held;
      do {
        line = withRoom(line, count, end - start, Integer.MAX_VALUE);
        count += moveTo(line, count, end - start);
        if (!fill(1)) {
          return exactly(line, count);
        }
        held = heldLine(most - count);
      } while (held < 0);
      line = exactly(line, count + held);
      moveTo(line, count, held);
      return line;
    } catch (IOException e) {
      unread(line, 0, count);
      throw e;
    }
  }

  /** How many held bytes a line takes that ends, or is cut, among them; -1 if it goes on. */
  private int heldLine(int most) {
    int found = LineFeed.indexOf(buffer, start, (int) Math.min((long) start + most, end));
    if (found >= 0) {
      return found + 1 - start;
    }
    return end - start >= most ? most : -1;
  }

  /**
   * Reads a line as text.
   *
   * @param charset the text's encoding, one in which a line feed is the byte 10, such as UTF-8
   * @return the line with its {@code '\n'}; empty at the end of the stream
   * @throws IOException as {@link #readline()}
   */
  public String readline(Charset charset) throws IOException {
    return new String(readline(), charset);
  }

  /**
   * Reads all the lines to the end of the stream (Python: {@code readlines()}).
   *
   * @return the lines, each with its {@code '\n'}
   * @throws IOException if reading fails; the lines read before are lost
   */
  public List<byte[]> readlines() throws IOException {
    List<byte[]> lines = new ArrayList<>();
    for (byte[] line = readline(); line.length > 0; line = readline()) {
      lines.add(line);
    }
    return lines;
  }

  /**
   * Iterates over the lines (Python: {@code for line in rfile}). An I/O error comes wrapped in an
   * {@link UncheckedIOException}, which the server unwraps before it judges it.
   *
   * @return an iterator that reads a line when asked for it, and ends with the stream
   */
  @Override
  public Iterator<byte[]> iterator() {
    return new Iterator<>() {
      private byte[] next;

      @Override
      public boolean hasNext() {
        if (next == null) {
          try {
            next = readline();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        }
        return next.length > 0;
      }

      @Override
      public byte[] next() {
        if (!hasNext()) {
          throw new NoSuchElementException("end of stream");
        }
        byte[] line = next;
        next = null;
        return line;
      }
    };
  }

  /**
   * Reads a number of bytes, waiting until all have arrived (Python: {@code read(size)}). A reader
   * without a buffer reads once, as in Python, and may return fewer. Memory is taken for what
   * arrives, not for what is asked.
   *
   * @param size how many bytes; -1 for all to the end of the stream
   * @return the bytes; fewer only if the stream ends before; empty at its end
   * @throws IllegalArgumentException if the size is below -1
   * @throws IOException if reading fails; no byte is lost
   */
  public byte[] read(int size) throws IOException {
    checkOpen();
    if (size < -1) {
      throw new IllegalArgumentException("read length must be non-negative or -1: " + size);
    }
    return bufsize == 0 && size > 0 ? read1(size) : readFully(size);
  }

  private byte[] readFully(int size) throws IOException {
    int most = size == -1 ? Integer.MAX_VALUE : size;
    if (end - start >= most) {
      return take(most);
    }
    byte[] result = NOTHING;
    int count = 0;
    try {
      boolean more = true;
      while (more && count < most) {
        int direct = start < end ? 0 : pastBuffer(most - count, count);
        if (direct > 0) {
          result = withRoom(result, count, direct, most);
          int read = in.read(result, count, direct);
          count += Math.max(read, 0);
          more = read >= 0;
        } else {
          more = start < end || fill(most - count);
          int held = Math.min(most - count, end - start);
          result = withRoom(result, count, held, most);
          count += moveTo(result, count, held);
        }
      }
      return exactly(result, count);
    } catch (IOException e) {
      unread(result, 0, count);
      throw e;
    }
  }

  /**
   * How many of the missing bytes to read without the buffer: whole buffers' worth, so that nothing
   * is read ahead, and no more than memory may be taken for: what has arrived already, or, where
   * that is not known, as much again.
   */
  private int pastBuffer(int missing, int count) throws IOException {
    int unit = Math.max(bufsize, 1);
    int most = sparing ? in.available() : Math.max(Math.max(count, DEFAULT_BUFFER_SIZE), unit);
    return Math.min(missing, Math.min(most, Math.max(CHUNK, unit))) / unit * unit;
  }

  /**
   * Reads what is there, waiting only if that is nothing (Python: {@code read1(size)}).
   *
   * @param size how many bytes at the most; -1 for as many as the buffer takes
   * @return the bytes; empty at the end of the stream
   * @throws IllegalArgumentException if the size is below -1
   * @throws IOException if reading fails; no byte is lost
   */
  public byte[] read1(int size) throws IOException {
    checkOpen();
    if (size < -1) {
      throw new IllegalArgumentException("read length must be non-negative or -1: " + size);
    }
    if (size == 0) {
      return NOTHING;
    }
    int most = size == -1 ? (bufsize == 0 ? DEFAULT_BUFFER_SIZE : bufsize) : size;
    if (start < end) {
      return take(Math.min(most, end - start));
    }
    int available = in.available();
    if (sparing && available == 0 && bufsize > 0 && most >= bufsize) {
      return fill(1) ? take(end - start) : NOTHING;
    }
    // past the buffer, so that nothing is read ahead
    byte[] target = new byte[Math.min(most, Math.max(available, DEFAULT_BUFFER_SIZE))];
    int read = in.read(target, 0, target.length);
    return read < 0 ? NOTHING : exactly(target, read);
  }

  /**
   * Returns the bytes that come next without taking them (Python: {@code peek(size)}).
   *
   * @param size how many are wished for; only a hint, as in Python
   * @return what is in the buffer, after one read if it was empty; empty at the end of the stream
   * @throws IOException if reading fails; no byte is lost
   */
  public byte[] peek(int size) throws IOException {
    checkOpen();
    if (start == end && !fill(bufsize == 0 ? Math.max(size, 1) : 1)) {
      return NOTHING;
    }
    return Arrays.copyOfRange(buffer, start, end);
  }

  @Override
  public int read() throws IOException {
    checkOpen();
    if (start == end && !fill(1)) {
      return -1;
    }
    return buffer[start++] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    checkOpen();
    Objects.checkFromIndexSize(offset, length, target.length);
    if (length == 0) {
      return 0;
    }
    if (start == end) {
      if (length >= bufsize) {
        return in.read(target, offset, length);
      }
      if (!fill(length)) {
        return -1;
      }
    }
    int count = Math.min(length, end - start);
    System.arraycopy(buffer, start, target, offset, count);
    start += count;
    return count;
  }

  @Override
  public byte[] readAllBytes() throws IOException {
    return read(-1);
  }

  @Override
  public byte[] readNBytes(int length) throws IOException {
    if (length < 0) {
      throw new IllegalArgumentException("length must not be negative: " + length);
    }
    checkOpen();
    return readFully(length);
  }

  @Override
  public int readNBytes(byte[] target, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, target.length);
    int count = 0;
    try {
      while (count < length) {
        int read = read(target, offset + count, length - count);
        if (read < 0) {
          break;
        }
        count += read;
      }
    } catch (IOException e) {
      unread(target, offset, count);
      throw e;
    }
    return count;
  }

  @Override
  public int available() throws IOException {
    checkOpen();
    return (int) Math.min((long) (end - start) + in.available(), Integer.MAX_VALUE);
  }

  /**
   * Tells whether {@link #close()} was called (Python: {@code rfile.closed}).
   *
   * @return true once closed
   */
  public boolean closed() {
    return closed;
  }

  /** Closes the reader. Idempotent. A socket stays open if others still hold it. */
  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    buffer = NOTHING;
    start = 0;
    end = 0;
    try {
      in.close();
    } finally {
      onClose.run();
      readinessChanged();
    }
  }

  /** Takes out what was read ahead, for a socket that goes on with another protocol. */
  byte[] takeBuffered() {
    return take(end - start);
  }

  /**
   * Whether something was read ahead that nobody has asked for yet. On any thread, without a guard:
   * for whoever is not the reader, a hint.
   */
  boolean holdsBytes() {
    return start < end;
  }

  private byte[] take(int count) {
    byte[] taken = count == 0 ? NOTHING : Arrays.copyOfRange(buffer, start, start + count);
    start += count;
    if (start == end && buffer.length > Math.max(bufsize, DEFAULT_BUFFER_SIZE) + slack) {
      // what a failed call put back made it grow: an idle connection should not keep that
      buffer = NOTHING;
      start = 0;
      end = 0;
    }
    return taken;
  }

  /** Puts bytes back in front of the buffer. */
  private void unread(byte[] source, int offset, int count) {
    byte[] both = new byte[count + end - start];
    System.arraycopy(source, offset, both, 0, count);
    System.arraycopy(buffer, start, both, count, end - start);
    buffer = both;
    start = 0;
    end = both.length;
    readinessChanged();
  }

  /**
   * Reads into the buffer what has arrived, waiting for at least a byte. What it holds, no more
   * than the slack, stays in front of that.
   *
   * @param want how many bytes are of use; without a buffer no more than that are read
   * @return false at the end of the stream
   */
  private boolean fill(int want) throws IOException {
    int held = end - start;
    if (held > 0) {
      System.arraycopy(buffer, start, buffer, 0, held);
    } else if (sparing && buffer.length > KEPT && in.available() == 0) {
      // it was of use for what came; now this may wait for long
      buffer = NOTHING;
    }
    start = 0;
    end = held;
    int room = bufsize == 0 ? Math.min(want, DEFAULT_BUFFER_SIZE) : bufsize;
    int least = sparing ? Math.min(room, FIRST) : room;
    if (buffer.length - held < least) {
      buffer = Arrays.copyOf(buffer, sparing ? held + least : room + slack);
    }
    int most = Math.min(held + room, buffer.length);
    int read = in.read(buffer, held, most - held);
    checkOpen();
    end = held + Math.max(read, 0);
    if (end == most && most < held + room) {
      fillUp(held + room);
    }
    readinessChanged();
    return read >= 0;
  }

  /** Adds what else has arrived to a full buffer that may be larger. */
  private void fillUp(int most) throws IOException {
    int more = Math.min(in.available(), most - end);
    if (more > 0) {
      buffer = withRoom(buffer, end, more, bufsize == 0 ? most : bufsize + slack);
      end += Math.max(in.read(buffer, end, Math.min(most, buffer.length) - end), 0);
    }
  }

  /**
   * Makes room for more bytes: as little as may be at first, and then more at once each time.
   *
   * @param most how many bytes there can be in the end
   */
  private static byte[] withRoom(byte[] bytes, int count, int more, int most) {
    if (bytes.length - count >= more) {
      return bytes;
    }
    long length = Math.max((long) count + more, 2L * bytes.length);
    boolean small = bytes.length == 0 && most <= DEFAULT_BUFFER_SIZE;
    return Arrays.copyOf(bytes, (int) Math.min(small ? most : length, most));
  }

  private static byte[] exactly(byte[] bytes, int count) {
    return bytes.length == count ? bytes : Arrays.copyOf(bytes, count);
  }

  private int moveTo(byte[] target, int offset, int count) {
    System.arraycopy(buffer, start, target, offset, count);
    start += count;
    return count;
  }

  private void checkOpen() throws IOException {
    if (closed) {
      throw new IOException("read of closed file");
    }
  }
}
