package socketserver.netty;

import io.netty.channel.socket.SocketProtocolFamily;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import socketserver.netty.datagram.InternetDatagramCalls;
import socketserver.netty.datagram.JdkDatagramCalls;
import socketserver.netty.datagram.NettyDatagram;
import socketserver.netty.ground.NativeFamily;
import socketserver.netty.ground.NativeSocket;
import socketserver.netty.ground.OutsideDescriptor;
import socketserver.netty.listen.JdkListenCalls;
import socketserver.netty.listen.NativeListenCalls;
import socketserver.netty.listen.NettyListener;
import socketserver.netty.loop.Engine;
import socketserver.netty.loop.EpollPoller;
import socketserver.netty.loop.Mechanism;
import socketserver.netty.loop.Mechanisms;
import socketserver.netty.stream.ConnectingSocket;
import socketserver.netty.stream.InternetCalls;
import socketserver.netty.stream.JdkCalls;
import socketserver.netty.stream.JdkInternet;
import socketserver.netty.stream.NettyStream;
import socketserver.spi.DatagramEndpoint;
import socketserver.spi.ListenerEndpoint;
import socketserver.spi.Poller;
import socketserver.spi.SocketKind;
import socketserver.spi.StreamEndpoint;
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
    return Engine.open(
        engine ->
            engine.mechanism().hasDescriptors()
                ? listener(engine, NativeSocket.stream(of(family)), false)
                : new NettyListener(
                    engine, new JdkListenCalls(engine, new JdkInternet(family)), false));
  }

  private static NettyListener listener(Engine engine, NativeSocket socket, boolean bound) {
    return new NettyListener(
        engine,
        new NativeListenCalls(
            engine, socket, NativeFamily.INTERNET, InternetCalls::accepted, bound),
        bound);
  }

  @Override
  public DatagramEndpoint openDatagram(ProtocolFamily family) throws IOException {
    return Engine.open(
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
    return ConnectingSocket.connected(
        openStream(isV6 ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET),
        address,
        timeoutNanos);
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
    return Engine.open(
        engine ->
            new NettyStream(
                engine,
                engine.mechanism().hasDescriptors()
                    ? new InternetCalls(NativeSocket.stream(of(family)))
                    : new JdkCalls(new JdkInternet(family)),
                false,
                null,
                null));
  }

  @Override
  public StreamEndpoint adoptStream(int fd, byte[] arrived) throws IOException {
    return Engine.adopt(
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
    return Engine.adopt(
        fd, (engine, socket) -> new NettyDatagram(engine, new InternetDatagramCalls(socket), true));
  }

  @Override
  public ListenerEndpoint adoptListener(int fd) throws IOException {
    return Engine.adopt(fd, (engine, socket) -> listener(engine, socket, true));
  }

  @Override
  public SocketKind kindOf(int fd) throws IOException {
    requireDescriptors();
    return OutsideDescriptor.kind(fd);
  }

  @Override
  public void unblock(int fd) throws IOException {
    requireDescriptors();
    OutsideDescriptor.unblock(fd);
  }

  private static void requireDescriptors() {
    Mechanism mechanism = Mechanisms.chosen();
    if (!mechanism.hasDescriptors()) {
      throw new UnsupportedOperationException(mechanism.adoptsNone());
    }
  }

  private static SocketProtocolFamily of(ProtocolFamily family) {
    return family == StandardProtocolFamily.INET6
        ? SocketProtocolFamily.INET6
        : SocketProtocolFamily.INET;
  }
}
