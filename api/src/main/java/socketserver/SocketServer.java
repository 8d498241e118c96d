package socketserver;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import socketserver.spi.ReadinessSource;
import socketserver.spi.StackSpace;

/**
 * What stream and datagram servers share: a socket, bound and activated by the constructor. In
 * Python this is {@code TCPServer}, from which {@code UDPServer} inherits although it is none; its
 * source calls that bad class design.
 *
 * <p><b>The constructor calls methods that a subclass may override</b>, as Python's does: {@link
 * #serverBind()}, {@link #serverActivate()}, the attributes, and {@link #serverClose()} if one of
 * them fails. The subclass's fields are not initialised then, and a field initialiser that runs
 * afterwards wipes what {@code serverBind()} has stored. The ways out: leave such a field without
 * an initialiser, or construct with {@code bindAndActivate} false and call both methods.
 *
 * @param <R> the kind of request
 * @param <S> the kind of socket
 */
public abstract class SocketServer<R, S extends BaseSocket> extends BaseServer<R> {
  private final Attribute<Boolean> allowReuseAddress =
      new Attribute<>(this, SocketServer.class, "allowReuseAddress", reusesAddresses());
  private final Attribute<Boolean> allowReusePort =
      new Attribute<>(this, SocketServer.class, "allowReusePort", false);
  private final Attribute<ProtocolFamily> addressFamily =
      new Attribute<>(this, SocketServer.class, "addressFamily", StandardProtocolFamily.INET);

  private final Attribute<Boolean> dualstackIpv6 =
      new Attribute<>(this, SocketServer.class, "dualstackIpv6", false);

  private final ReentrantLock socketLock = new ReentrantLock();

  /** Guarded by socketLock for writing: made when first asked for. */
  private volatile S socket;

  SocketServer(SocketAddress address, HandlerFactory<R> handler) {
    super(
        Objects.requireNonNull(address, "address is null: give new InetSocketAddress(port)"),
        handler);
  }

  /** Makes a copy in another process. */
  SocketServer(ServerCopy copy) {
    super(copy);
  }

  /** The socket of a copy that has one. */
  final void adoptSocket(S adopted) {
    StackSpace.reserve();
    socketLock.lock();
    try {
      socket = adopted;
    } finally {
      socketLock.unlock();
    }
  }

  /** How its requests get to another process. */
  abstract Crossing<R> crossing();

  /** Binds and activates for a constructor, which leaves nothing open if it fails. */
  final void bindAndActivate() throws IOException {
    try {
      serverBind();
      serverActivate();
    } catch (Throwable e) {
      try {
        serverClose();
      } catch (RuntimeException | Error closing) {
        e.addSuppressed(closing);
      } finally {
        // an override may have failed before it came to super.serverClose()
        markClosed();
        closeSocket();
      }
      throw e;
    }
  }

  /** Whether SO_REUSEADDR is on unless somebody says otherwise. Asked by the constructor. */
  abstract boolean reusesAddresses();

  /** Opens the kind of socket that this server has. */
  abstract S openSocket(ProtocolFamily family) throws IOException;

  abstract void bindSocket(S socket, SocketAddress address) throws IOException;

  abstract boolean awaitReadable(S socket, long nanos) throws IOException;

  abstract void wakeup(S socket);

  /**
   * Binds the socket (Python: {@code server_bind()}): sets the options that {@link
   * #allowReuseAddress()}, {@link #allowReusePort()} and {@link #dualstackIpv6()} ask for, binds to
   * {@link #serverAddress()}, and replaces that by the address it got.
   *
   * @throws IOException if the system refuses; the message names the address
   * @throws IllegalStateException if no transport for the address family is on the class path, or a
   *     dual-stack server has another family than INET6
   */
  public void serverBind() throws IOException {
    S bound = openSocketIfNeeded();
    bound.setsockopt(SocketConstants.SOL_SOCKET, SocketConstants.SO_REUSEADDR, allowReuseAddress());
    if (allowReusePort() && addressFamily() != StandardProtocolFamily.UNIX) {
      bound.setsockopt(SocketConstants.SOL_SOCKET, SocketConstants.SO_REUSEPORT, true);
    }
    if (dualstackIpv6()) {
      serveFourToo(bound);
    }
    bindSocket(bound, serverAddress());
    serverAddress(bound.getsockname());
    String reason = "the server is bound to " + serverAddress();
    allowReuseAddress.freeze(reason);
    allowReusePort.freeze(reason);
  }

  private void serveFourToo(S bound) throws IOException {
    ProtocolFamily family = addressFamily();
    if (family != StandardProtocolFamily.INET6) {
      throw new IllegalStateException(
          "dualstackIpv6() is true, and addressFamily() returns "
              + family
              + ": a dual-stack server has the family INET6, let nothing override addressFamily()");
    }
    try {
      bound.setsockopt(SocketConstants.IPPROTO_IPV6, SocketConstants.IPV6_V6ONLY, false);
    } catch (SocketException e) {
      // NIO has no such option: its IPv6 sockets serve both
    }
  }

  /**
   * Closes the server (Python: {@code server_close()}): closes the socket, then waits for the
   * requests that still run, as {@link BaseServer#serverClose()} says.
   */
  @Override
  public void serverClose() {
    markClosed();
    closeSocket();
    try {
      joinRequests();
    } finally {
      settle();
      stopping().closed();
    }
  }

  /** Waits a moment for what the requests have left, so that nothing is when this has closed. */
  private void settle() {
    S open = socket;
    if (open != null) {
      open.endpoint().settle();
    }
  }

  /** The socket is about to be closed, perhaps for the second time. */
  void socketClosing() {}

  /** The socket if it was opened. */
  final S openSocketOrNull() {
    return socket;
  }

  @Override
  final void closeSocket() {
    StackSpace.reserve();
    socketLock.lock();
    try {
      if (socket != null) {
        socketClosing();
        socket.close();
      }
    } finally {
      socketLock.unlock();
    }
  }

  /**
   * Returns the server's socket (Python: {@code server.socket}). It is opened when first asked for,
   * which the constructor does unless {@code bindAndActivate} is false.
   *
   * @return the socket
   * @throws UncheckedIOException if the system refuses a socket
   * @throws IllegalStateException if no transport for the address family is on the class path, or
   *     the server was closed before it had a socket
   */
  public S socket() {
    S open = socket;
    if (open != null) {
      return open;
    }
    try {
      return openSocketIfNeeded();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private S openSocketIfNeeded() throws IOException {
    StackSpace.reserve();
    socketLock.lock();
    try {
      if (socket == null) {
        checkOpen();
        ProtocolFamily family = addressFamily();
        socket = openSocket(family);
        String reason = "the socket is open, of the family " + family;
        addressFamily.freeze(reason);
        dualstackIpv6.freeze(reason);
      }
      return socket;
    } finally {
      socketLock.unlock();
    }
  }

  /**
   * Replaces the server's socket (Python: assigning {@code server.socket}), for instance by one
   * that was bound elsewhere, such as {@link ListenerSocket#fromFd} or {@link Systemd#listenFds}
   * returns: a server that was constructed with {@code bindAndActivate} false needs neither {@link
   * #serverBind()} nor {@link #serverActivate()} then. {@link #serverAddress()} stays what it was,
   * as in Python; {@code server.serverAddress(socket.getsockname())} sets it. The server closes the
   * socket. The old one stays as it is; whoever replaces it closes it. A server that was closed may
   * serve again with a socket that is open. The children of a forking server go by {@link
   * #addressFamily()}, which has to be the socket's family.
   *
   * @param replacement the socket to serve from now on
   */
  public void socket(S replacement) {
    Objects.requireNonNull(replacement, "replacement is null");
    StackSpace.reserve();
    socketLock.lock();
    S old;
    try {
      old = socket;
      socket = replacement;
      if (loop().isClosed() && replacement.endpoint().isOpen()) {
        reopen();
      }
    } finally {
      socketLock.unlock();
    }
    if (old != null && old != replacement) {
      wakeup(old);
    }
  }

  /**
   * Returns the descriptor of the server's socket (Python: {@code fileno()}).
   *
   * @return the descriptor, or -1 once closed
   */
  @Override
  public int fileno() {
    return loop().isClosed() && socket == null ? -1 : socket().fileno();
  }

  @Override
  public ReadinessSource readiness() {
    return socket().readiness();
  }

  /**
   * Returns what kind of socket this server has (Python: {@code socket_type}). Unlike the other
   * attributes it cannot be overridden: the kind is in the class.
   *
   * @return the kind
   */
  public abstract SocketType socketType();

  /**
   * Returns the address family (Python: {@code address_family}). Read when the socket is opened.
   *
   * @return IPv4, unless overridden or set; IPv6 of a server that is {@link #dualstackIpv6()}
   */
  public ProtocolFamily addressFamily() {
    return dualstackIpv6() ? StandardProtocolFamily.INET6 : addressFamily.value();
  }

  /**
   * Sets {@link #addressFamily()}, for a server constructed with {@code bindAndActivate} false.
   *
   * @param value the family
   * @throws IllegalStateException if a subclass overrides {@link #addressFamily()}, the socket is
   *     open, or the server is {@link #dualstackIpv6()} and this is another family than INET6
   */
  public void addressFamily(ProtocolFamily value) {
    Objects.requireNonNull(value, "family is null");
    if (dualstackIpv6() && value != StandardProtocolFamily.INET6) {
      throw new IllegalStateException(
          "addressFamily(" + value + ") has no effect: a dual-stack server has the family INET6");
    }
    addressFamily.set(value);
  }

  /**
   * Tells whether the server serves IPv4 and IPv6 with one socket (Python: {@code
   * socket.create_server(address, family=AF_INET6, dualstack_ipv6=True)}). Its family is INET6
   * then, and IPV6_V6ONLY is off. Its address is to be that of all interfaces, {@code new
   * InetSocketAddress(port)}; an address of one family serves that family alone. A client of IPv4
   * has an IPv4 address. Read when the socket is opened, and by {@link #serverBind()}.
   *
   * @return false, unless overridden or set: the server is of its {@link #addressFamily()}, and a
   *     server of INET6 serves IPv4, too, as Netty and the JDK leave it
   */
  public boolean dualstackIpv6() {
    return dualstackIpv6.value();
  }

  /**
   * Sets {@link #dualstackIpv6()}, for a server constructed with {@code bindAndActivate} false. On
   * a machine without IPv6 opening the socket fails.
   *
   * @param value whether to serve IPv4 and IPv6
   * @throws IllegalStateException if a subclass overrides it, or the socket is open
   */
  public void dualstackIpv6(boolean value) {
    dualstackIpv6.set(value);
  }

  /**
   * Tells whether the address may be bound while connections of an earlier server linger (Python:
   * {@code allow_reuse_address}, which is False). Read by {@link #serverBind()}.
   *
   * @return unless overridden or set, true for a stream server, except on Windows, where it would
   *     take the port of a server that runs; false for a datagram server, where it would do so
   *     everywhere
   */
  public boolean allowReuseAddress() {
    return allowReuseAddress.value();
  }

  /**
   * Sets {@link #allowReuseAddress()}, for a server constructed with {@code bindAndActivate} false.
   *
   * @param value whether to set SO_REUSEADDR
   * @throws IllegalStateException if a subclass overrides it, or the server is bound
   */
  public void allowReuseAddress(boolean value) {
    allowReuseAddress.set(value);
  }

  /**
   * Tells whether several sockets may share the port (Python: {@code allow_reuse_port}). Read by
   * {@link #serverBind()}.
   *
   * @return false, unless overridden or set
   */
  public boolean allowReusePort() {
    return allowReusePort.value();
  }

  /**
   * Sets {@link #allowReusePort()}, for a server constructed with {@code bindAndActivate} false.
   *
   * @param value whether to set SO_REUSEPORT
   * @throws IllegalStateException if a subclass overrides it, or the server is bound
   */
  public void allowReusePort(boolean value) {
    allowReusePort.set(value);
  }

  @Override
  boolean awaitRequest(long nanos) throws IOException {
    return hasOwnReadiness() ? super.awaitRequest(nanos) : awaitReadable(socket(), nanos);
  }

  @Override
  boolean isUsable() {
    S open = socket;
    return open == null || open.endpoint().isOpen();
  }

  @Override
  long socketTimeoutNanos() {
    return socket().timeoutNanos();
  }

  @Override
  void wakeLoop() {
    super.wakeLoop();
    S open = socket;
    if (open != null) {
      wakeup(open);
    }
  }

  /** Says what it is, what it is bound to, and whether it is closed. */
  @Override
  public String toString() {
    String name = getClass().getSimpleName();
    return (name.isEmpty() ? getClass().getName() : name)
        + "["
        + serverAddress()
        + (isClosing() ? ", closed" : "")
        + "]";
  }
}
