package socketserver;

import java.io.FileDescriptor;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import socketserver.spi.Endpoint;
import socketserver.spi.StackSpace;
import socketserver.spi.StreamEndpoint;
import socketserver.spi.TimeLeft;
import socketserver.spi.UnixStreamEndpoint;

/**
 * What a stream socket sends: bytes, urgent data, descriptors, whole files. On any thread; one at a
 * time sends.
 */
abstract class SendingSocket extends ReceivingSocket {
  /** Held for a whole send or sendall, so that those of several threads do not mix. */
  private final ReentrantLock sending = new ReentrantLock();

  SendingSocket(StreamEndpoint endpoint) {
    super(endpoint);
  }

  /**
   * Whether a reader of this socket holds bytes that nobody has asked for yet: a handler that
   * writes with such is likely to go on with the next request, and to write again. On any thread; a
   * hint, as the reader may be at work.
   */
  abstract boolean hasUnread();

  /**
   * Sends bytes (Python: {@code send}). Without a time-out this waits until all of them are taken;
   * with one, or non-blocking, it takes as much as there is room for, waiting for room for the
   * first.
   *
   * <p>An error, or an interrupt, that comes when a part was taken ends the call, which returns how
   * much that was; the next call reports the error. The bytes are not mixed with what other threads
   * send.
   *
   * @param data the bytes; they may be changed once this returns
   * @return how many were taken
   * @throws SocketTimeoutException if there was no room within the time-out
   * @throws WouldBlockException if there is no room and the time-out is zero
   * @throws ConnectionException if the peer is gone or this direction is shut down
   * @throws java.io.InterruptedIOException if the thread is interrupted before the first byte was
   *     taken; its flag stays set
   * @throws IOException if the socket is closed
   */
  public int send(byte[] data) throws IOException {
    return send(data, 0);
  }

  /**
   * Sends with flags (Python: {@code send(data, flags)}).
   *
   * @param data the bytes; they may be changed once this returns
   * @param flags {@link SocketConstants#MSG_OOB} to send the last byte as urgent data, past the
   *     stream (TCP with epoll), {@link SocketConstants#MSG_DONTWAIT} not to wait
   * @return how many were taken
   * @throws IllegalArgumentException if a flag is none of these
   * @throws UnsupportedOperationException if this connection has no urgent data
   * @throws IOException as {@link #send(byte[])}
   */
  public int send(byte[] data, int flags) throws IOException {
    if ((flags & ~(MSG_OOB | MSG_DONTWAIT)) != 0) {
      throw new IllegalArgumentException("unknown flags for send: 0x" + Integer.toHexString(flags));
    }
    long timeout = (flags & MSG_DONTWAIT) != 0 ? 0 : timeoutNanos();
    lockSending(timeout);
    try {
      heldError.report();
      return (flags & MSG_OOB) != 0 && data.length > 0
          ? sendUrgent(data, timeout)
          : sendWhatFits(data, timeout, hasUnread());
    } finally {
      sending.unlock();
    }
  }

  /** As send(2) does it: only the last byte is urgent. */
  private int sendUrgent(byte[] data, long timeout) throws IOException {
    int last = data.length - 1;
    int sent = last == 0 ? 0 : sendWhatFits(Arrays.copyOf(data, last), timeout, true);
    if (sent < last) {
      return sent;
    }
    try {
      long wait = last == 0 || timeout == Endpoint.FOREVER ? timeout : 0;
      endpoint.sendUrgent(data[last], wait);
      traffic().sent(1);
      return data.length;
    } catch (IOException e) {
      if (sent == 0) {
        throw failed(e);
      }
      heldError.hold(e);
      return sent;
    } finally {
      kept();
    }
  }

  /** As send(2) does it: without a time-out, waits for room until all is taken. */
  private int sendWhatFits(byte[] data, long timeout, boolean more) throws IOException {
    int sent = write(data, 0, data.length, timeout, more);
    long wait = timeout == Endpoint.FOREVER ? timeout : 0;
    try {
      while (sent < data.length) {
        sent += write(data, sent, data.length - sent, wait, more);
      }
    } catch (IOException e) {
      heldError.hold(e);
    }
    return sent;
  }

  /**
   * Sends all the bytes (Python: {@code sendall}).
   *
   * @param data the bytes; they may be changed once this returns
   * @throws SocketTimeoutException if that took longer than the time-out, which here is for the
   *     whole call; how much was sent is not known then
   * @throws WouldBlockException if the time-out is zero and there was not room for all
   * @throws ConnectionException if the peer is gone or this direction is shut down
   * @throws IOException if the socket is closed
   */
  public void sendall(byte[] data) throws IOException {
    sendall(data, 0, data.length);
  }

  /**
   * Sends a text in UTF-8 (Python: {@code sendall(text.encode())}).
   *
   * @param text the text
   * @throws IOException as {@link #sendall(byte[])}
   */
  public void sendall(String text) throws IOException {
    sendall(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Sends a part of an array, whole, and not mixed with what other threads send by this method.
   *
   * @param data the array
   * @param offset where the bytes start
   * @param length how many there are
   * @throws IndexOutOfBoundsException if the part is not within the array
   * @throws IOException as {@link #sendall(byte[])}
   */
  public void sendall(byte[] data, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, data.length);
    long timeout = timeoutNanos();
    long start = timeout > 0 ? System.nanoTime() : 0;
    lockSending(timeout);
    try {
      heldError.report();
      boolean more = hasUnread();
      int sent = 0;
      while (sent < length) {
        long left = TimeLeft.of(timeout, start);
        if (timeout > 0 && left == 0) {
          throw failed(
              new SocketTimeoutException("timed out: " + sent + " of " + length + " bytes sent"));
        }
        sent += write(data, offset + sent, length - sent, left, more);
      }
    } finally {
      sending.unlock();
      kept();
    }
  }

  private int write(byte[] source, int offset, int length, long timeout, boolean more)
      throws IOException {
    try {
      int taken = kept(endpoint.write(source, offset, length, timeout, more));
      traffic().sent(taken);
      return taken;
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /**
   * Sends bytes and passes open descriptors with them (Python: {@code socket.send_fds(sock, [data],
   * fds)}). The peer gets descriptors of its own; those given here stay open and stay the caller's.
   * Waits until everything that was written before has been sent.
   *
   * @param data the bytes, at least one
   * @param fds the descriptors, such as {@code new FileInputStream(file).getFD()}; 253 at the most
   * @return how many of the bytes were sent; the descriptors went with the first
   * @throws IllegalArgumentException if there is no byte, no descriptor, or too many
   * @throws UnsupportedOperationException if this is no Unix domain connection
   * @throws SocketTimeoutException if there was no room within the time-out
   * @throws IOException if the peer is gone, a descriptor is closed, or the socket is
   */
  public int sendFds(byte[] data, FileDescriptor... fds) throws IOException {
    if (data.length == 0) {
      throw new IllegalArgumentException(
          "descriptors need at least one byte to go with: data is empty");
    }
    checkFds(fds.length, 1);
    UnixStreamEndpoint unix = unixEndpoint();
    StackSpace.reserve();
    sending.lock();
    try {
      heldError.report();
      int taken = kept(unix.sendFds(data, fds.clone(), timeoutNanos()));
      traffic().sent(taken);
      return taken;
    } catch (IOException e) {
      throw failed(e);
    } finally {
      sending.unlock();
    }
  }

  private void lockSending(long timeout) throws IOException {
    StackSpace.reserve();
    if (sending.tryLock()) {
      return;
    }
    try {
      if (timeout == Endpoint.FOREVER) {
        sending.lockInterruptibly();
      } else if (timeout == 0) {
        throw new WouldBlockException("another thread is sending");
      } else if (!sending.tryLock(timeout, TimeUnit.NANOSECONDS)) {
        throw new SocketTimeoutException("timed out: another thread is sending");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting to send");
    }
  }

  /**
   * Sends a file from its first byte to its last (Python: {@code sendfile(file)}), by sendfile(2)
   * where the system allows it. The file's position is afterwards behind the last byte that was
   * sent.
   *
   * @param file the file, open for reading; it stays open
   * @return the number of bytes sent
   * @throws IOException if reading or sending fails, or the time-out, which is for the whole call,
   *     is over
   */
  public long sendfile(FileChannel file) throws IOException {
    return sendfile(file, 0, Long.MAX_VALUE);
  }

  /**
   * Sends a part of a file (Python: {@code sendfile(file, offset, count)}). The file's position is
   * afterwards behind the last byte that was sent.
   *
   * @param file the file, open for reading; it stays open
   * @param offset the first byte to send
   * @param count how many bytes at the most
   * @return the number of bytes sent
   * @throws IllegalArgumentException if the offset is negative or the count is not positive, or the
   *     socket is non-blocking
   * @throws IOException if reading or sending fails, or the time-out, which is for the whole call,
   *     is over
   */
  public long sendfile(FileChannel file, long offset, long count) throws IOException {
    if (offset < 0) {
      throw new IllegalArgumentException("offset must not be negative: " + offset);
    }
    if (count <= 0) {
      throw new IllegalArgumentException("count must be positive: " + count);
    }
    if (!getblocking()) {
      throw new IllegalArgumentException("a non-blocking socket cannot send a file");
    }
    heldError.report();
    long length = Math.min(count, Math.max(file.size() - offset, 0));
    long sent = length == 0 ? 0 : transfer(file, offset, length);
    if (sent > 0) {
      file.position(offset + sent);
    }
    kept();
    return sent;
  }

  private long transfer(FileChannel file, long offset, long length) throws IOException {
    try {
      long sent = kept(endpoint.transferFrom(file, offset, length, timeoutNanos()));
      traffic().sent(sent);
      return sent;
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /**
   * Returns who is at the other end of a Unix domain connection (Python: {@code
   * getsockopt(SOL_SOCKET, SO_PEERCRED, 12)}). Works in {@code verifyRequest} as well as in a
   * handler.
   *
   * @return the peer's process, user and group
   * @throws UnsupportedOperationException if this is no Unix domain connection
   * @throws IOException if the socket is closed, or the system does not tell
   */
  public PeerCredentials peerCredentials() throws IOException {
    return kept(unixEndpoint().peerCredentials());
  }

  /** The socket as Java's streams see it; closing it is the business of the files. */
  final class Output extends OutputStream {
    @Override
    public void write(int b) throws IOException {
      sendall(new byte[] {(byte) b});
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
      sendall(source, offset, length);
    }
  }
}
