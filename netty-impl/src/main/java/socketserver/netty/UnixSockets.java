package socketserver.netty;

import io.netty.channel.ChannelException;
import io.netty.channel.unix.Errors.NativeIoException;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import socketserver.Errno;
import socketserver.UnixAddress;
import socketserver.spi.DatagramEndpoint;
import socketserver.spi.Endpoint;
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

  /** Whether Netty can adopt them; otherwise the JDK's own are used. */
  private static boolean adopted() {
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
    return adopted()
        ? NettyTransport.open(engine -> new UnixListener(engine, system))
        : new JdkListener();
  }

  /**
   * Opens a datagram socket.
   *
   * @param system what Netty has not
   * @return the socket, unbound
   * @throws IOException if the system refuses
   */
  public static DatagramEndpoint openDatagram(UnixSystem system) throws IOException {
    if (!adopted()) {
      throw new UnsupportedOperationException(
          Mechanisms.needEpoll("unix datagram sockets") + " (see README, Unix sockets)");
    }
    return NettyTransport.open(
        engine -> new DeferredDatagram(engine, new DatagramFamily.Unix(system)));
  }

  /**
   * Opens a stream socket that is to be connected.
   *
   * @param system what Netty has not
   * @return the socket, neither bound nor connected
   * @throws IOException if the system refuses
   */
  public static StreamEndpoint openStream(UnixSystem system) throws IOException {
    if (!adopted()) {
      return new LateStream(
          (address, source, timeoutNanos) ->
              connectJdk((UnixAddress) address, (UnixAddress) source, timeoutNanos));
    }
    return NettyTransport.adopt(
        engine -> {
          try {
            return new UnixStream(engine, system);
          } catch (ChannelException e) {
            throw ChannelErrors.failed("cannot open a socket", e);
          }
        });
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
    if (!adopted()) {
      throw new UnsupportedOperationException(Mechanisms.needEpoll("socket pairs"));
    }
    return NettyTransport.adopt(
        engine -> {
          try {
            return pair(engine, system);
          } catch (NativeIoException | ChannelException e) {
            throw ChannelErrors.failed("cannot open a socket pair", e);
          }
        });
  }

  private static List<StreamEndpoint> pair(Engine engine, UnixSystem system) throws IOException {
    int[] ends = system.pair();
    return List.of(
        UnixStream.paired(engine, NativeSocket.of(ends[0]), system),
        UnixStream.paired(engine, NativeSocket.of(ends[1]), system));
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
    return adopted()
        ? connectNative(address, timeoutNanos, system)
        : connectJdk(address, null, timeoutNanos);
  }

  private static UnixStreamEndpoint connectNative(
      UnixAddress address, long timeoutNanos, UnixSystem system) throws IOException {
    Engine engine = Engine.acquire();
    try {
      Socket socket = NativeSocket.unixStream();
      try {
        connect(socket, address, timeoutNanos);
        return UnixStream.of(engine, socket, system);
      } catch (Throwable e) {
        socket.close();
        throw e;
      }
    } catch (NativeIoException | ChannelException e) {
      throw ChannelErrors.failed("cannot open a socket", e);
    } finally {
      engine.release();
    }
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
        engine -> {
          if (!engine.mechanism().adoptsUnixSockets()) {
            throw new UnsupportedOperationException(engine.mechanism().adoptsNone());
          }
          return UnixStream.adopted(engine, NativeSocket.of(fd), arrived, system);
        });
  }

  /**
   * Takes over a copy of a datagram socket.
   *
   * @param fd the descriptor of a bound, non-blocking datagram socket
   * @return the socket, which receives nothing that nobody asks for
   * @throws IOException if the descriptor is no socket; it stays the caller's then
   * @throws UnsupportedOperationException if this process does not use epoll
   */
  public static DatagramEndpoint adoptDatagram(int fd) throws IOException {
    return NettyTransport.adopt(engine -> AdoptedDatagram.of(engine, fd, new UnixDatagramCalls()));
  }

  /**
   * connect(2) does not wait, and nothing tells when there is room again: ask again, less often.
   */
  private static void connect(Socket socket, UnixAddress address, long timeoutNanos)
      throws IOException {
    long start = System.nanoTime();
    long pause = SHORTEST_PAUSE;
    while (true) {
      if (tryConnect(socket, address)) {
        return;
      }
      if (timeoutNanos != Endpoint.FOREVER && System.nanoTime() - start >= timeoutNanos) {
        throw new SocketTimeoutException("timed out connecting to " + address);
      }
      pause = pause(pause, "connecting to " + address);
    }
  }

  /** One connect(2); false if the queue of the listener is full. */
  private static boolean tryConnect(Socket socket, UnixAddress address) throws IOException {
    try {
      return socket.connect(UnixNames.toNetty(address));
    } catch (IOException e) {
      if (ChannelErrors.errno(e) == Errno.EAGAIN) {
        return false;
      }
      throw ChannelErrors.ofConnecting(address, e);
    }
  }

  private static UnixStreamEndpoint connectJdk(
      UnixAddress address, UnixAddress source, long timeoutNanos) throws IOException {
    UnixDomainSocketAddress path = JdkListener.jdk(address);
    long start = System.nanoTime();
    long pause = SHORTEST_PAUSE;
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      if (source != null) {
        channel.bind(JdkListener.jdk(source));
      }
      channel.configureBlocking(false);
      while (!tryConnect(channel, path, address)) {
        if (timeoutNanos != Endpoint.FOREVER && System.nanoTime() - start >= timeoutNanos) {
          throw new SocketTimeoutException("timed out connecting to " + address);
        }
        pause = pause(pause, "connecting to " + address);
      }
      return DirectStream.of(channel);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private static boolean tryConnect(
      SocketChannel channel, UnixDomainSocketAddress path, UnixAddress address) throws IOException {
    try {
      return channel.isConnectionPending() ? channel.finishConnect() : channel.connect(path);
    } catch (IOException e) {
      throw ChannelErrors.ofConnecting(address, e);
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
