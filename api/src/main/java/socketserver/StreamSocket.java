package socketserver;

import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import socketserver.spi.Endpoint;
import socketserver.spi.StreamEndpoint;

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
public class StreamSocket extends SendingSocket {
  private static final Duration HANDSHAKE_DEADLINE = Duration.ofSeconds(10);

  /** Null where that does not matter: it is connected already. */
  private final ProtocolFamily family;

  /** The address to connect to; null for an accepted connection. Any thread may connect. */
  private volatile SocketAddress target;

  private final SocketFiles files = new SocketFiles(this);

  private StreamSocket(StreamEndpoint endpoint, SocketAddress target) {
    super(endpoint);
    this.family = null;
    this.target = target;
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
    super(open(family));
    this.family = family;
  }

  private static StreamEndpoint open(ProtocolFamily family) throws IOException {
    Objects.requireNonNull(family, "family is null");
    return Transports.forFamily(family).openStream(family);
  }

  static StreamSocket accepted(StreamEndpoint endpoint) {
    return new StreamSocket(endpoint, null);
  }

  /**
   * Makes a socket of the descriptor of a connection (Python: {@code socket.socket(fileno=fd)}),
   * such as one that inetd has accepted, or that {@link #detach()} has given away. The socket owns
   * the descriptor from then on, and closes it; whoever shares it finds that calls on it no longer
   * wait (O_NONBLOCK). {@link #startTls(SSLContext)} takes it for the server's side. Does not
   * block.
   *
   * @param fd the number of a connected stream socket; no other socket of this library may own it
   * @return the socket, without a time-out
   * @throws IllegalArgumentException if it is negative
   * @throws IOException if it is no open socket, or not connected; the message says what it is, and
   *     it stays the caller's
   * @throws UnsupportedOperationException if this process uses no descriptors (NIO), or is not on
   *     Linux; the message says what to do
   * @throws IllegalStateException if no transport for its family is on the class path
   */
  public static StreamSocket fromFd(int fd) throws IOException {
    return accepted(new GivenDescriptor(fd).stream());
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
    StreamSocket socket = new StreamSocket(Transports.connect(address, nanos(timeout)), address);
    socket.settimeout(timeout);
    return socket;
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

  /** Shuts both halves down, as far as that still can be done. */
  void end() {
    try {
      shutdown(SHUT_WR);
    } catch (IOException e) {
      // already shut down, closed or lost
    }
    endInput();
  }

  /** Ends what is received, for a reader that waits for the peer and holds nothing of its. */
  void endIfIdle() {
    if (endpoint.readerWaitsSince() != 0 && !files.areMidway()) {
      endInput();
    }
  }

  private void endInput() {
    try {
      shutdown(SHUT_RD);
    } catch (IOException e) {
      // already shut down, closed or lost
    }
  }

  /** Drops the connection whatever files are still open. */
  void abort() {
    markAborted();
    files.drop();
    endpoint.abort();
    letGo();
  }

  /** For how long a thread has been waiting for the peer; 0 if none does. */
  long waitingNanos() {
    long now = System.nanoTime();
    long reader = endpoint.readerWaitsSince();
    long writer = endpoint.writerWaitsSince();
    long forReading = reader == 0 ? 0 : now - reader;
    long forRoom = writer == 0 ? 0 : now - writer;
    return Math.max(Math.max(forReading, forRoom), 0);
  }

  /**
   * Closes the socket (Python: {@code close()}): at once, or when the last file made of it is
   * closed. Idempotent; what was written is still sent.
   */
  @Override
  public void close() {
    if (files.close()) {
      closeConnection();
    }
  }

  /** Closes the connection whatever files are still open: nobody collects them in Java. */
  void closeWithFiles() {
    files.drop();
    closeConnection();
  }

  /** Nothing holds the connection any more. */
  void closeConnection() {
    super.close();
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
    SocketReader reader = new SocketReader(new Input(), bufsize);
    reader.reads(this);
    reader.onClose(files.hold(reader)::release);
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
    writer.onClose(files.hold(writer)::release);
    return writer;
  }

  /** A writer that sends at once and does not keep the socket open: Python's _SocketWriter. */
  SocketWriter unbufferedWriter() {
    return new SocketWriter(new Output(), 0);
  }

  @Override
  boolean hasUnread() {
    return files.haveUnread();
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
    SSLEngine engine = TlsEngine.of(context, parameters, hostname, target);
    long deadline = timeoutNanos() > 0 ? timeoutNanos() : HANDSHAKE_DEADLINE.toNanos();
    byte[] unread = files.flushAndTakeUnread();
    beginHandshake();
    try {
      endpoint.startTls(engine, unread, deadline);
    } catch (IOException e) {
      throw failed(e);
    } finally {
      endHandshake();
    }
    return this;
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
    return "StreamSocket[" + Addresses.describe(this) + Addresses.describePeer(peer()) + "]";
  }
}
