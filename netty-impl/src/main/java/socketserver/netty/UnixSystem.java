package socketserver.netty;

import java.io.FileDescriptor;
import java.io.IOException;
import socketserver.ReceivedFds;
import socketserver.UnixAddress;

/**
 * What Unix sockets need beyond Netty: binding that removes nothing, pairs, and passing
 * descriptors. Provided by {@code socketserver-unix} to {@link UnixSockets}.
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
   * Makes two stream sockets that are connected to each other and never had a name.
   *
   * @return their descriptors, non-blocking, closed on exec, the caller's
   * @throws IOException if the system refuses
   */
  int[] pair() throws IOException;

  /**
   * Looks at a connected, non-blocking descriptor as one over which descriptors pass.
   *
   * @param fd the descriptor; it stays the caller's, who closes it after the last call
   * @return calls that do not wait
   * @throws IOException if the system refuses
   */
  Passing passing(int fd) throws IOException;

  /** The calls on a connection that Netty has not. None waits. */
  interface Passing {
    /**
     * Sends bytes and descriptors. Nobody else writes to the connection meanwhile.
     *
     * @param data the bytes
     * @param fds the descriptors; stay open
     * @return how many bytes were sent, and the descriptors with them; 0 if there was no room
     * @throws IOException if the peer is gone, or one of the descriptors is not open
     */
    int send(byte[] data, FileDescriptor[] fds) throws IOException;

    /**
     * Receives bytes and descriptors.
     *
     * @param size how many bytes at the most
     * @param maxFds how many descriptors at the most; those beyond are closed
     * @return what was received, or null if there is nothing; at the end of the stream no bytes
     * @throws IOException if the connection is lost
     */
    ReceivedFds receive(int size, int maxFds) throws IOException;

    /**
     * Tells how much has arrived.
     *
     * @return the number of bytes
     * @throws IOException if the system refuses
     */
    int available() throws IOException;
  }
}
