package socketserver.netty;

import java.io.FileDescriptor;
import java.io.IOException;
import socketserver.UnixAddress;
import socketserver.spi.UnixStreamEndpoint;

/**
 * What Unix sockets need beyond Netty: binding that removes nothing, and passing descriptors.
 * Provided by {@code socketserver-unix} to {@link UnixSockets}.
 */
public interface UnixSystem {
  /** A call that binds one socket, and that may remove a file at the path beforehand. */
  interface BindCall {
    /**
     * Binds.
     *
     * @param address the address
     * @throws IOException if the system refuses
     */
    void bind(UnixAddress address) throws IOException;
  }

  /**
   * Binds a socket to an address that nothing exists at.
   *
   * @param address the address
   * @param call binds the socket
   * @throws IOException if something exists there, or the system refuses; the message names the
   *     address and the cause
   */
  void bind(UnixAddress address, BindCall call) throws IOException;

  /**
   * Takes over a connected, non-blocking descriptor of which nothing was read, for a connection
   * that reads no more than it is asked for, and no byte without the descriptors that come with it.
   *
   * @param fd the descriptor, owned by what is returned
   * @param peer the peer's address
   * @return the connection
   * @throws IOException if the system refuses; the descriptor is closed then
   */
  UnixStreamEndpoint withoutReadAhead(int fd, UnixAddress peer) throws IOException;

  /**
   * Sends bytes and descriptors over a connected, non-blocking descriptor to which nobody else
   * writes meanwhile. Called by an event loop; does not wait.
   *
   * @param fd the connection; stays open
   * @param data the bytes
   * @param fds the descriptors; stay open
   * @return how many bytes were sent, and the descriptors with them; 0 if there was no room
   * @throws IOException if the peer is gone, or one of the descriptors is not open
   */
  int sendFds(int fd, byte[] data, FileDescriptor[] fds) throws IOException;
}
