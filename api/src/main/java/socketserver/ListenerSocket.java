package socketserver;

import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.util.Objects;
import socketserver.spi.Endpoint;
import socketserver.spi.ListenerEndpoint;

/**
 * A stream socket that waits for connections: what {@code server.socket()} of a stream server is.
 *
 * <p>Made unbound; then {@link #bind}, {@link #listen}, {@link #accept}, {@link #close}. May be
 * used from any thread.
 */
public class ListenerSocket extends BaseSocket {
  /** What Python takes without an argument. */
  private static final int DEFAULT_BACKLOG = Math.min(SOMAXCONN, 128);

  private final ListenerEndpoint endpoint;
  private final ProtocolFamily family;

  /**
   * Opens a socket (Python: {@code socket.socket(family, SOCK_STREAM)}).
   *
   * @param family its address family, such as {@link java.net.StandardProtocolFamily#INET}
   * @throws IOException if the system refuses
   * @throws IllegalStateException if no transport for the family is on the class path
   */
  public ListenerSocket(ProtocolFamily family) throws IOException {
    this.family = Objects.requireNonNull(family, "family is null");
    this.endpoint = Transports.forFamily(family).openListener(family);
    holds(endpoint);
  }

  private ListenerSocket(ListenerEndpoint endpoint, ProtocolFamily family) {
    this.family = family;
    this.endpoint = endpoint;
    holds(endpoint);
  }

  /**
   * Makes a socket of a descriptor that listens, which another program has bound (Python: {@code
   * socket.socket(fileno=fd)}). A server takes it with {@link SocketServer#socket(BaseSocket)}, and
   * needs neither {@code serverBind} nor {@code serverActivate} then:
   *
   * <pre>{@code
   * var server = new ThreadingTCPServer(address, Handler::new, false);
   * server.socket(ListenerSocket.fromFd(3));
   * server.serveForever();
   * }</pre>
   *
   * <p>The socket owns the descriptor from then on, and closes it. Whoever shares it finds that
   * calls on it no longer wait (O_NONBLOCK). What systemd has passed {@link Systemd#listenFds()}
   * finds. Does not block.
   *
   * @param fd the number of a stream socket that listens; no other socket of this library may own
   *     it
   * @return the socket, which is bound and listens
   * @throws IllegalArgumentException if it is negative
   * @throws IOException if it is no open socket, or does not listen; the message says what it is,
   *     and it stays the caller's
   * @throws UnsupportedOperationException if this process uses no descriptors (NIO), or is not on
   *     Linux; the message says what to do
   * @throws IllegalStateException if no transport for its family is on the class path
   */
  public static ListenerSocket fromFd(int fd) throws IOException {
    GivenDescriptor given = new GivenDescriptor(fd);
    return new ListenerSocket(given.listener(), given.family());
  }

  /**
   * Makes a socket that listens (Python: {@code socket.create_server(address)}): its family is the
   * address's, {@link SocketConstants#SO_REUSEADDR} is on except on Windows, and an IPv6 socket
   * serves IPv6 alone (NIO cannot tell the system so).
   *
   * @param address where to listen; of a host name the first IPv4 address is taken
   * @return the socket, which listens
   * @throws IOException if the address is in use or cannot be resolved; nothing is left open
   * @throws IllegalStateException if no transport for the address is on the class path
   */
  public static ListenerSocket createServer(SocketAddress address) throws IOException {
    return createServer(address, DEFAULT_BACKLOG);
  }

  /**
   * Makes a socket that listens with a queue of a certain length (Python: {@code
   * socket.create_server(address, backlog=...)}).
   *
   * @param address where to listen; of a host name the first IPv4 address is taken
   * @param backlog how many connections may wait to be accepted, as in {@link #listen(int)}
   * @return the socket, which listens
   * @throws IOException if the address is in use or cannot be resolved; nothing is left open
   * @throws IllegalStateException if no transport for the address is on the class path
   */
  public static ListenerSocket createServer(SocketAddress address, int backlog) throws IOException {
    return createServer(address, backlog, false);
  }

  /**
   * Makes a socket that listens, for IPv4 and IPv6 (Python: {@code socket.create_server(address,
   * family=AF_INET6, backlog=..., dualstack_ipv6=True)}).
   *
   * @param address where to listen; for both families that of all interfaces, {@code new
   *     InetSocketAddress(port)}
   * @param backlog how many connections may wait to be accepted, as in {@link #listen(int)}
   * @param dualstackIpv6 whether the socket is of IPv6 and serves IPv4, too
   * @return the socket, which listens
   * @throws IOException if the address is in use or cannot be resolved, or this machine has no
   *     IPv6; nothing is left open
   * @throws IllegalStateException if no transport for the address is on the class path
   */
  public static ListenerSocket createServer(
      SocketAddress address, int backlog, boolean dualstackIpv6) throws IOException {
    Objects.requireNonNull(address, "address is null: give new InetSocketAddress(port)");
    ProtocolFamily family =
        dualstackIpv6 ? StandardProtocolFamily.INET6 : Addresses.family(address);
    ListenerSocket socket = new ListenerSocket(family);
    try {
      if (family != StandardProtocolFamily.UNIX && OperatingSystem.restartsOnAnAddress()) {
        socket.setsockopt(SOL_SOCKET, SO_REUSEADDR, true);
      }
      if (family == StandardProtocolFamily.INET6) {
        socket.serveSixAlone(!dualstackIpv6);
      }
      socket.bind(address);
      socket.listen(backlog);
      return socket;
    } catch (Throwable e) {
      socket.close();
      throw e;
    }
  }

  private void serveSixAlone(boolean alone) throws IOException {
    try {
      setsockopt(IPPROTO_IPV6, IPV6_V6ONLY, alone);
    } catch (SocketException e) {
      // as Python where there is no such option: NIO has none, and serves both
    }
  }

  @Override
  ListenerEndpoint endpoint() {
    return endpoint;
  }

  /**
   * Binds the socket (Python: {@code bind}).
   *
   * @param address the address; port 0 lets the system choose
   * @throws IOException if the address is in use, of another family, or cannot be resolved; the
   *     message names it
   */
  public void bind(SocketAddress address) throws IOException {
    endpoint.bind(Addresses.resolve(address, family));
    kept();
  }

  /**
   * Starts to listen with the queue that Python chooses (Python: {@code listen()}): 128
   * connections, or as many as the system allows.
   *
   * @throws IOException if the socket is not bound or is closed
   */
  public void listen() throws IOException {
    listen(DEFAULT_BACKLOG);
  }

  /**
   * Starts to listen (Python: {@code listen(backlog)}). NIO, which binds and listens in one step,
   * has done so in {@link #bind} with the longest queue that the system allows.
   *
   * @param backlog how many connections may wait to be accepted; 0 or less means the shortest queue
   *     that the system has
   * @throws IOException if the socket is not bound or is closed
   */
  public void listen(int backlog) throws IOException {
    endpoint.listen(Math.max(backlog, 0));
    kept();
  }

  /**
   * Takes the next connection, waiting for it (Python: {@code accept}).
   *
   * @return the connection, without a time-out of its own; its {@link StreamSocket#getpeername()}
   *     is the address that Python returns beside it
   * @throws java.net.SocketTimeoutException if none came within the time-out
   * @throws WouldBlockException if there is none and the time-out is zero
   * @throws IOException if accepting failed, or the socket is closed
   */
  public StreamSocket accept() throws IOException {
    return StreamSocket.accepted(kept(endpoint.accept(timeoutNanos())));
  }

  /**
   * Takes the next connection, and tells who it is from (Python: {@code conn, addr =
   * sock.accept()}).
   *
   * @return the connection as {@link Accepted#request()}, and the peer's address when it was made,
   *     also if the connection has been lost since
   * @throws IOException as {@link #accept()}
   */
  public Accepted<StreamSocket> acceptWithAddress() throws IOException {
    StreamSocket connection = accept();
    return new Accepted<>(connection, connection.peer());
  }

  /** See {@link ListenerEndpoint#checkHandsOver}. */
  void checkHandsOver() {
    endpoint.checkHandsOver();
  }

  boolean awaitReadable(long timeoutNanos) throws IOException {
    return kept(endpoint.awaitReadable(timeoutNanos));
  }

  void wakeup() {
    endpoint.wakeup();
  }

  /**
   * Returns the transport's side of this socket.
   *
   * @return the endpoint, for modules that know its implementation
   */
  public Endpoint transportEndpoint() {
    return endpoint;
  }

  @Override
  public String toString() {
    return "ListenerSocket[" + Addresses.describe(this) + "]";
  }
}
