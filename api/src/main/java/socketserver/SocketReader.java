package socketserver;

import java.io.ByteArrayOutputStream;
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
 */
public class SocketReader extends InputStream implements Iterable<byte[]> {
  /** The buffer size that -1 stands for, in bytes. */
  public static final int DEFAULT_BUFFER_SIZE = 8192;

  /**
   * The longest line that {@link #readline()} keeps in memory, in bytes: a peer that never ends its
   * line must not be able to use up the memory. {@code -Dsocketserver.maxLine=...} changes it.
   */
  private static final int MAX_LINE = Integer.getInteger("socketserver.maxLine", 64 << 20);

  /** How many bytes are read at once into memory of which it is not known that it is needed. */
  private static final int CHUNK = 64 << 10;

  private static final byte[] NOTHING = new byte[0];

  private final InputStream in;
  private final int bufsize;
  private byte[] buffer = NOTHING;
  private int start;
  private int end;
  private volatile boolean closed;
  private Runnable onClose = () -> {};

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
    this.bufsize = bufsize == -1 ? DEFAULT_BUFFER_SIZE : bufsize;
  }

  void onClose(Runnable action) {
    onClose = action;
  }

  /**
   * Reads a line (Python: {@code readline()}).
   *
   * @return the line with its {@code '\n'}; without one if the stream ends before; empty at the end
   *     of the stream. Only {@code '\n'} ends a line; a {@code '\r'} before it is kept
   * @throws IOException if reading fails, or the line is longer than 64 MiB (property {@code
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
              + " -Dsocketserver.maxLine");
    }
    return line;
  }

  private byte[] upToLineEnd(int most) throws IOException {
    int held = heldLine(most);
    if (held >= 0) {
      return take(held);
    }
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    try {
      do {
        moveTo(line, end - start);
        if (!fill(1)) {
          return line.toByteArray();
        }
        held = heldLine(most - line.size());
      } while (held < 0);
    } catch (IOException e) {
      unread(line.toByteArray(), 0, line.size());
      throw e;
    }
    moveTo(line, held);
    return line.toByteArray();
  }

  /** How many held bytes a line takes that ends, or is cut, among them; -1 if it goes on. */
  private int heldLine(int most) {
    int stop = (int) Math.min((long) start + most, end);
    for (int i = start; i < stop; i++) {
      if (buffer[i] == '\n') {
        return i + 1 - start;
      }
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
    ByteArrayOutputStream result = new ByteArrayOutputStream();
    byte[] chunk = NOTHING;
    try {
      moveTo(result, end - start);
      boolean more = true;
      while (more && result.size() < most) {
        int missing = most - result.size();
        if (missing >= Math.max(bufsize, 1)) {
          // past the buffer, whole buffers' worth, so that nothing is read ahead
          chunk = chunkFor(missing, chunk, result.size());
          int unit = Math.max(bufsize, 1);
          int read = in.read(chunk, 0, Math.min(missing, chunk.length) / unit * unit);
          result.write(chunk, 0, Math.max(read, 0));
          more = read >= 0;
        } else {
          more = fill(missing);
          moveTo(result, Math.min(missing, end - start));
        }
      }
    } catch (IOException e) {
      unread(result.toByteArray(), 0, result.size());
      throw e;
    }
    return result.toByteArray();
  }

  /** Memory to read into: no more than is missing, and growing only with what has arrived. */
  private byte[] chunkFor(int missing, byte[] chunk, int arrived) {
    int wanted = Math.min(Math.max(arrived, DEFAULT_BUFFER_SIZE), CHUNK);
    int size = Math.max(Math.min(missing, wanted), bufsize);
    return chunk.length < size ? new byte[size] : chunk;
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
    // past the buffer, so that nothing is read ahead
    byte[] target = new byte[Math.min(most, Math.max(in.available(), DEFAULT_BUFFER_SIZE))];
    int read = in.read(target, 0, target.length);
    return read < 0 ? NOTHING : Arrays.copyOf(target, read);
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
      if (length > bufsize) {
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
    if (start == end && buffer.length > Math.max(bufsize, DEFAULT_BUFFER_SIZE)) {
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
  }

  /**
   * Reads once from the stream into the empty buffer.
   *
   * @param want how many bytes are of use; without a buffer no more than that are read
   * @return false at the end of the stream
   */
  private boolean fill(int want) throws IOException {
    int room = bufsize == 0 ? Math.min(want, DEFAULT_BUFFER_SIZE) : bufsize;
    if (buffer.length < room) {
      buffer = new byte[room];
    }
    start = 0;
    end = 0;
    int read = in.read(buffer, 0, room);
    end = Math.max(read, 0);
    return read >= 0;
  }

  private void moveTo(ByteArrayOutputStream target, int count) {
    target.write(buffer, start, count);
    start += count;
  }

  private void checkOpen() throws IOException {
    if (closed) {
      throw new IOException("read of closed file");
    }
  }
}
