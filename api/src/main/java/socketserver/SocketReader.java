package socketserver;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
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

  private static final byte[] NOTHING = new byte[0];

  private final InputStream in;

  /** What has been read and not asked for; it knows whether this is closed. */
  private final ReadAhead ahead;

  /** The reader's: a call has taken the beginning of what it waits for. To others, a hint. */
  private boolean midway;

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
    this.in = Objects.requireNonNull(in, "in is null");
    if (bufsize < -1) {
      throw new IllegalArgumentException("buffer size must be -1, 0 or positive: " + bufsize);
    }
    this.ahead = new ReadAhead(in, bufsize == -1 ? DEFAULT_BUFFER_SIZE : bufsize);
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
    return ahead.isClosed() ? -1 : socket().fileno();
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
    ahead.checkOpen();
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
    int held = ahead.line(most);
    while (held < 0 && ahead.canBeFilledUp()) {
      if (!fill(1)) {
        return takeBuffered();
      }
      held = ahead.line(most);
    }
    return held >= 0 ? ahead.take(held) : goingOn(most);
  }

  /** A line of which all that is held is the beginning, and too long to stay where it is. */
  private byte[] goingOn(int most) throws IOException {
    byte[] line = NOTHING;
    int count = 0;
    midway = true;
    try {
      int held;
      do {
        line = ReadAhead.withRoom(line, count, ahead.count(), Integer.MAX_VALUE);
        count += ahead.moveTo(line, count, ahead.count());
        if (!fill(1)) {
          return exactly(line, count);
        }
        held = ahead.line(most - count);
      } while (held < 0);
      line = exactly(line, count + held);
      ahead.moveTo(line, count, held);
      return line;
    } catch (IOException e) {
      unread(line, 0, count);
      throw e;
    } finally {
      midway = false;
    }
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
    return new LineIterator(this);
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
    checkRead(size);
    return ahead.bufsize == 0 && size > 0 ? read1(size) : readFully(size);
  }

  private void checkRead(int size) throws IOException {
    ahead.checkOpen();
    if (size < -1) {
      throw new IllegalArgumentException("read length must be non-negative or -1: " + size);
    }
  }

  private byte[] readFully(int size) throws IOException {
    int most = size == -1 ? Integer.MAX_VALUE : size;
    if (ahead.count() >= most) {
      return ahead.take(most);
    }
    byte[] result = NOTHING;
    int count = 0;
    try {
      boolean more = true;
      while (more && count < most) {
        midway = count > 0;
        int direct = ahead.holdsBytes() ? 0 : ahead.passable(most - count, count);
        if (direct > 0) {
          result = ReadAhead.withRoom(result, count, direct, most);
          int read = in.read(result, count, direct);
          count += Math.max(read, 0);
          more = read >= 0;
        } else {
          more = ahead.holdsBytes() || fill(most - count);
          int held = Math.min(most - count, ahead.count());
          result = ReadAhead.withRoom(result, count, held, most);
          count += ahead.moveTo(result, count, held);
        }
      }
      return exactly(result, count);
    } catch (IOException e) {
      unread(result, 0, count);
      throw e;
    } finally {
      midway = false;
    }
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
    checkRead(size);
    if (size == 0) {
      return NOTHING;
    }
    int bufsize = ahead.bufsize;
    int most = size == -1 ? (bufsize == 0 ? DEFAULT_BUFFER_SIZE : bufsize) : size;
    if (ahead.holdsBytes()) {
      return ahead.take(Math.min(most, ahead.count()));
    }
    // past the buffer, so that nothing is read ahead
    return ahead.readOnce(most);
  }

  /**
   * Returns the bytes that come next without taking them (Python: {@code peek(size)}).
   *
   * @param size how many are wished for; only a hint, as in Python
   * @return what is in the buffer, after one read if it was empty; empty at the end of the stream
   * @throws IOException if reading fails; no byte is lost
   */
  public byte[] peek(int size) throws IOException {
    ahead.checkOpen();
    if (!ahead.holdsBytes() && !fill(ahead.bufsize == 0 ? Math.max(size, 1) : 1)) {
      return NOTHING;
    }
    return ahead.copy();
  }

  @Override
  public int read() throws IOException {
    ahead.checkOpen();
    return ahead.holdsBytes() || fill(1) ? ahead.next() : -1;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    ahead.checkOpen();
    Objects.checkFromIndexSize(offset, length, target.length);
    if (length == 0) {
      return 0;
    }
    if (!ahead.holdsBytes()) {
      if (length >= ahead.bufsize) {
        return in.read(target, offset, length);
      }
      if (!fill(length)) {
        return -1;
      }
    }
    return ahead.moveTo(target, offset, Math.min(length, ahead.count()));
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
    ahead.checkOpen();
    return readFully(length);
  }

  @Override
  public int readNBytes(byte[] target, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, target.length);
    int count = 0;
    try {
      while (count < length) {
        midway = count > 0;
        int read = read(target, offset + count, length - count);
        if (read < 0) {
          break;
        }
        count += read;
      }
    } catch (IOException e) {
      unread(target, offset, count);
      throw e;
    } finally {
      midway = false;
    }
    return count;
  }

  @Override
  public int available() throws IOException {
    ahead.checkOpen();
    return (int) Math.min((long) ahead.count() + in.available(), Integer.MAX_VALUE);
  }

  /**
   * Tells whether {@link #close()} was called (Python: {@code rfile.closed}).
   *
   * @return true once closed
   */
  public boolean closed() {
    return ahead.isClosed();
  }

  /** Closes the reader. Idempotent. A socket stays open if others still hold it. */
  @Override
  public void close() throws IOException {
    if (ahead.isClosed()) {
      return;
    }
    ahead.close();
    try {
      in.close();
    } finally {
      onClose.run();
      readinessChanged();
    }
  }

  /** Takes out what was read ahead, for a socket that goes on with another protocol. */
  byte[] takeBuffered() {
    return ahead.take(ahead.count());
  }

  /** As {@link ReadAhead#holdsBytes}. */
  boolean holdsBytes() {
    return ahead.holdsBytes();
  }

  /** Whether it has the beginning of something that nobody was given yet. On any thread, a hint. */
  boolean isMidway() {
    return midway || ahead.holdsBytes();
  }

  private boolean fill(int want) throws IOException {
    boolean more = ahead.fill(want);
    readinessChanged();
    return more;
  }

  private void unread(byte[] source, int offset, int count) {
    ahead.unread(source, offset, count);
    readinessChanged();
  }

  private static byte[] exactly(byte[] bytes, int count) {
    return bytes.length == count ? bytes : Arrays.copyOf(bytes, count);
  }
}
