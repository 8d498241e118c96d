package socketserver.netty;

import io.netty.channel.ChannelException;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.Errors.NativeIoException;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import socketserver.Errno;
import socketserver.spi.DatagramEndpoint;
import socketserver.spi.ListenerEndpoint;
import socketserver.spi.Poller;
import socketserver.spi.StreamEndpoint;
import socketserver.spi.SystemErrors;
import socketserver.spi.Transport;

/**
 * Internet sockets over Netty. {@code -Dsocketserver.transport=epoll}, {@code kqueue}, {@code nio}
 * or {@code io_uring} chooses how the system is asked; without it the best that works here is
 * taken.
 */
public final class NettyTransport implements Transport {
  /** Made by {@link java.util.ServiceLoader}. */
  public NettyTransport() {}

  @Override
  public String name() {
    return "netty";
  }

  @Override
  public boolean supports(ProtocolFamily family) {
    return family == StandardProtocolFamily.INET || family == StandardProtocolFamily.INET6;
  }

  @Override
  public ListenerEndpoint openListener(ProtocolFamily family) throws IOException {
    return open(
        engine ->
            new NettyListener(
                engine,
                engine.mechanism().hasDescriptors()
                    ? new NativeListenCalls(
                        engine, NativeSocket.stream(of(family)), NativeFamily.INTERNET)
                    : new JdkListenCalls(engine, new JdkFamily(family))));
  }

  @Override
  public DatagramEndpoint openDatagram(ProtocolFamily family) throws IOException {
    return open(
        engine ->
            new NettyDatagram(
                engine,
                engine.mechanism().hasDescriptors()
                    ? new InternetDatagramCalls(NativeSocket.datagram(of(family)))
                    : new JdkDatagramCalls(family),
                false));
  }

  @Override
  public StreamEndpoint connect(SocketAddress address, long timeoutNanos) throws IOException {
    boolean isV6 = ((InetSocketAddress) address).getAddress() instanceof Inet6Address;
    return connected(
        openStream(isV6 ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET),
        address,
        timeoutNanos);
  }

  /** Connects a socket, which is closed if that fails. */
  static <T extends StreamEndpoint> T connected(T stream, SocketAddress address, long timeoutNanos)
      throws IOException {
    boolean connected = false;
    try {
      int errno = stream.connect(address, timeoutNanos);
      if (errno != 0) {
        throw SystemErrors.of(errno, "cannot connect to " + address + ": " + Errno.strerror(errno));
      }
      connected = true;
      return stream;
    } finally {
      if (!connected) {
        stream.close();
      }
    }
  }

  @Override
  public Poller openPoller() throws IOException {
    Mechanism mechanism = Mechanisms.chosen();
    if (!mechanism.watchesDescriptors()) {
      throw new UnsupportedOperationException(
          "the " + mechanism.name() + " transport watches no descriptors but its own");
    }
    return new EpollPoller();
  }

  @Override
  public StreamEndpoint openStream(ProtocolFamily family) throws IOException {
    return open(
        engine ->
            new NettyStream(
                engine,
                engine.mechanism().hasDescriptors()
                    ? new InternetCalls(NativeSocket.stream(of(family)))
                    : new JdkCalls(new JdkFamily(family)),
                false,
                null,
                null));
  }

  @Override
  public StreamEndpoint adoptStream(int fd, byte[] arrived) throws IOException {
    return adopt(
        fd,
        (engine, socket) -> {
          NettyStream stream =
              new NettyStream(
                  engine,
                  new InternetCalls(socket),
                  true,
                  socket.localAddress(),
                  socket.remoteAddress());
          stream.arrived(arrived);
          return stream;
        });
  }

  @Override
  public DatagramEndpoint adoptDatagram(int fd) throws IOException {
    return adopt(
        fd, (engine, socket) -> new NettyDatagram(engine, new InternetDatagramCalls(socket), true));
  }

  /** Makes a socket of a descriptor, which is its own from then on. */
  interface Adoption<T> {
    T adopt(Engine engine, NativeSocket socket) throws IOException;
  }

  static <T> T adopt(int fd, Adoption<T> adoption) throws IOException {
    return open(
        engine -> {
          if (!engine.mechanism().hasDescriptors()) {
            throw new UnsupportedOperationException(engine.mechanism().adoptsNone());
          }
          return adoption.adopt(engine, NativeSocket.of(fd));
        });
  }

  /** Makes a socket, which takes a share of the engine. */
  interface Opening<T> {
    T open(Engine engine) throws IOException;
  }

  static <T> T open(Opening<T> opening) throws IOException {
    Engine engine = Engine.acquire();
    boolean opened = false;
    try {
      T made = opening.open(engine);
      opened = true;
      return made;
    } catch (NativeIoException | ChannelException e) {
      throw ChannelErrors.failed("cannot open a socket", e);
    } finally {
      engine.release();
      if (!opened) {
        engine.settle();
      }
    }
  }

  private static SocketProtocolFamily of(ProtocolFamily family) {
    return family == StandardProtocolFamily.INET6
        ? SocketProtocolFamily.INET6
        : SocketProtocolFamily.INET;
  }
}
