package socketserver;

import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
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
    holds(endpoint);
  }

  /** A socket that somebody else has bound. */
  DgramSocket(DatagramEndpoint endpoint, ProtocolFamily family) {
    this.family = Objects.requireNonNull(family, "family is null");
    this.endpoint = Objects.requireNonNull(endpoint, "endpoint is null");
    holds(endpoint);
  }

  /**
   * Makes a socket of a descriptor that another program has opened (Python: {@code
   * socket.socket(fileno=fd)}). A {@link UDPServer} takes it with {@link
   * SocketServer#socket(BaseSocket)}, and need not bind then.
   *
   * <p>The socket owns the descriptor from then on, and closes it. Whoever shares it finds that
   * calls on it no longer wait (O_NONBLOCK). Does not block.
   *
   * @param fd the number of a datagram socket, bound or not; no other socket of this library may
   *     own it
   * @return the socket
   * @throws IllegalArgumentException if it is negative
   * @throws IOException if it is no open socket, or no datagram socket; the message says what it
   *     is, and it stays the caller's
   * @throws UnsupportedOperationException if this process uses no descriptors (NIO), or is not on
   *     Linux; the message says what to do
   * @throws IllegalStateException if no transport for its family is on the class path
   */
  public static DgramSocket fromFd(int fd) throws IOException {
    GivenDescriptor given = new GivenDescriptor(fd);
    return new DgramSocket(given.datagram(), given.family());
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
    kept();
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
    return recvfrom(size, 0);
  }

  /**
   * Receives one datagram with flags (Python: {@code recvfrom(size, flags)}).
   *
   * @param size how many bytes at the most, 0 or more
   * @param flags {@link SocketConstants#MSG_PEEK} to leave the datagram to be received again,
   *     {@link SocketConstants#MSG_DONTWAIT} not to wait
   * @return the datagram and its sender
   * @throws IllegalArgumentException if the size is negative or a flag is none of these
   * @throws UnsupportedOperationException for {@code MSG_PEEK} if this process does not use epoll
   * @throws java.net.ConnectException if nobody has received what was sent to the peer of {@link
   *     #connect}; once
   * @throws IOException as {@link #recvfrom(int)}
   */
  public Datagram recvfrom(int size, int flags) throws IOException {
    if (size < 0) {
      throw new IllegalArgumentException("negative buffersize in recvfrom: " + size);
    }
    if ((flags & ~(MSG_PEEK | MSG_DONTWAIT)) != 0) {
      throw new IllegalArgumentException(
          "unknown flags for recvfrom: 0x" + Integer.toHexString(flags));
    }
    long timeout = (flags & MSG_DONTWAIT) != 0 ? 0 : timeoutNanos();
    return kept(
        (flags & MSG_PEEK) != 0 ? endpoint.peek(size, timeout) : endpoint.receive(size, timeout));
  }

  // With one peer

  /**
   * Chooses a peer (Python: {@code connect}): {@link #send} sends to it, and only what comes from
   * it is received. Nothing is sent by this. May be called again, for another peer.
   *
   * @param address the peer's address
   * @throws UnsupportedOperationException if this process does not use epoll
   * @throws java.net.ConnectException if nobody has the Unix socket open
   * @throws IOException if the address is of another family or cannot be resolved, or the system
   *     refuses; the message names it
   */
  public void connect(SocketAddress address) throws IOException {
    endpoint.connect(Addresses.resolve(address, family));
    kept();
  }

  /**
   * Returns the peer's address (Python: {@code getpeername()}).
   *
   * @return what {@link #connect} has chosen
   * @throws IOException if it was not called, or the socket is closed
   */
  public SocketAddress getpeername() throws IOException {
    return kept(endpoint.remoteAddress());
  }

  /**
   * Sends one datagram to the peer (Python: {@code send}). Returns when the system has taken it.
   *
   * @param data its bytes; an empty array is an empty datagram
   * @return the number of bytes, always all of them
   * @throws java.net.ConnectException if nobody has received an earlier one; once
   * @throws WouldBlockException if there is no room and the time-out is zero
   * @throws IOException if there is no peer, the system refuses the datagram, or the socket is
   *     closed
   */
  public int send(byte[] data) throws IOException {
    Objects.requireNonNull(data, "data is null");
    endpoint.send(data, 0, data.length, timeoutNanos());
    return kept(data.length);
  }

  /**
   * Sends a text to the peer as one datagram, in UTF-8.
   *
   * @param text the text
   * @return the number of bytes
   * @throws IOException as {@link #send(byte[])}
   */
  public int send(String text) throws IOException {
    return send(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Receives one datagram's bytes (Python: {@code recv(size)}).
   *
   * @param size how many bytes at the most; what is beyond is lost
   * @return the bytes; an empty array is an empty datagram, there is no end of a stream
   * @throws IOException as {@link #recvfrom(int, int)}
   */
  public byte[] recv(int size) throws IOException {
    return recv(size, 0);
  }

  /**
   * Receives one datagram's bytes with flags (Python: {@code recv(size, flags)}).
   *
   * @param size how many bytes at the most
   * @param flags as in {@link #recvfrom(int, int)}
   * @return the bytes
   * @throws IOException as {@link #recvfrom(int, int)}
   */
  public byte[] recv(int size, int flags) throws IOException {
    return recvfrom(size, flags).data();
  }

  /**
   * Receives one datagram into an array (Python: {@code recv_into(buffer)}).
   *
   * @param buffer the array to fill from its start; what does not fit is lost
   * @return the number of bytes
   * @throws IOException as {@link #recvfrom(int, int)}
   */
  public int recvInto(byte[] buffer) throws IOException {
    byte[] data = recv(buffer.length);
    System.arraycopy(data, 0, buffer, 0, data.length);
    return kept(data.length);
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
    return kept(data.length);
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
    return sendto(text.getBytes(StandardCharsets.UTF_8), address);
  }

  void expect(int size) {
    endpoint.expect(size);
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
    return "DgramSocket[" + Addresses.describe(this) + "]";
  }
}
