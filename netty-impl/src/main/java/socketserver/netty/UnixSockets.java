package socketserver.netty;

import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import socketserver.UnixAddress;
import socketserver.spi.DatagramEndpoint;
import socketserver.spi.ListenerEndpoint;
import socketserver.spi.StreamEndpoint;
import socketserver.spi.UnixStreamEndpoint;

/**
 * Unix domain sockets on the pipelines of this module, for {@code socketserver-unix}, which
 * provides what Netty has not.
 *
 * <p>With epoll they are Netty channels. With another mechanism stream sockets are the JDK's own,
 * which the threads that use them drive; there are no datagrams, abstract names, credentials,
 * descriptors and TLS then.
 */
public final class UnixSockets {
  private static final long SHORTEST_PAUSE = 100_000;
  private static final long LONGEST_PAUSE = 10_000_000;

  private UnixSockets() {}

  /** Whether they are descriptors; otherwise the JDK's own are used. */
  private static boolean hasDescriptors() {
    return Mechanisms.chosen().hasDescriptors();
  }

  /**
   * Opens a stream socket that will listen.
   *
   * @param system what Netty has not
   * @return the socket, unbound
   * @throws IOException if the system refuses
   */
  public static ListenerEndpoint openListener(UnixSystem system) throws IOException {
    return NettyTransport.open(
        engine ->
            new NettyListener(
                engine,
                hasDescriptors()
                    ? new NativeListenCalls(
                        engine, NativeSocket.unixStream(), new NativeFamily.Unix(system))
                    : new JdkListenCalls(engine, JdkFamily.UNIX)));
  }

  /**
   * Opens a datagram socket.
   *
   * @param system what Netty has not
   * @return the socket, unbound
   * @throws IOException if the system refuses
   */
  public static DatagramEndpoint openDatagram(UnixSystem system) throws IOException {
    if (!hasDescriptors()) {
      throw new UnsupportedOperationException(
          Mechanisms.needEpoll("unix datagram sockets") + " (see README, Unix sockets)");
    }
    return NettyTransport.open(
        engine -> new NettyDatagram(engine, datagrams(NativeSocket.unixDatagram(), system), false));
  }

  private static UnixDatagramCalls datagrams(Socket socket, UnixSystem system) {
    return new UnixDatagramCalls(socket, new NativeFamily.Unix(system));
  }

  /**
   * Opens a stream socket that is to be connected.
   *
   * @param system what Netty has not
   * @return the socket, neither bound nor connected
   * @throws IOException if the system refuses
   */
  public static StreamEndpoint openStream(UnixSystem system) throws IOException {
    return open(system);
  }

  private static UnixStream open(UnixSystem system) throws IOException {
    return NettyTransport.open(
        engine ->
            UnixStream.unconnected(
                engine,
                hasDescriptors()
                    ? new UnixCalls(
                        engine, NativeSocket.unixStream(), new NativeFamily.Unix(system))
                    : new JdkCalls(JdkFamily.UNIX)));
  }

  /**
   * Opens two stream sockets that are connected to each other.
   *
   * @param system what Netty has not
   * @return the two, neither of which has a name
   * @throws IOException if the system refuses
   * @throws UnsupportedOperationException if this process does not use epoll
   */
  public static List<StreamEndpoint> openPair(UnixSystem system) throws IOException {
    if (!hasDescriptors()) {
      throw new UnsupportedOperationException(Mechanisms.needEpoll("socket pairs"));
    }
    return NettyTransport.open(engine -> pair(engine, new NativeFamily.Unix(system)));
  }

  private static List<StreamEndpoint> pair(Engine engine, NativeFamily.Unix family)
      throws IOException {
    int[] ends = family.system().pair();
    return List.of(
        UnixStream.paired(engine, NativeSocket.of(ends[0]), family),
        UnixStream.paired(engine, NativeSocket.of(ends[1]), family));
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
    return NettyTransport.connected(open(system), address, timeoutNanos);
  }

  /**
   * Takes over a connection.
   *
   * @param fd the descriptor of a connected stream socket, non-blocking
   * @param arrived what was read from it before and is to be read again
   * @param system what Netty has not
   * @return the connection, which is not read before it is used
   * @throws IOException if the descriptor is no socket; it stays the caller's then
   * @throws UnsupportedOperationException if this process does not use epoll
   */
  public static UnixStreamEndpoint adoptStream(int fd, byte[] arrived, UnixSystem system)
      throws IOException {
    return NettyTransport.adopt(
        fd,
        (engine, socket) -> {
          UnixStream stream = UnixStream.of(engine, socket, new NativeFamily.Unix(system));
          stream.arrived(arrived);
          return stream;
        });
  }

  /**
   * Takes over a copy of a datagram socket.
   *
   * @param fd the descriptor of a bound, non-blocking datagram socket
   * @param system what Netty has not
   * @return the socket, which receives nothing that nobody asks for
   * @throws IOException if the descriptor is no socket; it stays the caller's then
   * @throws UnsupportedOperationException if this process does not use epoll
   */
  public static DatagramEndpoint adoptDatagram(int fd, UnixSystem system) throws IOException {
    return NettyTransport.adopt(
        fd, (engine, socket) -> new NettyDatagram(engine, datagrams(socket, system), true));
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
