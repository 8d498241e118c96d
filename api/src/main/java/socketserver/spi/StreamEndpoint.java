package socketserver.spi;

import java.io.IOException;
import java.net.BindException;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import socketserver.Errno;
import socketserver.SocketConstants;

/**
 * A stream: bytes in, bytes out, each direction closable by itself. It is connected, or was opened
 * to be.
 *
 * <p>Time-outs are in nanoseconds; {@link #FOREVER} waits without limit, 0 never waits. Readers
 * exclude one another, and so do writers; a reader and a writer run at the same time.
 */
public interface StreamEndpoint extends Endpoint {
  /**
   * Binds a socket that is not connected yet, as the source of its connection.
   *
   * @param address the address, resolved
   * @throws IOException if the system refuses, as it does if the socket is connected; the message
   *     names the address
   */
  default void bind(SocketAddress address) throws IOException {
    throw new BindException("cannot bind " + address + ": the socket is connected");
  }

  /**
   * Connects a socket that is not connected yet.
   *
   * @param address the address, resolved
   * @param timeoutNanos how long to wait; 0 only begins to connect
   * @return 0 when it is connected, or the system's number for why it is not (see {@link
   *     socketserver.Errno}): the socket can be tried again or closed then
   * @throws java.net.SocketTimeoutException if it took too long; it goes on connecting
   * @throws java.io.InterruptedIOException if the thread is interrupted; its flag stays set
   * @throws UnsupportedOperationException if the time-out is 0 and this transport cannot only begin
   * @throws IOException if the socket is closed
   */
  default int connect(SocketAddress address, long timeoutNanos) throws IOException {
    return Errno.EISCONN;
  }

  /**
   * Returns the peer's address.
   *
   * @return the address of the other end
   * @throws IOException if the connection is closed or was reset
   */
  SocketAddress remoteAddress() throws IOException;

  /**
   * Returns the address that the peer had when the connection was made.
   *
   * @return the address, also when the connection is lost; null if the system did not tell it
   */
  SocketAddress peer();

  /**
   * Takes what has arrived, at least one byte, waiting for it if need be.
   *
   * @param target the array to fill
   * @param offset where in it the bytes go
   * @param length how many bytes at the most, 1 or more
   * @param timeoutNanos how long to wait
   * @param peek true to leave the bytes where they are for the next read
   * @return the number of bytes, or -1 at the end of the stream
   * @throws java.net.SocketTimeoutException if nothing came in time
   * @throws socketserver.WouldBlockException if nothing is there and the time-out is 0
   * @throws java.io.InterruptedIOException if the thread is interrupted; its flag stays set
   * @throws IOException if the connection was reset (once; then it is at its end) or is closed
   */
  int read(byte[] target, int offset, int length, long timeoutNanos, boolean peek)
      throws IOException;

  /**
   * Takes what has arrived, at least one byte, in an array that is just as long; memory is taken
   * for what has arrived, not for what is asked.
   *
   * @param most how many bytes at the most, 1 or more
   * @param timeoutNanos how long to wait
   * @return the bytes; none at the end of the stream
   * @throws java.net.SocketTimeoutException if nothing came in time
   * @throws socketserver.WouldBlockException if nothing is there and the time-out is 0
   * @throws java.io.InterruptedIOException if the thread is interrupted; its flag stays set
   * @throws IOException if the connection was reset (once; then it is at its end) or is closed
   */
  default byte[] receive(int most, long timeoutNanos) throws IOException {
    // the end of the stream and errors count as readable; read() then reports them
    if (timeoutNanos != 0 && available() == 0 && !awaitReadable(timeoutNanos)) {
      throw new SocketTimeoutException("timed out");
    }
    byte[] target = new byte[Math.min(most, Math.max(available(), 1))];
    int read = read(target, 0, target.length, timeoutNanos, false);
    return read == target.length ? target : Arrays.copyOf(target, Math.max(read, 0));
  }

  /**
   * Waits until {@link #read} would not wait.
   *
   * @param timeoutNanos how long to wait
   * @return true if there are bytes, the end of the stream or an error to read; false if the time
   *     is over
   * @throws java.io.InterruptedIOException if the thread is interrupted; its flag stays set
   * @throws IOException if the connection is closed
   */
  boolean awaitReadable(long timeoutNanos) throws IOException;

  /**
   * Returns how many bytes a read would find without waiting.
   *
   * @return the number of bytes that have arrived
   */
  int available();

  /**
   * Hands over bytes to be sent, at least one, waiting while too many are under way. The bytes are
   * copied before this returns and leave with the next turn of the event loop.
   *
   * @param source the array that holds them
   * @param offset where in it they start
   * @param length how many; 0 only tells whether writing is possible
   * @param timeoutNanos how long to wait for room
   * @return how many were taken
   * @throws java.net.SocketTimeoutException if there was no room in time
   * @throws socketserver.WouldBlockException if there is no room and the time-out is 0
   * @throws java.io.InterruptedIOException if the thread is interrupted; its flag stays set
   * @throws IOException if the peer has gone, this direction is shut down, or the connection is
   *     closed
   */
  int write(byte[] source, int offset, int length, long timeoutNanos) throws IOException;

  /**
   * Hands over bytes to be sent as {@link #write(byte[], int, int, long)} does, and tells whether
   * to expect more: a handler that answers requests which came together writes again at once. Then
   * these may be sent together with what follows, at the event loop's next turn at the latest,
   * whether or not anything has followed. Only a hint, which may be wrong; a transport that has no
   * use for it ignores it.
   *
   * @param source the array that holds them
   * @param offset where in it they start
   * @param length how many; 0 only tells whether writing is possible
   * @param timeoutNanos how long to wait for room
   * @param more whether more is likely to be written soon
   * @return how many were taken
   * @throws IOException as {@link #write(byte[], int, int, long)}
   */
  default int write(byte[] source, int offset, int length, long timeoutNanos, boolean more)
      throws IOException {
    return write(source, offset, length, timeoutNanos);
  }

  /**
   * Takes the byte of urgent data that has arrived past the stream. Does not wait.
   *
   * @return the byte
   * @throws UnsupportedOperationException if this connection has no urgent data, or an event loop
   *     reads it, which loses it
   * @throws IOException if none has arrived, or the connection is lost or closed
   */
  default byte receiveUrgent() throws IOException {
    throw new UnsupportedOperationException("no urgent data without TCP and epoll");
  }

  /**
   * Sends a byte as urgent data, after all that was written before.
   *
   * @param value the byte
   * @param timeoutNanos how long to wait for room
   * @throws UnsupportedOperationException if this connection has no urgent data
   * @throws IOException as {@link #write(byte[], int, int, long)}
   */
  default void sendUrgent(byte value, long timeoutNanos) throws IOException {
    throw new UnsupportedOperationException("no urgent data without TCP and epoll");
  }

  /**
   * Sends a part of a file, with sendfile(2) where the system and the pipeline allow it.
   *
   * @param file the file; it stays open
   * @param position the first byte to send
   * @param count how many bytes
   * @param timeoutNanos how long the whole transfer may take
   * @return how many bytes were sent; fewer than {@code count} if the file ends before
   * @throws java.net.SocketTimeoutException if it took too long
   * @throws IOException if reading or sending fails
   */
  long transferFrom(FileChannel file, long position, long count, long timeoutNanos)
      throws IOException;

  /**
   * Ends the inbound direction: a blocked read and every later one finds the end of the stream.
   *
   * @throws IOException if the connection is closed or not connected any more
   */
  void shutdownInput() throws IOException;

  /**
   * Ends the outbound direction: the peer finds the end of the stream after what was written.
   *
   * @throws IOException if the connection is closed or not connected any more
   */
  void shutdownOutput() throws IOException;

  /**
   * Closes the socket at once: what was written and has not left is dropped, and the peer of a TCP
   * connection finds a reset (SO_LINGER of 0). Ends who waits, as {@link #close} does. Idempotent.
   */
  default void abort() {
    byte[] reset =
        ByteBuffer.allocate(8).order(ByteOrder.nativeOrder()).putInt(1).putInt(0).array();
    try {
      setOption(SocketConstants.SOL_SOCKET, SocketConstants.SO_LINGER, reset);
    } catch (IOException e) {
      // it is lost already
    }
    close();
  }

  /**
   * Returns since when a thread has been waiting for the peer to send something. Does not wait.
   *
   * @return the time, as {@link System#nanoTime()} had it; 0 if none waits, or this transport
   *     cannot tell
   */
  default long readerWaitsSince() {
    return 0;
  }

  /**
   * Returns since when a thread has been waiting for the peer to take what it is sent.
   *
   * @return as {@link #readerWaitsSince()}
   */
  default long writerWaitsSince() {
    return 0;
  }

  /**
   * Makes the connection a TLS connection and does the handshake. Bytes that have arrived but were
   * not read are the handshake's first.
   *
   * @param engine the engine, its mode and parameters set
   * @param unread bytes that a reader took from this connection but did not use; they come first
   * @param deadlineNanos how long the handshake may take
   * @throws javax.net.ssl.SSLException if the handshake fails for a reason of TLS or takes too
   *     long; the connection is closed then
   * @throws socketserver.ConnectionException if the peer leaves before its end; the same
   * @throws IOException if the connection is lost or closed
   */
  void startTls(SSLEngine engine, byte[] unread, long deadlineNanos) throws IOException;

  /**
   * Says whether the peer has ended a TLS stream without close_notify, so that somebody between may
   * have cut it.
   *
   * @return true once the end of such a stream was read
   */
  default boolean tlsWasCut() {
    return false;
  }

  /**
   * Returns the TLS session.
   *
   * @return the session, or null if this is no TLS connection
   */
  SSLSession tlsSession();

  /**
   * Returns what ALPN chose.
   *
   * @return the protocol's name, or null if none was chosen
   */
  String applicationProtocol();

  /**
   * Gives the descriptor away: this endpoint is closed without closing the connection.
   *
   * @return the descriptor, which the caller owns now
   * @throws UnsupportedOperationException if the transport has no descriptors
   * @throws IOException if bytes have arrived that nobody read (they would be lost), or TLS is on
   */
  int detach() throws IOException;

  /**
   * Stops using the connection, because another process is to go on with it. Everything that was
   * written is sent before this returns; if the connection was never used, this makes no system
   * call. Afterwards all that is left is the descriptor: {@link #fileno} tells it until {@link
   * #close}, which closes this process's copy and leaves the connection alone. Everything else
   * behaves as if it were closed.
   *
   * <p>If the end of the stream has been read already, the other process finds it again.
   *
   * @return the bytes that have arrived and that nobody has read, which the other process must be
   *     given: they come before all that it reads from the descriptor
   * @throws UnsupportedOperationException if the transport has no descriptors
   * @throws java.net.SocketTimeoutException if the peer does not read what was written; the
   *     connection can still be used
   * @throws IOException if TLS is on (its state would be lost), or the connection is lost, closed
   *     or handed over already
   */
  default byte[] handOver() throws IOException {
    throw new UnsupportedOperationException("this transport has no descriptors to hand over");
  }

  /**
   * Waits, after {@link #close}, until everything that was written is with the system and the
   * descriptor is closed, or the connection is lost.
   */
  default void awaitSent() {}
}
