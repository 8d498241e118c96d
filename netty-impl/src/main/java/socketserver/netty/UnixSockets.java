package socketserver.netty;

import io.netty.channel.unix.Errors;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.util.concurrent.locks.LockSupport;
import socketserver.UnixAddress;
import socketserver.spi.DatagramEndpoint;
import socketserver.spi.Endpoint;
import socketserver.spi.ListenerEndpoint;
import socketserver.spi.UnixStreamEndpoint;

/**
 * Unix domain sockets on the pipelines of this module, for {@code socketserver-unix}, which
 * provides what Netty has not. All of it needs epoll.
 */
public final class UnixSockets {
  private static final long SHORTEST_PAUSE = 100_000;
  private static final long LONGEST_PAUSE = 10_000_000;

  private UnixSockets() {}

  /**
   * Tells whether the mechanism of this process can adopt Unix sockets.
   *
   * @return true with epoll
   * @throws IllegalStateException if the mechanism that was asked for does not work here
   */
  public static boolean available() {
    return Mechanisms.chosen().adoptsUnixSockets();
  }

  /**
   * Opens a stream socket that will listen.
   *
   * @param system what Netty has not
   * @return the socket, unbound
   * @throws IOException if the system refuses
   */
  public static ListenerEndpoint openListener(UnixSystem system) throws IOException {
    return NettyTransport.open(engine -> new UnixListener(engine, system));
  }

  /**
   * Opens a datagram socket.
   *
   * @param system what Netty has not
   * @return the socket, unbound
   * @throws IOException if the system refuses
   */
  public static DatagramEndpoint openDatagram(UnixSystem system) throws IOException {
    return NettyTransport.open(engine -> UnixDatagram.open(engine, system));
  }

  /**
   * Connects to a listening socket.
   *
   * @param address where it listens
   * @param timeoutNanos how long to wait while its queue is full
   * @param system what Netty has not
   * @return the connection
   * @throws SocketTimeoutException if it took too long
   * @throws IOException if nobody listens there
   */
  public static UnixStreamEndpoint connect(
      UnixAddress address, long timeoutNanos, UnixSystem system) throws IOException {
    Engine engine = Engine.acquire();
    try {
      Socket socket = NativeSocket.unixStream();
      try {
        connect(socket, address, timeoutNanos);
        return new UnixStream(engine, socket, null, system);
      } catch (Throwable e) {
        socket.close();
        throw e;
      }
    } finally {
      engine.release();
    }
  }

  /**
   * connect(2) does not wait, and nothing tells when there is room again: ask again, less often.
   */
  private static void connect(Socket socket, UnixAddress address, long timeoutNanos)
      throws IOException {
    long start = System.nanoTime();
    long pause = SHORTEST_PAUSE;
    while (true) {
      try {
        socket.connect(UnixNames.toNetty(address));
        return;
      } catch (Errors.NativeIoException e) {
        if (e.expectedErr() != Errors.ERRNO_EAGAIN_NEGATIVE) {
          throw ChannelErrors.ofConnecting(address, e);
        }
      } catch (IOException e) {
        throw ChannelErrors.ofConnecting(address, e);
      }
      if (timeoutNanos != Endpoint.FOREVER && System.nanoTime() - start >= timeoutNanos) {
        throw new SocketTimeoutException("timed out connecting to " + address);
      }
      pause = pause(pause, "connecting to " + address);
    }
  }

  /** Waits a little, and returns how long to wait the next time. */
  static long pause(long nanos, String doing) throws InterruptedIOException {
    LockSupport.parkNanos(nanos);
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedIOException("interrupted while " + doing);
    }
    return Math.min(2 * nanos, LONGEST_PAUSE);
  }

  /** The first of these pauses. */
  static long firstPause() {
    return SHORTEST_PAUSE;
  }
}
