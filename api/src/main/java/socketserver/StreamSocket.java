package socketserver;

import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import socketserver.spi.Endpoint;
import socketserver.spi.StackSpace;
import socketserver.spi.StreamEndpoint;
import socketserver.spi.UnixStreamEndpoint;

/**
 * A stream socket: the {@code request} of a stream server's handler, what {@link #connect} returns
 * to a client, or one that is made by hand and then connected. It has the methods of Python's
 * socket objects.
 *
 * <p>May be used from any thread: one reads while another writes, {@link #shutdown} and {@link
 * #close} end what others wait for. {@link #recv} returns what has arrived; {@link #sendall}
 * returns when every byte was handed to the event loop, which sends it in its next turn. A writer
 * waits while the peer does not read.
 *
 * <p>As in Python, {@link #close} lets go of the connection only when the files made of it ({@link
 * #makefileReader}, {@link #makefileWriter}) are closed too. What nobody has any more, be it a file
 * or the socket, holds it until the garbage collector has found that.
 */
public class StreamSocket extends BaseSocket {
  private static final Duration HANDSHAKE_DEADLINE = Duration.ofSeconds(10);

  /** SCM_MAX_FD of Linux. */
  private static final int MOST_FDS = 253;

  /** How much a call that does not wait receives at the most. */
  private static final int MOST_AT_ONCE = 64 << 10;

  private final StreamEndpoint endpoint;

  /** Null where that does not matter: it is connected already. */
  private final ProtocolFamily family;

  /** The address to connect to; null for an accepted connection. Any thread may connect. */
  private volatile SocketAddress target;

  /** Held for a whole send or sendall, so that those of several threads do not mix. */
  private final ReentrantLock sending = new ReentrantLock();

  private final HeldError heldError = new HeldError();

  private final Object fileLock = new Object();

  /** The files made of this socket that are not closed. Guarded by fileLock for writing. */
  private final List<FileHold> files = new CopyOnWriteArrayList<>();

  /** Guarded by fileLock: close() was called. */
  private boolean closed;

  /** Another process has accepted it, and this one has few others. */
  private final boolean adopted;

  /** Any thread sets it, readers look at it. */
  private volatile boolean suppressRaggedEofs = true;

  /** What this connection has thrown, and no other. */
  private final Failures failures = new Failures();

  private StreamSocket(StreamEndpoint endpoint, SocketAddress target, boolean adopted) {
    this.endpoint = Objects.requireNonNull(endpoint, "endpoint is null");
    this.family = null;
    this.target = target;
    this.adopted = adopted;
    holds(endpoint);
  }

  /**
   * Opens a socket that is to be connected with {@link #connectTo} (Python: {@code
   * socket.socket(family, SOCK_STREAM)}; one that is to listen is a {@link ListenerSocket}).
   *
   * @param family its address family, such as {@link java.net.StandardProtocolFamily#INET}
   * @throws IOException if the system refuses
   * @throws IllegalStateException if no transport for the family is on the class path
   */
  public StreamSocket(ProtocolFamily family) throws IOException {
    this.family = Objects.requireNonNull(family, "family is null");
    this.endpoint = Transports.forFamily(family).openStream(family);
    this.adopted = false;
    holds(endpoint);
  }

  static StreamSocket accepted(StreamEndpoint endpoint) {
    return new StreamSocket(endpoint, null, false);
  }

  /** A connection that another process has accepted. */
  static StreamSocket adopted(StreamEndpoint endpoint) {
    return new StreamSocket(endpoint, null, true);
  }

  /**
   * Connects to a server (Python: {@code socket.create_connection(address)}).
   *
   * @param address the server's address; a host name is resolved
   * @return the connection, without a time-out
   * @throws java.net.ConnectException if the server refuses
   * @throws IOException if the name does not resolve or the server cannot be reached
   * @throws IllegalStateException if no transport for the address is on the class path
   */
  public static StreamSocket connect(SocketAddress address) throws IOException {
    return connect(address, null);
  }

  /**
   * Connects to a server within a time (Python: {@code socket.create_connection(address,
   * timeout)}).
   *
   * @param address the server's address; a host name is resolved
   * @param timeout the longest wait for the connection, and then the time-out of the socket; null
   *     for no limit
   * @return the connection
   * @throws SocketTimeoutException if it takes too long
   * @throws java.net.ConnectException if the server refuses
   * @throws IOException if the name does not resolve or the server cannot be reached
   * @throws IllegalArgumentException if the time-out is zero or negative
   * @throws IllegalStateException if no transport for the address is on the class path
   */
  public static StreamSocket connect(SocketAddress address, Duration timeout) throws IOException {
    if (timeout != null && (timeout.isZero() || timeout.isNegative())) {
      throw new IllegalArgumentException("connect timeout must be positive: " + timeout);
    }
    StreamSocket socket = new StreamSocket(connectToAny(address, nanos(timeout)), address, false);
    socket.settimeout(timeout);
    return socket;
  }

  /** Tries the addresses of a name one after the other, as Python does. */
  private static StreamEndpoint connectToAny(SocketAddress address, long timeout)
      throws IOException {
    IOException failure = null;
    for (SocketAddress candidate : Addresses.candidates(address)) {
      try {
        return Transports.forFamily(Addresses.family(candidate)).connect(candidate, timeout);
      } catch (IOException e) {
        if (failure != null) {
          e.addSuppressed(failure);
        }
        failure = e;
      }
    }
    throw failure;
  }

  /**
   * Makes two sockets that are connected to each other (Python: {@code socket.socketpair()}): of
   * the Unix family, and without a name.
   *
   * @return the two, without a time-out
   * @throws UnsupportedOperationException if this process does not use epoll
   * @throws IOException if the system refuses
   * @throws IllegalStateException if {@code socketserver-unix} is not on the class path
   */
  public static List<StreamSocket> socketpair() throws IOException {
    return Transports.forFamily(StandardProtocolFamily.UNIX).openPair().stream()
        .map(StreamSocket::accepted)
        .toList();
  }

  @Override
  StreamEndpoint endpoint() {
    return endpoint;
  }

  // Before it is connected

  /**
   * Binds a socket that is not connected yet: its connection comes from this address (Python:
   * {@code bind}). Needed for a fixed source alone; a socket that is to listen is a {@link
   * ListenerSocket}.
   *
   * @param address the address; port 0 lets the system choose
   * @throws IOException if the address is in use, of another family, or cannot be resolved, or the
   *     socket is connected; the message names it
   */
  public void bind(SocketAddress address) throws IOException {
    endpoint.bind(resolved(address));
    kept();
  }

  /**
   * Connects the socket (Python: {@code connect(address)}), waiting as long as its time-out says.
   * If that fails the socket can be used to try again, and is still to be closed.
   *
   * <p>A non-blocking socket only begins to connect. When it can be written to, it is connected or
   * has failed: {@code getsockopt(SOL_SOCKET, SO_ERROR)} is 0 or one of {@link Errno}.
   *
   * @param address the server's address; of a host name the first address of the family is taken
   * @throws ConnectInProgressException if the time-out is zero and connecting has begun
   * @throws WouldBlockException if the time-out is zero and the queue of a Unix server is full
   * @throws SocketTimeoutException if it takes longer than the time-out, and goes on connecting
   * @throws java.net.ConnectException if the server refuses
   * @throws java.io.InterruptedIOException if the thread is interrupted; its flag stays set
   * @throws UnsupportedOperationException if the time-out is zero on a transport without
   *     descriptors (NIO)
   * @throws IOException if the name does not resolve, the server cannot be reached, the socket is
   *     connected already, or it is closed
   */
  public void connectTo(SocketAddress address) throws IOException {
    int errno = connect0(address);
    if (errno != 0) {
      throw ConnectErrors.of(errno, address);
    }
  }

  /**
   * Connects as {@link #connectTo} does, and returns what the system says instead of throwing it
   * (Python: {@code connect_ex(address)}).
   *
   * @param address the server's address; of a host name the first address of the family is taken
   * @return 0 when the socket is connected; {@link Errno#EINPROGRESS} if it is non-blocking and
   *     connecting has begun, {@link Errno#EALREADY} if that is still going on, {@link
   *     Errno#EISCONN} once it is known to be connected, {@link Errno#EAGAIN} if the time-out is
   *     over, {@link Errno#ECONNREFUSED} and so on
   * @throws IOException if the name does not resolve or is of another family, the thread is
   *     interrupted, or the socket is closed
   */
  public int connectEx(SocketAddress address) throws IOException {
    try {
      return connect0(address);
    } catch (SocketTimeoutException e) {
      return Errno.EAGAIN;
    }
  }

  private int connect0(SocketAddress address) throws IOException {
    int errno = kept(endpoint.connect(resolved(address), timeoutNanos()));
    if (errno != Errno.EISCONN && errno != Errno.EALREADY) {
      target = address;
    }
    return errno;
  }

  private SocketAddress resolved(SocketAddress address) throws IOException {
    Objects.requireNonNull(address, "address is null");
    return family == null ? address : Addresses.resolve(address, family);
  }

  /**
   * Returns the transport's side of this socket, from which {@code socketserver.netty} reaches the
   * Netty pipeline.
   *
   * @return the endpoint, for modules that know its implementation
   */
  public Endpoint transportEndpoint() {
    return endpoint;
  }

  // Unix domain sockets

  /**
   * Returns who is at the other end of a Unix domain connection (Python: {@code
   * getsockopt(SOL_SOCKET, SO_PEERCRED, 12)}). Works in {@code verifyRequest} as well as in a
   * handler.
   *
   * @return the peer's process, user and group
   * @throws UnsupportedOperationException if this is no Unix domain connection
   * @throws IOException if the socket is closed, or the system does not tell
   */
  public PeerCredentials peerCredentials() throws IOException {
    return kept(unixEndpoint().peerCredentials());
  }

  /**
   * Sends bytes and passes open descriptors with them (Python: {@code socket.send_fds(sock, [data],
   * fds)}). The peer gets descriptors of its own; those given here stay open and stay the caller's.
   * Waits until everything that was written before has been sent.
   *
   * @param data the bytes, at least one
   * @param fds the descriptors, such as {@code new FileInputStream(file).getFD()}; 253 at the most
   * @return how many of the bytes were sent; the descriptors went with the first
   * @throws IllegalArgumentException if there is no byte, no descriptor, or too many
   * @throws UnsupportedOperationException if this is no Unix domain connection
   * @throws SocketTimeoutException if there was no room within the time-out
   * @throws IOException if the peer is gone, a descriptor is closed, or the socket is
   */
  public int sendFds(byte[] data, FileDescriptor... fds) throws IOException {
    if (data.length == 0) {
      throw new IllegalArgumentException(
          "descriptors need at least one byte to go with: data is empty");
    }
    if (fds.length == 0 || fds.length > MOST_FDS) {
      throw new IllegalArgumentException(
          "number of descriptors out of range: " + fds.length + " (1 to " + MOST_FDS + ")");
    }
    UnixStreamEndpoint unix = unixEndpoint();
    StackSpace.reserve();
    sending.lock();
    try {
      heldError.report();
      return kept(unix.sendFds(data, fds.clone(), timeoutNanos()));
    } catch (IOException e) {
      throw failed(e);
    } finally {
      sending.unlock();
    }
  }

  /**
   * Receives bytes and the descriptors that the peer has passed with them (Python: {@code
   * socket.recv_fds(sock, size, maxfds)}).
   *
   * <p>On a connection that passes descriptors, call this (or {@link #withoutReadAhead()}) before
   * anything else is read or written: other connections read ahead, and the system drops a
   * descriptor that comes with bytes that are read without it. Afterwards the ways of reading can
   * be mixed, as in Python.
   *
   * @param size how many bytes at the most, 1 or more
   * @param maxFds how many descriptors at the most, 0 to 253; the system closes those beyond
   * @return what was received, which the caller closes; no bytes at the end of the stream
   * @throws IllegalArgumentException if a number is out of range
   * @throws UnsupportedOperationException if this is no Unix domain connection
   * @throws SocketTimeoutException if nothing came within the time-out
   * @throws WouldBlockException if nothing is there and the time-out is zero
   * @throws IOException if something was read from the connection before the first {@code recvFds},
   *     or the connection is lost or closed
   */
  public ReceivedFds recvFds(int size, int maxFds) throws IOException {
    if (size <= 0) {
      throw new IllegalArgumentException("buffersize in recvFds must be positive: " + size);
    }
    if (maxFds < 0 || maxFds > MOST_FDS) {
      throw new IllegalArgumentException(
          "number of descriptors out of range: " + maxFds + " (0 to " + MOST_FDS + ")");
    }
    UnixStreamEndpoint unix = unixEndpoint();
    try {
      return kept(unix.recvFds(size, maxFds, timeoutNanos()));
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /**
   * Makes this a connection that reads no more than it is asked for, so that no descriptor is lost
   * before {@link #recvFds} is called. Needed only where something is written or read before the
   * first {@code recvFds}, which does the same. Costs a system call for each read.
   *
   * @throws UnsupportedOperationException if this is no Unix domain connection
   * @throws IOException if it was read or written before, or is closed
   */
  public void withoutReadAhead() throws IOException {
    unixEndpoint().withoutReadAhead();
    kept();
  }

  private UnixStreamEndpoint unixEndpoint() {
    if (endpoint instanceof UnixStreamEndpoint unix) {
      return unix;
    }
    throw new UnsupportedOperationException("not a unix domain connection: " + this);
  }

  // Reading

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
   *     TCP with epoll, and before anything has waited on the connection)
   * @return the bytes; an empty array at the end of the stream
   * @throws IllegalArgumentException if the size is negative or a flag is none of these
   * @throws UnsupportedOperationException if this connection has no urgent data, or an event loop
   *     reads it
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
      return new byte[] {endpoint.receiveUrgent()};
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
    long deadline = System.nanoTime() + timeout;
    byte[] target = new byte[Math.min(size, SocketReader.DEFAULT_BUFFER_SIZE)];
    int count = 0;
    try {
      while (count < size) {
        if (count == target.length) {
          target = Arrays.copyOf(target, (int) Math.min(size, 2L * count));
        }
        long left = timeout > 0 ? Math.max(deadline - System.nanoTime(), 1) : timeout;
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

  private void checkEnd() throws SSLException {
    if (!suppressRaggedEofs && endpoint.tlsWasCut()) {
      throw new SSLException("the tls stream was cut: it ended without close_notify");
    }
  }

  /** Notes that it was this connection that failed; what would have had to wait has not. */
  private IOException failed(IOException error) {
    return error instanceof WouldBlockException ? error : failures.add(error);
  }

  Failures failures() {
    return failures;
  }

  // Writing

  /**
   * Sends bytes (Python: {@code send}). Without a time-out this waits until all of them are taken;
   * with one, or non-blocking, it takes as much as there is room for, waiting for room for the
   * first.
   *
   * <p>An error, or an interrupt, that comes when a part was taken ends the call, which returns how
   * much that was; the next call reports the error. The bytes are not mixed with what other threads
   * send.
   *
   * @param data the bytes; they may be changed once this returns
   * @return how many were taken
   * @throws SocketTimeoutException if there was no room within the time-out
   * @throws WouldBlockException if there is no room and the time-out is zero
   * @throws ConnectionException if the peer is gone or this direction is shut down
   * @throws java.io.InterruptedIOException if the thread is interrupted before the first byte was
   *     taken; its flag stays set
   * @throws IOException if the socket is closed
   */
  public int send(byte[] data) throws IOException {
    return send(data, 0);
  }

  /**
   * Sends with flags (Python: {@code send(data, flags)}).
   *
   * @param data the bytes; they may be changed once this returns
   * @param flags {@link SocketConstants#MSG_OOB} to send the last byte as urgent data, past the
   *     stream (TCP with epoll), {@link SocketConstants#MSG_DONTWAIT} not to wait
   * @return how many were taken
   * @throws IllegalArgumentException if a flag is none of these
   * @throws UnsupportedOperationException if this connection has no urgent data
   * @throws IOException as {@link #send(byte[])}
   */
  public int send(byte[] data, int flags) throws IOException {
    if ((flags & ~(MSG_OOB | MSG_DONTWAIT)) != 0) {
      throw new IllegalArgumentException("unknown flags for send: 0x" + Integer.toHexString(flags));
    }
    long timeout = (flags & MSG_DONTWAIT) != 0 ? 0 : timeoutNanos();
    lockSending(timeout);
    try {
      heldError.report();
      return (flags & MSG_OOB) != 0 && data.length > 0
          ? sendUrgent(data, timeout)
          : sendWhatFits(data, timeout, hasUnread());
    } finally {
      sending.unlock();
    }
  }

  /** As send(2) does it: only the last byte is urgent. */
  private int sendUrgent(byte[] data, long timeout) throws IOException {
    int last = data.length - 1;
    int sent = last == 0 ? 0 : sendWhatFits(Arrays.copyOf(data, last), timeout, true);
    if (sent < last) {
      return sent;
    }
    try {
      long wait = last == 0 || timeout == Endpoint.FOREVER ? timeout : 0;
      endpoint.sendUrgent(data[last], wait);
      return data.length;
    } catch (IOException e) {
      if (sent == 0) {
        throw failed(e);
      }
      heldError.hold(e);
      return sent;
    } finally {
      kept();
    }
  }

  /** As send(2) does it: without a time-out, waits for room until all is taken. */
  private int sendWhatFits(byte[] data, long timeout, boolean more) throws IOException {
    int sent = write(data, 0, data.length, timeout, more);
    long wait = timeout == Endpoint.FOREVER ? timeout : 0;
    try {
      while (sent < data.length) {
        sent += write(data, sent, data.length - sent, wait, more);
      }
    } catch (IOException e) {
      heldError.hold(e);
    }
    return sent;
  }

  /**
   * Sends all the bytes (Python: {@code sendall}).
   *
   * @param data the bytes; they may be changed once this returns
   * @throws SocketTimeoutException if that took longer than the time-out, which here is for the
   *     whole call; how much was sent is not known then
   * @throws WouldBlockException if the time-out is zero and there was not room for all
   * @throws ConnectionException if the peer is gone or this direction is shut down
   * @throws IOException if the socket is closed
   */
  public void sendall(byte[] data) throws IOException {
    sendall(data, 0, data.length);
  }

  /**
   * Sends a text in UTF-8 (Python: {@code sendall(text.encode())}).
   *
   * @param text the text
   * @throws IOException as {@link #sendall(byte[])}
   */
  public void sendall(String text) throws IOException {
    sendall(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Sends a part of an array, whole, and not mixed with what other threads send by this method.
   *
   * @param data the array
   * @param offset where the bytes start
   * @param length how many there are
   * @throws IndexOutOfBoundsException if the part is not within the array
   * @throws IOException as {@link #sendall(byte[])}
   */
  public void sendall(byte[] data, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, data.length);
    long timeout = timeoutNanos();
    long deadline = timeout > 0 ? System.nanoTime() + timeout : 0;
    lockSending(timeout);
    try {
      heldError.report();
      boolean more = hasUnread();
      int sent = 0;
      while (sent < length) {
        long left = timeout > 0 ? deadline - System.nanoTime() : timeout;
        if (timeout > 0 && left <= 0) {
          throw failed(
              new SocketTimeoutException("timed out: " + sent + " of " + length + " bytes sent"));
        }
        sent += write(data, offset + sent, length - sent, left, more);
      }
    } finally {
      sending.unlock();
      kept();
    }
  }

  private int write(byte[] source, int offset, int length, long timeout, boolean more)
      throws IOException {
    try {
      return kept(endpoint.write(source, offset, length, timeout, more));
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /**
   * Whether a reader of this socket holds bytes that nobody has asked for yet: a handler that
   * writes with such is likely to go on with the next request, and to write again. On any thread; a
   * hint, as the reader may be at work.
   */
  boolean hasUnread() {
    for (FileHold hold : files) {
      if (hold.get() instanceof SocketReader reader && reader.holdsBytes()) {
        return true;
      }
    }
    return false;
  }

  private void lockSending(long timeout) throws IOException {
    StackSpace.reserve();
    if (sending.tryLock()) {
      return;
    }
    try {
      if (timeout == Endpoint.FOREVER) {
        sending.lockInterruptibly();
      } else if (timeout == 0) {
        throw new WouldBlockException("another thread is sending");
      } else if (!sending.tryLock(timeout, TimeUnit.NANOSECONDS)) {
        throw new SocketTimeoutException("timed out: another thread is sending");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting to send");
    }
  }

  /**
   * Sends a file from its first byte to its last (Python: {@code sendfile(file)}), by sendfile(2)
   * where the system allows it. The file's position is afterwards behind the last byte that was
   * sent.
   *
   * @param file the file, open for reading; it stays open
   * @return the number of bytes sent
   * @throws IOException if reading or sending fails, or the time-out, which is for the whole call,
   *     is over
   */
  public long sendfile(FileChannel file) throws IOException {
    return sendfile(file, 0, Long.MAX_VALUE);
  }

  /**
   * Sends a part of a file (Python: {@code sendfile(file, offset, count)}). The file's position is
   * afterwards behind the last byte that was sent.
   *
   * @param file the file, open for reading; it stays open
   * @param offset the first byte to send
   * @param count how many bytes at the most
   * @return the number of bytes sent
   * @throws IllegalArgumentException if the offset is negative or the count is not positive, or the
   *     socket is non-blocking
   * @throws IOException if reading or sending fails, or the time-out, which is for the whole call,
   *     is over
   */
  public long sendfile(FileChannel file, long offset, long count) throws IOException {
    if (offset < 0) {
      throw new IllegalArgumentException("offset must not be negative: " + offset);
    }
    if (count <= 0) {
      throw new IllegalArgumentException("count must be positive: " + count);
    }
    if (!getblocking()) {
      throw new IllegalArgumentException("a non-blocking socket cannot send a file");
    }
    heldError.report();
    long length = Math.min(count, Math.max(file.size() - offset, 0));
    long sent = length == 0 ? 0 : transfer(file, offset, length);
    if (sent > 0) {
      file.position(offset + sent);
    }
    kept();
    return sent;
  }

  private long transfer(FileChannel file, long offset, long length) throws IOException {
    try {
      return kept(endpoint.transferFrom(file, offset, length, timeoutNanos()));
    } catch (IOException e) {
      throw failed(e);
    }
  }

  // The connection

  /** The peer's address when the connection was made, also if it has been lost since. */
  SocketAddress peer() {
    return kept(endpoint.peer());
  }

  /**
   * Returns the peer's address (Python: {@code getpeername()}).
   *
   * @return the address of the other end
   * @throws IOException if the socket is closed or the connection is lost
   */
  public SocketAddress getpeername() throws IOException {
    return kept(endpoint.remoteAddress());
  }

  /**
   * Shuts down one half or both (Python: {@code shutdown(how)}). What was written is still sent; a
   * read that waits in another thread finds the end of the stream.
   *
   * @param how {@link SocketConstants#SHUT_RD}, {@link SocketConstants#SHUT_WR} or {@link
   *     SocketConstants#SHUT_RDWR}
   * @throws IllegalArgumentException if it is none of these
   * @throws IOException if the socket is closed or the connection is lost
   */
  public void shutdown(int how) throws IOException {
    if (how < SHUT_RD || how > SHUT_RDWR) {
      throw new IllegalArgumentException("shutdown takes SHUT_RD, SHUT_WR or SHUT_RDWR: " + how);
    }
    if (how != SHUT_RD) {
      endpoint.shutdownOutput();
    }
    if (how != SHUT_WR) {
      // last, as it wakes a reader, who may close the socket
      endpoint.shutdownInput();
    }
    kept();
  }

  /**
   * Closes the socket (Python: {@code close()}): at once, or when the last file made of it is
   * closed. Idempotent; what was written is still sent.
   */
  @Override
  public void close() {
    synchronized (fileLock) {
      closed = true;
      if (!files.isEmpty()) {
        return;
      }
    }
    endpoint.close();
    letGo();
  }

  /** Closes the connection whatever files are still open: nobody collects them in Java. */
  void closeWithFiles() {
    synchronized (fileLock) {
      closed = true;
      files.forEach(FileHold::drop);
      files.clear();
    }
    endpoint.close();
    letGo();
  }

  /**
   * Gives the descriptor away without closing the connection (Python: {@code detach()}).
   *
   * @return the descriptor, which the caller owns and must close
   * @throws UnsupportedOperationException if the transport has no descriptors
   * @throws IOException if the socket is closed, TLS is on, or bytes have arrived that nobody read
   */
  public int detach() throws IOException {
    int descriptor = endpoint.detach();
    letGo();
    return descriptor;
  }

  // Files

  /**
   * Makes a file for reading (Python: {@code makefile('rb', bufsize)}).
   *
   * @param bufsize the size of its buffer in bytes; 0 for none, so that no byte is read ahead; -1
   *     for the usual one
   * @return the reader; closing it lets go of its hold on the socket
   * @throws IllegalArgumentException if the size is below -1
   * @throws IOException if the socket is closed
   */
  public SocketReader makefileReader(int bufsize) throws IOException {
    // to ask an adopted connection what has arrived would make it one of an event loop's
    SocketReader reader =
        adopted
            ? new SocketReader(new Input(), bufsize)
            : SocketReader.sparing(new Input(), bufsize);
    reader.reads(this);
    reader.onClose(hold(reader)::release);
    return reader;
  }

  /**
   * Makes a file for writing (Python: {@code makefile('wb', bufsize)}).
   *
   * @param bufsize the size of its buffer in bytes; 0 to send each write at once; -1 for the usual
   *     one
   * @return the writer; closing it flushes it and lets go of its hold on the socket
   * @throws IllegalArgumentException if the size is below -1
   * @throws IOException if the socket is closed
   */
  public SocketWriter makefileWriter(int bufsize) throws IOException {
    SocketWriter writer = new SocketWriter(new Output(), bufsize);
    writer.onClose(hold(writer)::release);
    return writer;
  }

  /** A writer that sends at once and does not keep the socket open: Python's _SocketWriter. */
  SocketWriter unbufferedWriter() {
    return new SocketWriter(new Output(), 0);
  }

  private FileHold hold(Closeable file) throws IOException {
    synchronized (fileLock) {
      if (closed || !endpoint.isOpen()) {
        throw closed();
      }
      FileHold hold = new FileHold(this, file);
      files.add(hold);
      return hold;
    }
  }

  void released(FileHold hold) {
    synchronized (fileLock) {
      boolean held = files.remove(hold);
      if (!held || !closed || !files.isEmpty()) {
        return;
      }
    }
    endpoint.close();
    letGo();
  }

  // TLS

  /**
   * Goes on with TLS (Python: {@code context.wrap_socket(socket, ...)}): as the server if the
   * connection was accepted, as the client if it was made with {@link #connect}; a client asks for
   * the host that it connected to and checks the certificate against it.
   *
   * <p>The handshake is done before this returns, within the socket's time-out or ten seconds.
   * Readers and writers made of the socket go on with it: what they have read ahead is the
   * handshake's, what they have not flushed is sent before, in the clear.
   *
   * @param context the context, from {@link Tls#loadCertChain} or {@link SSLContext#getDefault()}
   * @return the socket to go on with (this one)
   * @throws SSLException if the handshake fails for a reason of TLS or takes too long; the
   *     connection is closed then
   * @throws ConnectionException if the peer leaves before its end; the same
   * @throws IOException if the connection is lost or closed
   */
  public StreamSocket startTls(SSLContext context) throws IOException {
    return handshake(context, null, null);
  }

  /**
   * Goes on with TLS as a client that names the server itself (Python: {@code wrap_socket(socket,
   * server_hostname=...)}).
   *
   * @param context the context
   * @param serverHostname the name to ask for and to check the certificate against
   * @return the socket to go on with (this one)
   * @throws IOException as {@link #startTls(SSLContext)}
   */
  public StreamSocket startTls(SSLContext context, String serverHostname) throws IOException {
    return handshake(context, null, Objects.requireNonNull(serverHostname, "hostname is null"));
  }

  /**
   * Goes on with TLS with parameters: ALPN's protocols, client certificates, versions, ciphers.
   *
   * <p>Parameters only add: a context that asks for client certificates does so also with {@code
   * new SSLParameters()}. To take clients without one as well, say {@link
   * SSLParameters#setWantClientAuth}; not to ask at all takes another context.
   *
   * @param context the context
   * @param parameters what the engine is told, such as {@link
   *     SSLParameters#setApplicationProtocols} and {@link SSLParameters#setNeedClientAuth}; a
   *     client checks the host name unless their endpoint identification algorithm is the empty
   *     string
   * @return the socket to go on with (this one)
   * @throws IOException as {@link #startTls(SSLContext)}
   */
  public StreamSocket startTls(SSLContext context, SSLParameters parameters) throws IOException {
    return handshake(context, Objects.requireNonNull(parameters, "parameters are null"), null);
  }

  /**
   * Goes on with TLS as a client that names the server itself, with parameters.
   *
   * @param context the context
   * @param parameters what the engine is told, as in {@link #startTls(SSLContext, SSLParameters)}
   * @param serverHostname the name to ask for and to check the certificate against
   * @return the socket to go on with (this one)
   * @throws IOException as {@link #startTls(SSLContext)}
   */
  public StreamSocket startTls(SSLContext context, SSLParameters parameters, String serverHostname)
      throws IOException {
    return handshake(
        context,
        Objects.requireNonNull(parameters, "parameters are null"),
        Objects.requireNonNull(serverHostname, "hostname is null"));
  }

  private StreamSocket handshake(SSLContext context, SSLParameters parameters, String hostname)
      throws IOException {
    Objects.requireNonNull(context, "context is null: make one with Tls.loadCertChain");
    SocketAddress server = target;
    boolean client = server != null || hostname != null;
    SSLEngine engine =
        client
            ? TlsEngine.ofClient(context, parameters, hostname, server)
            : TlsEngine.ofServer(context, parameters);
    long deadline = timeoutNanos() > 0 ? timeoutNanos() : HANDSHAKE_DEADLINE.toNanos();
    byte[] unread = new byte[0];
    for (Closeable file : openFiles()) {
      if (file instanceof SocketWriter writer) {
        writer.flush();
      } else if (file instanceof SocketReader reader) {
        unread = concat(unread, reader.takeBuffered());
      }
    }
    try {
      endpoint.startTls(engine, unread, deadline);
    } catch (IOException e) {
      throw failed(e);
    }
    return this;
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
   * suppress_ragged_eofs=False)}), before or after {@link #startTls(SSLContext)}.
   *
   * @param value false to have an {@link SSLException} from what reads beyond a stream that was
   *     cut, each time, on the socket and on the files made of it
   */
  public void suppressRaggedEofs(boolean value) {
    suppressRaggedEofs = value;
  }

  private List<Closeable> openFiles() {
    synchronized (fileLock) {
      return files.stream().map(FileHold::get).filter(Objects::nonNull).toList();
    }
  }

  private static byte[] concat(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  /**
   * Returns the TLS session: versions, ciphers and the peer's certificates (Python: {@code
   * getpeercert()}, {@code cipher()}).
   *
   * @return the session, or null if this is no TLS connection
   */
  public SSLSession tlsSession() {
    return kept(endpoint.tlsSession());
  }

  /**
   * Returns the protocol that ALPN chose (Python: {@code selected_alpn_protocol()}).
   *
   * @return its name, or null if none was chosen
   */
  public String selectedAlpnProtocol() {
    return kept(endpoint.applicationProtocol());
  }

  @Override
  public String toString() {
    return "StreamSocket[" + Addresses.describe(this) + "]";
  }

  /** The socket as Java's streams see it; closing it is the business of the files. */
  private final class Input extends InputStream {
    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      return length == 0
          ? 0
          : StreamSocket.this.read(target, offset, length, timeoutNanos(), false);
    }

    @Override
    public int available() {
      return kept(endpoint.available());
    }
  }

  private final class Output extends OutputStream {
    @Override
    public void write(int b) throws IOException {
      sendall(new byte[] {(byte) b});
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
      sendall(source, offset, length);
    }
  }
}
