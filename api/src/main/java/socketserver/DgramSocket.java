package socketserver;

import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.util.Objects;
import socketserver.spi.DatagramEndpoint;
import socketserver.spi.Endpoint;

/**
 * A datagram socket: what {@code server.socket()} of a datagram server is, and what its handlers
 * answer with.
 *
 * <p>May be used from any thread; each datagram is sent and received whole.
 */
public class DgramSocket extends BaseSocket {
  private final DatagramEndpoint endpoint;
  private final ProtocolFamily family;

  /**
   * Opens a socket (Python: {@code socket.socket(family, SOCK_DGRAM)}).
   *
   * @param family its address family, such as {@link java.net.StandardProtocolFamily#INET}
   * @throws IOException if the system refuses
   * @throws IllegalStateException if no transport for the family is on the class path
   */
  public DgramSocket(ProtocolFamily family) throws IOException {
    this.family = Objects.requireNonNull(family, "family is null");
    this.endpoint = Transports.forFamily(family).openDatagram(family);
  }

  /** A socket that another process has bound. */
  DgramSocket(DatagramEndpoint endpoint, ProtocolFamily family) {
    this.family = Objects.requireNonNull(family, "family is null");
    this.endpoint = Objects.requireNonNull(endpoint, "endpoint is null");
  }

  @Override
  DatagramEndpoint endpoint() {
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
   * Receives one datagram, waiting for it (Python: {@code recvfrom}). Longer ones are cut, as in
   * Python on Linux; the first that is cut is reported as a WARN.
   *
   * @param size how many bytes at the most, 0 or more
   * @return the datagram and its sender
   * @throws IllegalArgumentException if the size is negative
   * @throws java.net.SocketTimeoutException if none came within the time-out
   * @throws WouldBlockException if there is none and the time-out is zero
   * @throws IOException if the socket is closed
   */
  public Datagram recvfrom(int size) throws IOException {
    if (size < 0) {
      throw new IllegalArgumentException("negative buffersize in recvfrom: " + size);
    }
    return endpoint.receive(size, timeoutNanos());
  }

  /**
   * Sends one datagram (Python: {@code sendto}). Returns when the system has taken it. A socket
   * that is not bound yet is bound to a port that the system chooses.
   *
   * @param data its bytes; an empty array is an empty datagram
   * @param address where it goes
   * @return the number of bytes, always all of them
   * @throws NullPointerException if either is null
   * @throws IOException if the system refuses it: too long (EMSGSIZE), no permission to broadcast,
   *     nobody listening on a Unix path, or the socket is closed
   */
  public int sendto(byte[] data, SocketAddress address) throws IOException {
    Objects.requireNonNull(data, "data is null");
    Objects.requireNonNull(address, "address is null: the sender has no address to answer to");
    endpoint.send(data, 0, data.length, Addresses.resolve(address, family), timeoutNanos());
    return data.length;
  }

  /**
   * Sends a text as one datagram, in UTF-8.
   *
   * @param text the text
   * @param address where it goes
   * @return the number of bytes
   * @throws IOException as {@link #sendto(byte[], SocketAddress)}
   */
  public int sendto(String text, SocketAddress address) throws IOException {
    return sendto(text.getBytes(java.nio.charset.StandardCharsets.UTF_8), address);
  }

  void expect(int size) {
    endpoint.expect(size);
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
    return "DgramSocket[" + Addresses.describe(this) + "]";
  }
}
