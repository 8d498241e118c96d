package socketserver;

import java.io.IOException;
import java.net.BindException;
import java.net.ProtocolFamily;
import java.net.SocketAddress;

/**
 * A server for stream connections (Python: {@code TCPServer}). Handles one request after the other
 * on the thread that serves; mix in {@link ThreadingMixIn} for more.
 *
 * <pre>{@code
 * try (var server = new TCPServer(new InetSocketAddress("localhost", 9999), Handler::new)) {
 *   server.serveForever();
 * }
 * }</pre>
 */
public class TCPServer extends SocketServer<StreamSocket, ListenerSocket> {
  private static final int DEFAULT_QUEUE_SIZE = 5;

  private final Attribute<Integer> requestQueueSize =
      new Attribute<>(this, TCPServer.class, "requestQueueSize", DEFAULT_QUEUE_SIZE);

  /**
   * Makes a server that is bound and listens.
   *
   * @param address where to listen; port 0 lets the system choose (see {@link #serverPort()})
   * @param handler makes the handlers, usually {@code Handler::new}
   * @throws IOException if the address is in use, of another family or does not resolve; the
   *     message names it
   * @throws NullPointerException if the address is null, or the factory is and nothing overrides it
   * @throws IllegalStateException if no transport is on the class path
   */
  public TCPServer(SocketAddress address, HandlerFactory<StreamSocket> handler) throws IOException {
    this(address, handler, true);
  }

  /**
   * Makes a server.
   *
   * @param address where to listen; port 0 lets the system choose
   * @param handler makes the handlers, usually {@code Handler::new}
   * @param bindAndActivate false to leave {@link #serverBind()} and {@link #serverActivate()} to
   *     the caller, who can set attributes before
   * @throws IOException as {@link #TCPServer(SocketAddress, HandlerFactory)}
   */
  @SuppressWarnings("this-escape") // Python's constructor calls overridable methods, so this does
  public TCPServer(
      SocketAddress address, HandlerFactory<StreamSocket> handler, boolean bindAndActivate)
      throws IOException {
    super(address, handler);
    if (bindAndActivate) {
      bindAndActivate();
    }
  }

  /** Makes a copy in a child process, which does not listen. */
  TCPServer(ServerCopy copy) {
    super(copy);
  }

  /**
   * Starts to listen, with room for {@link #requestQueueSize()} waiting connections (Python: {@code
   * server_activate()}).
   *
   * @throws IOException if the system refuses
   */
  @Override
  public void serverActivate() throws IOException {
    if (handsOverRequests()) {
      socket().checkHandsOver();
    }
    socket().listen(requestQueueSize());
    requestQueueSize.freeze("the server listens");
  }

  /**
   * Returns how many connections may wait to be accepted (Python: {@code request_queue_size}). Read
   * by {@link #serverActivate()}.
   *
   * @return 5, unless overridden or set
   */
  public int requestQueueSize() {
    return requestQueueSize.value();
  }

  /**
   * Sets {@link #requestQueueSize()}, for a server constructed with {@code bindAndActivate} false.
   *
   * @param value how many connections may wait
   * @throws IllegalArgumentException if it is negative
   * @throws IllegalStateException if a subclass overrides it, or the server listens
   */
  public void requestQueueSize(int value) {
    if (value < 0) {
      throw new IllegalArgumentException("request queue size must not be negative: " + value);
    }
    requestQueueSize.set(value);
  }

  @Override
  public SocketType socketType() {
    return SocketType.STREAM;
  }

  @Override
  boolean reusesAddresses() {
    return OperatingSystem.restartsOnAnAddress();
  }

  @Override
  ListenerSocket openSocket(ProtocolFamily family) throws IOException {
    return new ListenerSocket(family);
  }

  @Override
  void bindSocket(ListenerSocket socket, SocketAddress address) throws IOException {
    try {
      socket.bind(address);
    } catch (BindException e) {
      throw allowReuseAddress() ? e : withCure(e);
    }
  }

  private BindException withCure(BindException refused) {
    BindException error =
        new BindException(
            refused.getMessage()
                + "; if only connections of an earlier run are left there, let allowReuseAddress()"
                + " return true");
    error.initCause(refused);
    return error;
  }

  @Override
  boolean awaitReadable(ListenerSocket socket, long nanos) throws IOException {
    return socket.awaitReadable(nanos);
  }

  @Override
  void wakeup(ListenerSocket socket) {
    socket.wakeup();
  }

  @Override
  Accepted<StreamSocket> acceptRequest() throws IOException {
    StreamSocket request = socket().accept();
    return new Accepted<>(request, request.peer());
  }

  @Override
  void endRequest(StreamSocket request) {
    try {
      // the client sees the end even if somebody still holds the connection
      request.shutdown(SocketConstants.SHUT_WR);
    } catch (IOException e) {
      // already shut down, closed or lost: it has ended anyway
    }
    closeRequest(request);
  }

  @Override
  Crossing<StreamSocket> crossing() {
    return new StreamCrossing(this);
  }

  @Override
  void releaseRequest(StreamSocket request) {
    request.closeWithFiles();
  }
}
