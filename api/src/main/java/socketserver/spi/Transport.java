package socketserver.spi;

import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.util.List;

/**
 * What makes sockets: the one thing that a transport module provides, found with {@link
 * java.util.ServiceLoader}. A transport is stateless for its callers; what its sockets share
 * (threads, selectors) begins with the first of them and ends with the last.
 */
public interface Transport {
  /**
   * Returns this transport's name, for messages.
   *
   * @return a short name, such as {@code netty}
   */
  String name();

  /**
   * Tells whether this transport serves an address family.
   *
   * @param family the family, such as {@link java.net.StandardProtocolFamily#INET}
   * @return true if sockets of it can be opened
   */
  boolean supports(ProtocolFamily family);

  /**
   * Opens a stream socket that will listen.
   *
   * @param family its address family
   * @return the socket, unbound
   * @throws IOException if the system refuses
   */
  ListenerEndpoint openListener(ProtocolFamily family) throws IOException;

  /**
   * Opens a datagram socket.
   *
   * @param family its address family
   * @return the socket, unbound
   * @throws IOException if the system refuses
   */
  DatagramEndpoint openDatagram(ProtocolFamily family) throws IOException;

  /**
   * Connects to a listening stream socket.
   *
   * @param address the address, resolved
   * @param timeoutNanos how long to wait for the connection
   * @return the connection
   * @throws java.net.SocketTimeoutException if it took too long
   * @throws IOException if the peer refuses or cannot be reached
   */
  StreamEndpoint connect(SocketAddress address, long timeoutNanos) throws IOException;

  /**
   * Opens a stream socket that is to be connected.
   *
   * @param family its address family
   * @return the socket, neither bound nor connected
   * @throws UnsupportedOperationException if this transport only connects in one step
   * @throws IOException if the system refuses
   */
  default StreamEndpoint openStream(ProtocolFamily family) throws IOException {
    throw new UnsupportedOperationException(
        "the " + name() + " transport opens no stream socket before it connects");
  }

  /**
   * Opens two stream sockets that are connected to each other.
   *
   * @return the two
   * @throws UnsupportedOperationException if this transport has no pairs; the message says why
   * @throws IOException if the system refuses
   */
  default List<StreamEndpoint> openPair() throws IOException {
    throw new UnsupportedOperationException("the " + name() + " transport has no socket pairs");
  }

  /**
   * Takes over a connection of which there is a descriptor, such as one that another process has
   * handed over. Nothing is read from it before it is used.
   *
   * @param fd the descriptor of a connected, non-blocking stream socket; the connection's close
   *     closes it. If this throws, it is still the caller's
   * @param arrived what was read from it before and is to be read again, before all else
   * @return the connection
   * @throws UnsupportedOperationException if this transport cannot adopt descriptors; the message
   *     says why
   * @throws IOException if the descriptor is no socket
   */
  default StreamEndpoint adoptStream(int fd, byte[] arrived) throws IOException {
    throw new UnsupportedOperationException("the " + name() + " transport adopts no descriptors");
  }

  /**
   * Takes over a copy of a datagram socket that other processes use, too. It receives nothing
   * before {@link DatagramEndpoint#receive} asks for it, so that the others miss none, and sends
   * from the address of all of them.
   *
   * @param fd the descriptor of a bound, non-blocking datagram socket; the endpoint's close closes
   *     this copy alone. If this throws, it is still the caller's
   * @return the socket
   * @throws UnsupportedOperationException if this transport cannot adopt descriptors; the message
   *     says why
   * @throws IOException if the descriptor is no socket
   */
  default DatagramEndpoint adoptDatagram(int fd) throws IOException {
    throw new UnsupportedOperationException("the " + name() + " transport adopts no descriptors");
  }

  /**
   * Takes over a socket that listens and that somebody else has bound.
   *
   * @param fd the descriptor of a listening, non-blocking stream socket; the endpoint's close
   *     closes it. If this throws, it is still the caller's
   * @return the socket, which is bound and listens
   * @throws UnsupportedOperationException if this transport cannot adopt descriptors; the message
   *     says why
   * @throws IOException if the descriptor is no socket
   */
  default ListenerEndpoint adoptListener(int fd) throws IOException {
    throw new UnsupportedOperationException("the " + name() + " transport adopts no descriptors");
  }

  /**
   * Asks the system what a descriptor is, of whatever family.
   *
   * @param fd the descriptor, which stays the caller's
   * @return what it is
   * @throws UnsupportedOperationException if this transport cannot adopt descriptors; the message
   *     says why
   * @throws IOException if the descriptor is no socket
   */
  default SocketKind kindOf(int fd) throws IOException {
    throw new UnsupportedOperationException("the " + name() + " transport adopts no descriptors");
  }

  /**
   * Has calls on a socket return at once (O_NONBLOCK), for all who share it.
   *
   * @param fd the descriptor of a socket of whatever family; it stays the caller's
   * @throws UnsupportedOperationException if this transport cannot adopt descriptors; the message
   *     says why
   * @throws IOException if the system refuses
   */
  default void unblock(int fd) throws IOException {
    throw new UnsupportedOperationException("the " + name() + " transport adopts no descriptors");
  }

  /**
   * Opens what waits for descriptors, whatever they are.
   *
   * @return the poller, which the caller closes
   * @throws UnsupportedOperationException if this transport cannot do that; the message says why
   * @throws IOException if the system refuses
   */
  default Poller openPoller() throws IOException {
    throw new UnsupportedOperationException("the " + name() + " transport watches no descriptors");
  }
}
