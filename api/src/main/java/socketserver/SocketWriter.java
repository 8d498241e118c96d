package socketserver;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import socketserver.spi.StackSpace;

/**
 * A handler's {@code wfile}: a binary file for writing. Without a buffer (the usual case) each
 * write is handed to the socket at once, whole, as by {@code sendall}; with one, {@link #flush} or
 * a full buffer sends.
 *
 * <p>May be used from any thread. Blocks while the peer does not read, within the socket's
 * time-out.
 */
public class SocketWriter extends OutputStream {
  private static final byte[] NOTHING = new byte[0];

  private final OutputStream out;
  private final int bufsize;

  /** Keeps buffered writes of several threads apart. */
  private final ReentrantLock lock = new ReentrantLock();

  /** Guarded by lock. Allocated by the first buffered write. */
  private byte[] buffer = NOTHING;

  /** Guarded by lock. */
  private int count;

  private volatile boolean closed;
  private Runnable onClose = () -> {};

  /**
   * Makes a writer without a buffer.
   *
   * @param out the stream to write to; flushed with this writer and closed with it
   */
  public SocketWriter(OutputStream out) {
    this(out, 0);
  }

  /**
   * Makes a writer.
   *
   * @param out the stream to write to; flushed with this writer and closed with it
   * @param bufsize the size of its buffer in bytes; 0 for none; -1 for {@link
   *     SocketReader#DEFAULT_BUFFER_SIZE}
   * @throws IllegalArgumentException if the size is below -1
   */
  public SocketWriter(OutputStream out, int bufsize) {
    this.out = Objects.requireNonNull(out, "out is null");
    if (bufsize < -1) {
      throw new IllegalArgumentException("buffer size must be -1, 0 or positive: " + bufsize);
    }
    this.bufsize = bufsize == -1 ? SocketReader.DEFAULT_BUFFER_SIZE : bufsize;
  }

  void onClose(Runnable action) {
    onClose = action;
  }

  @Override
  public void write(int b) throws IOException {
    if (bufsize <= 1) {
      write(new byte[] {(byte) b}, 0, 1);
      return;
    }
    checkOpen();
    StackSpace.reserve();
    lock.lock();
    try {
      if (count == bufsize) {
        drain();
      }
      buffer()[count++] = (byte) b;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Writes all the bytes (Python: {@code write(data)}, which returns their number).
   *
   * @param data the bytes; they may be changed once this returns
   * @throws IOException if sending fails or the writer is closed
   */
  @Override
  public void write(byte[] data) throws IOException {
    write(data, 0, data.length);
  }

  @Override
  public void write(byte[] source, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, source.length);
    checkOpen();
    if (bufsize == 0) {
      if (length > 0) {
        out.write(source, offset, length);
      }
      return;
    }
    StackSpace.reserve();
    lock.lock();
    try {
      if (length > bufsize - count) {
        drain();
      }
      if (length >= bufsize) {
        out.write(source, offset, length);
      } else {
        System.arraycopy(source, offset, buffer(), count, length);
        count += length;
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Writes a text in UTF-8 (Python: {@code write(text.encode())}).
   *
   * @param text the text
   * @throws IOException if sending fails or the writer is closed
   */
  public void write(String text) throws IOException {
    write(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Writes pieces one after the other, nothing between them (Python: {@code writelines(lines)}).
   *
   * @param lines the pieces
   * @throws IOException if sending fails or the writer is closed
   */
  public void writelines(Iterable<byte[]> lines) throws IOException {
    for (byte[] line : lines) {
      write(line);
    }
  }

  /**
   * Writes texts in UTF-8 one after the other, nothing between them.
   *
   * @param lines the texts
   * @throws IOException if sending fails or the writer is closed
   */
  public void writelines(String... lines) throws IOException {
    for (String line : lines) {
      write(line);
    }
  }

  /**
   * Sends what is in the buffer (Python: {@code flush()}). What could not be sent is dropped: how
   * much of it the peer has is not known then.
   *
   * @throws IOException if sending fails or the writer is closed
   */
  @Override
  public void flush() throws IOException {
    checkOpen();
    StackSpace.reserve();
    lock.lock();
    try {
      drain();
    } finally {
      lock.unlock();
    }
    out.flush();
  }

  /**
   * Tells whether {@link #close()} was called (Python: {@code wfile.closed}).
   *
   * @return true once closed
   */
  public boolean closed() {
    return closed;
  }

  /**
   * Sends what is in the buffer and closes the writer. Idempotent. A handler's socket stays open.
   *
   * @throws IOException if sending fails; the writer is closed all the same
   */
  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    try {
      flush();
    } finally {
      closed = true;
      try {
        out.close();
      } finally {
        onClose.run();
      }
    }
  }

  /** With the lock held. */
  private byte[] buffer() {
    if (buffer.length == 0) {
      buffer = new byte[bufsize];
    }
    return buffer;
  }

  private void drain() throws IOException {
    if (count > 0) {
      int length = count;
      count = 0;
      out.write(buffer, 0, length);
    }
  }

  private void checkOpen() throws IOException {
    if (closed) {
      throw new IOException("write to closed file");
    }
  }
}
