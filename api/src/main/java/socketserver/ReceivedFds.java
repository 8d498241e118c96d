package socketserver;

import java.io.Closeable;
import java.io.FileDescriptor;
import java.util.List;
import java.util.Objects;

/**
 * What {@link StreamSocket#recvFds(int, int) StreamSocket.recvFds(int, int)} received: bytes, and
 * descriptors that the peer passed with them (Python: the first two of what {@code socket.recv_fds}
 * returns).
 *
 * <p><b>Ownership.</b> The descriptors belong to this object. {@link #close()} closes those that
 * are still open; whoever wraps one, {@code new FileInputStream(fd)}, may close it through the
 * wrapper instead. A descriptor is one of Java's objects and not a number, so nothing here closes a
 * number that has become another file's. Use it in {@code try (...)}: descriptors that nobody
 * closes stay open until the process ends.
 */
public final class ReceivedFds implements Closeable {
  private final byte[] data;
  private final List<FileDescriptor> fds;
  private final Closeable closing;

  /**
   * Made by a transport.
   *
   * @param data the bytes
   * @param fds the descriptors
   * @param closing closes those descriptors that are still valid
   */
  public ReceivedFds(byte[] data, List<FileDescriptor> fds, Closeable closing) {
    this.data = Objects.requireNonNull(data, "data is null");
    this.fds = List.copyOf(fds);
    this.closing = Objects.requireNonNull(closing, "closing is null");
  }

  /**
   * Returns the bytes.
   *
   * @return what arrived; empty at the end of the stream
   */
  public byte[] data() {
    return data;
  }

  /**
   * Returns the descriptors in the order in which they were sent.
   *
   * @return an unmodifiable list, often empty
   */
  public List<FileDescriptor> fds() {
    return fds;
  }

  /**
   * Closes the descriptors that are still open. Idempotent.
   *
   * @throws java.io.IOException if closing one fails
   */
  @Override
  public void close() throws java.io.IOException {
    closing.close();
  }
}
