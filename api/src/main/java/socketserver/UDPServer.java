package socketserver;

import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.SocketAddress;

/**
 * A server for datagrams (Python: {@code UDPServer}): each is a request. Answers leave from the
 * server's own socket. Handles one request after the other on the thread that serves; mix in {@link
 * ThreadingMixIn} for more.
 *
 * <p>Unlike in Python it is no {@link TCPServer}, so that a stream handler does not compile here.
 */
public class UDPServer extends SocketServer<DatagramRequest, DgramSocket> {
  private static final int DEFAULT_PACKET_SIZE = 8192;

  private final Attribute<Integer> maxPacketSize =
      new Attribute<>(this, UDPServer.class, "maxPacketSize", DEFAULT_PACKET_SIZE);

  /**
   * Makes a server that is bound.
   *
   * @param address where to receive; port 0 lets the system choose (see {@link #serverPort()})
   * @param handler makes the handlers, usually {@code Handler::new}
   * @throws IOException if the address is in use, of another family or does not resolve; the
   *     message names it
   * @throws NullPointerException if the address is null, or the factory is and nothing overrides it
   * @throws IllegalStateException if no transport is on the class path
   */
  public UDPServer(SocketAddress address, HandlerFactory<DatagramRequest> handler)
      throws IOException {
    this(address, handler, true);
  }

  /**
   * Makes a server.
   *
   * @param address where to receive; port 0 lets the system choose
   * @param handler makes the handlers, usually {@code Handler::new}
   * @param bindAndActivate false to leave {@link #serverBind()} and {@link #serverActivate()} to
   *     the caller, who can set attributes before
   * @throws IOException as {@link #UDPServer(SocketAddress, HandlerFactory)}
   */
  @SuppressWarnings("this-escape") // Python's constructor calls overridable methods, so this does
  public UDPServer(
      SocketAddress address, HandlerFactory<DatagramRequest> handler, boolean bindAndActivate)
      throws IOException {
    super(address, handler);
    if (bindAndActivate) {
      bindAndActivate();
    }
  }

  /** Makes a copy in a child process, which receives nothing. */
  UDPServer(ServerCopy copy) {
    super(copy);
  }

  /**
   * Closes the server (Python: {@code server_close()}). Waits for the requests that still run
   * before it closes the socket, so that they can answer; Python closes first, and their answers
   * fail.
   */
  @Override
  public void serverClose() {
    markClosed();
    try {
      joinRequests();
      stopping().running().awaitGrace();
    } finally {
      closeSocket();
      stopping().closed();
    }
  }

  /**
   * Returns how many bytes of a datagram are read (Python: {@code max_packet_size}). Longer ones
   * are cut, as in Python; the first that is cut is a WARN in the log. Read for each request.
   *
   * @return 8192, unless overridden or set
   */
  public int maxPacketSize() {
    return maxPacketSize.value();
  }

  /**
   * Sets {@link #maxPacketSize()}.
   *
   * @param value how many bytes; 65507 is the longest IPv4 datagram
   * @throws IllegalArgumentException if it is not positive
   * @throws IllegalStateException if a subclass overrides it
   */
  public void maxPacketSize(int value) {
    if (value <= 0) {
      throw new IllegalArgumentException("max packet size must be positive: " + value);
    }
    maxPacketSize.set(value);
    DgramSocket open = openSocketOrNull();
    if (open != null) {
      open.expect(value);
    }
  }

  @Override
  public SocketType socketType() {
    return SocketType.DGRAM;
  }

  @Override
  boolean reusesAddresses() {
    return false;
  }

  @Override
  DgramSocket openSocket(ProtocolFamily family) throws IOException {
    return new DgramSocket(family);
  }

  @Override
  void bindSocket(DgramSocket socket, SocketAddress address) throws IOException {
    socket.expect(maxPacketSize());
    socket.bind(address);
  }

  @Override
  boolean awaitReadable(DgramSocket socket, long nanos) throws IOException {
    return socket.awaitReadable(nanos);
  }

  @Override
  void wakeup(DgramSocket socket) {
    socket.wakeup();
  }

  @Override
  Crossing<DatagramRequest> crossing() {
    return new DatagramCrossing(this);
  }

  @Override
  Accepted<DatagramRequest> acceptRequest() throws IOException {
    DgramSocket socket = socket();
    Datagram datagram = socket.recvfrom(maxPacketSize());
    return new Accepted<>(new DatagramRequest(datagram.data(), socket), datagram.address());
  }
}
