package socketserver;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.Objects;
import javax.net.ssl.SSLException;
import socketserver.spi.StreamEndpoint;
import socketserver.spi.TimeLeft;
import socketserver.spi.UnixStreamEndpoint;

/**
 * What a stream socket receives: bytes, urgent data, descriptors that come with bytes. On any
 * thread; one that waits keeps no other from sending.
 */
abstract class ReceivingSocket extends BaseSocket {
  /** SCM_MAX_FD of Linux. */
  private static final int MOST_FDS = 253;

  /** How much a call that does not wait receives at the most. */
  private static final int MOST_AT_ONCE = 64 << 10;

  final StreamEndpoint endpoint;
  final HeldError heldError = new HeldError();

  private final Traffic traffic = new Traffic();

  /** What this connection has thrown, and no other. */
  private final Failures failures = new Failures();

  /** Any thread sets it, readers look at it. */
  private volatile boolean suppressRaggedEofs = true;

  /** Set for good by any thread: this process has dropped the connection. */
  private volatile boolean aborted;

  /** Set for good by the thread that watches deadlines: why this process has ended it, or null. */
  private volatile String timedOut;

  /** Written by who does the handshake of TLS, read by any thread: 0 if nobody does. */
  private volatile long handshakeSince;

  ReceivingSocket(StreamEndpoint endpoint) {
    this.endpoint = Objects.requireNonNull(endpoint, "endpoint is null");
    holds(endpoint);
  }

  @Override
  final StreamEndpoint endpoint() {
    return endpoint;
  }

  /**
   * Receives what has arrived, waiting for at least one byte (Python: {@code recv(size)}).
   *
   * @param size how many bytes at the most, 0 or more; memory is taken for what arrives, not for
   *     what is asked
   * @return the bytes; an empty array at the end of the stream
   * @throws IllegalArgumentException if the size is negative
   * @throws SocketTimeoutException if nothing came within the time-out; nothing is lost
   * @throws WouldBlockException if nothing is there and the time-out is zero
   * @throws ConnectionResetException if the peer reset the connection (once; then the stream is at
   *     its end)
   * @throws java.io.InterruptedIOException if the thread is interrupted; its flag stays set
   * @throws IOException if the socket is closed
   */
  public byte[] recv(int size) throws IOException {
    return recv(size, 0);
  }

  /**
   * Receives with flags (Python: {@code recv(size, flags)}).
   *
   * @param size how many bytes at the most, 0 or more
   * @param flags {@link SocketConstants#MSG_PEEK} to leave the bytes to be received again, {@link
   *     SocketConstants#MSG_DONTWAIT} not to wait, {@link SocketConstants#MSG_WAITALL} to wait for
   *     all of them, or what has arrived when the time is over (ignored beside MSG_PEEK), {@link
   *     SocketConstants#MSG_OOB} for the byte of urgent data that {@code POLLPRI} announces (alone;
   *     TCP with epoll, with neither TLS nor a pipeline)
   * @return the bytes; an empty array at the end of the stream
   * @throws IllegalArgumentException if the size is negative or a flag is none of these
   * @throws UnsupportedOperationException if this connection has no urgent data
   * @throws IOException as {@link #recv(int)}; {@code EINVAL} if there is no urgent data
   */
  public byte[] recv(int size, int flags) throws IOException {
    if (size < 0) {
      throw new IllegalArgumentException("negative buffersize in recv: " + size);
    }
    if (flags == MSG_OOB && size > 0) {
      return receiveUrgent();
    }
    if ((flags & ~(MSG_PEEK | MSG_DONTWAIT | MSG_WAITALL)) != 0) {
      throw new IllegalArgumentException("unknown flags for recv: 0x" + Integer.toHexString(flags));
    }
    if (size == 0) {
      return new byte[0];
    }
    boolean peek = (flags & MSG_PEEK) != 0;
    boolean all = (flags & MSG_WAITALL) != 0 && !peek;
    long timeout = (flags & MSG_DONTWAIT) != 0 ? 0 : timeoutNanos();
    byte[] received =
        all ? receiveAll(size, timeout) : peek ? look(size, timeout) : receive(size, timeout);
    if (received.length == 0) {
      heldError.report();
    }
    return received;
  }

  private byte[] receiveUrgent() throws IOException {
    try {
      byte[] urgent = {endpoint.receiveUrgent()};
      traffic.received(1);
      return urgent;
    } catch (IOException e) {
      throw failed(e);
    } finally {
      kept();
    }
  }

  /** Leaves the bytes where they are. */
  private byte[] look(int size, long timeout) throws IOException {
    byte[] target = new byte[Math.min(size, MOST_AT_ONCE)];
    int read = read(target, 0, target.length, timeout, true);
    return read == target.length ? target : Arrays.copyOf(target, Math.max(read, 0));
  }

  /** As recv(2) does it: what has arrived before the time is over, or before an error. */
  private byte[] receiveAll(int size, long timeout) throws IOException {
    long start = System.nanoTime();
    byte[] target = new byte[Math.min(size, SocketReader.DEFAULT_BUFFER_SIZE)];
    int count = 0;
    try {
      while (count < size) {
        if (count == target.length) {
          target = Arrays.copyOf(target, (int) Math.min(size, 2L * count));
        }
        long left = timeout > 0 ? Math.max(TimeLeft.of(timeout, start), 1) : timeout;
        int read = read(target, count, target.length - count, left, false);
        if (read < 0) {
          break;
        }
        count += read;
      }
    } catch (IOException e) {
      if (count == 0) {
        throw e;
      }
      heldError.hold(e);
    }
    return Arrays.copyOf(target, count);
  }

  /**
   * Receives into an array (Python: {@code recv_into(buffer)}).
   *
   * @param buffer the array to fill from its start
   * @return the number of bytes received, 0 at the end of the stream or for an empty array
   * @throws IOException as {@link #recv(int)}
   */
  public int recvInto(byte[] buffer) throws IOException {
    return recvInto(buffer, 0, buffer.length);
  }

  /**
   * Receives into a part of an array (Python: {@code recv_into(memoryview(buffer)[offset:])}).
   *
   * @param buffer the array
   * @param offset where the bytes go
   * @param length how many at the most
   * @return the number of bytes received, 0 at the end of the stream or if the length is 0
   * @throws IndexOutOfBoundsException if the part is not within the array
   * @throws IOException as {@link #recv(int)}
   */
  public int recvInto(byte[] buffer, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, buffer.length);
    if (length == 0) {
      return 0;
    }
    return Math.max(read(buffer, offset, length, timeoutNanos(), false), 0);
  }

  private byte[] receive(int size, long timeout) throws IOException {
    try {
      byte[] received = kept(endpoint.receive(size, timeout));
      traffic.received(received.length);
      if (received.length == 0) {
        checkEnd();
      }
      return received;
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** Reads into a part of an array: how much, or -1 at the end. */
  private int read(byte[] target, int offset, int length, long timeout, boolean peek)
      throws IOException {
    int count;
    try {
      count = kept(endpoint.read(target, offset, length, timeout, peek));
      if (!peek) {
        traffic.received(count);
      }
      if (count < 0) {
        checkEnd();
      }
    } catch (IOException e) {
      throw failed(e);
    }
    if (count < 0) {
      heldError.report();
    }
    return count;
  }

  /**
   * Receives bytes and the descriptors that the peer has passed with them (Python: {@code
   * socket.recv_fds(sock, size, maxfds)}).
   *
   * <p>The ways of reading can be mixed; but the system drops a descriptor that comes with bytes
   * which are read without it, as in Python.
   *
   * @param size how many bytes at the most, 1 or more
   * @param maxFds how many descriptors at the most, 0 to 253; the system closes those beyond
   * @return what was received, which the caller closes; no bytes at the end of the stream
   * @throws IllegalArgumentException if a number is out of range
   * @throws UnsupportedOperationException if this is no Unix domain connection
   * @throws SocketTimeoutException if nothing came within the time-out
   * @throws WouldBlockException if nothing is there and the time-out is zero
   * @throws IOException if the connection is lost or closed
   */
  public ReceivedFds recvFds(int size, int maxFds) throws IOException {
    if (size <= 0) {
      throw new IllegalArgumentException("buffersize in recvFds must be positive: " + size);
    }
    checkFds(maxFds, 0);
    UnixStreamEndpoint unix = unixEndpoint();
    try {
      ReceivedFds received = kept(unix.recvFds(size, maxFds, timeoutNanos()));
      traffic.received(received.data().length);
      return received;
    } catch (IOException e) {
      throw failed(e);
    }
  }

  UnixStreamEndpoint unixEndpoint() {
    if (endpoint instanceof UnixStreamEndpoint unix) {
      return unix;
    }
    throw new UnsupportedOperationException("not a unix domain connection: " + this);
  }

  /**
   * Says whether a TLS stream that ends without close_notify looks like one that has ended (Python:
   * {@code suppress_ragged_eofs}). Many peers just close, so it does unless set otherwise; but then
   * anybody between the two can cut the stream unseen. That is harmless for a protocol that says
   * how long its messages are.
   *
   * @return true unless set
   */
  public boolean suppressRaggedEofs() {
    return suppressRaggedEofs;
  }

  /**
   * Sets {@link #suppressRaggedEofs()} (Python: {@code wrap_socket(sock,
   * suppress_ragged_eofs=False)}), before or after {@link
   * StreamSocket#startTls(javax.net.ssl.SSLContext) startTls(SSLContext)}.
   *
   * @param value false to have an {@link SSLException} from what reads beyond a stream that was
   *     cut, each time, on the socket and on the files made of it
   */
  public void suppressRaggedEofs(boolean value) {
    suppressRaggedEofs = value;
  }

  /** The end may be one that is not the peer's. */
  private void checkEnd() throws IOException {
    String reason = timedOut;
    if (reason != null) {
      throw new ConnectionTimeoutException(reason);
    }
    if (!suppressRaggedEofs && endpoint.tlsWasCut()) {
      throw new SSLException("the tls stream was cut: it ended without close_notify");
    }
  }

  /** Notes that it was this connection that failed; what would have had to wait has not. */
  final IOException failed(IOException error) {
    if (error instanceof WouldBlockException) {
      return error;
    }
    String reason = timedOut;
    if (reason != null) {
      return failures.add(new ConnectionTimeoutException(reason));
    }
    if (aborted && !(error instanceof ConnectionException)) {
      return failures.add(new ConnectionException("software caused connection abort"));
    }
    return failures.add(error);
  }

  /** From now on its calls fail because this process wanted it so. */
  final void markAborted() {
    aborted = true;
  }

  /** From now on its calls fail because its time is over. */
  final void markTimedOut(String reason) {
    timedOut = reason;
  }

  final void beginHandshake() {
    handshakeSince = System.nanoTime() | 1;
  }

  final void endHandshake() {
    handshakeSince = 0;
  }

  /** Since when a handshake has been going on, as System.nanoTime() has it; 0 if none does. */
  final long handshakeSince() {
    return handshakeSince;
  }

  final Traffic traffic() {
    return traffic;
  }

  final Failures failures() {
    return failures;
  }

  /** How many descriptors may come with bytes, or go with them. */
  static void checkFds(int count, int least) {
    if (count < least || count > MOST_FDS) {
      throw new IllegalArgumentException(
          "number of descriptors out of range: " + count + " (" + least + " to " + MOST_FDS + ")");
    }
  }

  /** The socket as Java's streams see it; closing it is the business of the files. */
  final class Input extends InputStream implements ReadAhead.Arrivals {
    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      return length == 0
          ? 0
          : ReceivingSocket.this.read(target, offset, length, timeoutNanos(), false);
    }

    @Override
    public byte[] receive(int most) throws IOException {
      byte[] received = ReceivingSocket.this.receive(most, timeoutNanos());
      if (received.length == 0) {
        heldError.report();
      }
      return received;
    }

    @Override
    public int available() {
      return kept(endpoint.available());
    }
  }
}
