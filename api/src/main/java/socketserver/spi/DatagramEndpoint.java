package socketserver.spi;

import java.io.IOException;
import java.net.SocketAddress;
import socketserver.Datagram;

/** A datagram socket: opened unbound, then bound; sends and receives whole datagrams. */
public interface DatagramEndpoint extends Endpoint {
  /**
   * Announces how many bytes {@link #receive} will ask for, so that datagrams which arrive before
   * it is called are read that far. Until then they are read whole.
   *
   * @param size the size in bytes
   */
  void expect(int size);

  /**
   * Binds the socket; datagrams are received from then on.
   *
   * @param address the address, resolved
   * @throws IOException if the system refuses; the message names the address
   */
  void bind(SocketAddress address) throws IOException;

  /**
   * Takes the next datagram.
   *
   * @param size how many of its bytes at the most; what is beyond is lost
   * @param timeoutNanos how long to wait; 0 never waits
   * @return the datagram and its sender
   * @throws java.net.SocketTimeoutException if none came in time
   * @throws socketserver.WouldBlockException if there is none and the time-out is 0
   * @throws java.io.InterruptedIOException if the thread is interrupted; its flag stays set
   * @throws IOException if the socket is closed
   */
  Datagram receive(int size, long timeoutNanos) throws IOException;

  /**
   * Sends one datagram, from any thread. Returns when the system has taken it.
   *
   * @param data the array that holds it
   * @param offset where in it the datagram starts
   * @param length its bytes; 0 is a datagram too
   * @param target where it goes, resolved
   * @param timeoutNanos how long to wait for room
   * @throws java.net.SocketTimeoutException if there was no room in time
   * @throws IOException if the system refuses it (too long, no permission to broadcast), or the
   *     socket is closed
   */
  void send(byte[] data, int offset, int length, SocketAddress target, long timeoutNanos)
      throws IOException;

  /**
   * Chooses a peer: what is sent without an address goes there, and only what comes from there is
   * received.
   *
   * @param target the peer's address, resolved
   * @throws IOException if the system refuses; the message names the address
   */
  void connect(SocketAddress target) throws IOException;

  /**
   * Returns the peer's address.
   *
   * @return the address
   * @throws IOException if there is none, or the socket is closed
   */
  SocketAddress remoteAddress() throws IOException;

  /**
   * Sends one datagram to the peer.
   *
   * @param data the array that holds it
   * @param offset where in it the datagram starts
   * @param length its bytes; 0 is a datagram too
   * @param timeoutNanos how long to wait for room
   * @throws java.net.ConnectException if nobody has received an earlier one
   * @throws IOException if there is no peer, and as {@link #send(byte[], int, int, SocketAddress,
   *     long)}
   */
  void send(byte[] data, int offset, int length, long timeoutNanos) throws IOException;

  /**
   * Looks at the next datagram, which {@link #receive} then returns.
   *
   * @param size how many of its bytes at the most
   * @param timeoutNanos how long to wait; 0 never waits
   * @return the datagram and its sender
   * @throws IOException as {@link #receive}
   */
  Datagram peek(int size, long timeoutNanos) throws IOException;

  /**
   * Waits until {@link #receive} would not wait, {@link #wakeup} is called, or the time is over.
   *
   * @param timeoutNanos how long to wait
   * @return true if there is a datagram to take
   * @throws java.io.InterruptedIOException if the thread is interrupted; its flag stays set
   * @throws IOException if the socket is closed
   */
  boolean awaitReadable(long timeoutNanos) throws IOException;

  /** Ends the {@link #awaitReadable} that is waiting, or else the next one. */
  void wakeup();
}
