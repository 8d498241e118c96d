package socketserver.spi;

import java.io.IOException;
import java.net.SocketAddress;

/** A socket that waits for connections: opened unbound, then bound, then listening. */
public interface ListenerEndpoint extends Endpoint {
  /**
   * Binds the socket.
   *
   * @param address the address, resolved
   * @throws IOException if the system refuses; the message names the address
   */
  void bind(SocketAddress address) throws IOException;

  /**
   * Starts to listen. A transport that can only bind and listen in one step has done so in {@link
   * #bind} and ignores this.
   *
   * @param backlog how many connections may wait to be accepted
   * @throws IOException if the system refuses
   */
  void listen(int backlog) throws IOException;

  /**
   * Checks that another process can be given the connections (see {@link StreamEndpoint#handOver}).
   *
   * @throws UnsupportedOperationException if this transport has no descriptors that another process
   *     could adopt; the message says why
   */
  default void checkHandsOver() {
    throw new UnsupportedOperationException(
        "this transport gives no connections to other processes");
  }

  /**
   * Takes the next connection.
   *
   * @param timeoutNanos how long to wait; 0 never waits
   * @return the connection; the caller closes it
   * @throws java.net.SocketTimeoutException if none came in time
   * @throws socketserver.WouldBlockException if there is none and the time-out is 0
   * @throws java.io.InterruptedIOException if the thread is interrupted; its flag stays set
   * @throws OutOfResourcesException if accepting failed for want of descriptors or memory
   * @throws IOException if accepting failed, or the listener is closed
   */
  StreamEndpoint accept(long timeoutNanos) throws IOException;

  /**
   * Waits until {@link #accept} would not wait, {@link #wakeup} is called, or the time is over.
   *
   * @param timeoutNanos how long to wait
   * @return true if there is a connection or an error to take
   * @throws java.io.InterruptedIOException if the thread is interrupted; its flag stays set
   * @throws IOException if the listener is closed
   */
  boolean awaitReadable(long timeoutNanos) throws IOException;

  /** Ends the {@link #awaitReadable} that is waiting, or else the next one. */
  void wakeup();
}
