package socketserver;

import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
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
  }

  /**
   * Starts to listen (Python: {@code listen}). NIO, which binds and listens in one step, has done
   * so in {@link #bind} with the longest queue that the system allows.
   *
   * @param backlog how many connections may wait to be accepted; 0 or less means the shortest queue
   *     that the system has
   * @throws IOException if the socket is not bound or is closed
   */
  public void listen(int backlog) throws IOException {
    endpoint.listen(Math.max(backlog, 0));
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
    return StreamSocket.accepted(endpoint.accept(timeoutNanos()));
  }

  /** See {@link ListenerEndpoint#withoutReadAhead}. */
  void withoutReadAhead() {
    endpoint.withoutReadAhead();
  }

  boolean awaitReadable(long timeoutNanos) throws IOException {
    return endpoint.awaitReadable(timeoutNanos);
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
