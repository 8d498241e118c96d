package socketserver.spi;

import java.io.FileDescriptor;
import java.io.IOException;
import socketserver.PeerCredentials;
import socketserver.ReceivedFds;

/** A connected Unix domain stream: it knows its peer's process, and passes descriptors. */
public interface UnixStreamEndpoint extends StreamEndpoint {
  /**
   * Returns who is at the other end.
   *
   * @return the credentials that the system recorded when the connection was made
   * @throws IOException if the connection is closed, or the system does not tell
   */
  PeerCredentials peerCredentials() throws IOException;

  /**
   * Sends bytes and, with the first of them, descriptors. The caller's stay open.
   *
   * @param data the bytes, at least one
   * @param fds the descriptors, at least one
   * @param timeoutNanos how long to wait for room
   * @return how many bytes were sent; all descriptors were if that is not zero
   * @throws java.net.SocketTimeoutException if there was no room in time
   * @throws IOException if the peer is gone or the connection closed
   */
  int sendFds(byte[] data, FileDescriptor[] fds, long timeoutNanos) throws IOException;

  /**
   * Receives bytes and the descriptors that come with them.
   *
   * @param size how many bytes at the most, 1 or more
   * @param maxFds how many descriptors at the most; those beyond are closed
   * @param timeoutNanos how long to wait
   * @return what was received; the caller closes it
   * @throws java.net.SocketTimeoutException if nothing came in time
   * @throws IOException if the connection is lost or closed, or bytes were read from it before in a
   *     way that loses descriptors
   */
  ReceivedFds recvFds(int size, int maxFds, long timeoutNanos) throws IOException;
}
