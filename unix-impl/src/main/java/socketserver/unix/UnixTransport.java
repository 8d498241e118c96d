package socketserver.unix;

import io.netty.channel.unix.Socket;
import java.io.FileDescriptor;
import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.util.List;
import org.newsclub.net.unix.FileDescriptorCast;
import socketserver.UnixAddress;
import socketserver.netty.datagram.NettyDatagram;
import socketserver.netty.ground.NativeSocket;
import socketserver.netty.listen.JdkListenCalls;
import socketserver.netty.listen.NativeListenCalls;
import socketserver.netty.listen.NettyListener;
import socketserver.netty.loop.Engine;
import socketserver.netty.loop.Mechanisms;
import socketserver.netty.stream.ConnectingSocket;
import socketserver.netty.stream.JdkCalls;
import socketserver.spi.DatagramEndpoint;
import socketserver.spi.ListenerEndpoint;
import socketserver.spi.StreamEndpoint;
import socketserver.spi.Transport;

/**
 * Unix domain sockets, on the engine and the pipelines of {@code socketserver-netty}.
 *
 * <p>With epoll they are descriptors. With another mechanism stream sockets are the JDK's own;
 * there are no datagrams, abstract names, credentials, descriptors and TLS then.
 */
public final class UnixTransport implements Transport {
  /** Made by {@link java.util.ServiceLoader}. */
  public UnixTransport() {}

  @Override
  public String name() {
    return "unix";
  }

  @Override
  public boolean supports(ProtocolFamily family) {
    return family == StandardProtocolFamily.UNIX;
  }

  @Override
  public ListenerEndpoint openListener(ProtocolFamily family) throws IOException {
    return Engine.open(
        engine ->
            engine.mechanism().hasDescriptors()
                ? listener(engine, NativeSocket.unixStream(), false)
                : new NettyListener(engine, new JdkListenCalls(engine, JdkUnix.UNIX), false));
  }

  private static NettyListener listener(Engine engine, Socket socket, boolean bound) {
    return new NettyListener(
        engine,
        new NativeListenCalls(
            engine,
            socket,
            UnixFamily.UNIX,
            (shared, accepted, peer) -> UnixStream.of(shared, accepted),
            bound),
        bound);
  }

  @Override
  public DatagramEndpoint openDatagram(ProtocolFamily family) throws IOException {
    return Engine.open(
        engine -> {
          if (!engine.mechanism().hasDescriptors()) {
            throw new UnsupportedOperationException(
                Mechanisms.needEpoll("unix datagram sockets") + " (see README, Unix sockets)");
          }
          return datagrams(engine, NativeSocket.unixDatagram(), false);
        });
  }

  private static NettyDatagram datagrams(Engine engine, Socket socket, boolean adopted) {
    return new NettyDatagram(engine, new UnixDatagramCalls(socket), adopted);
  }

  @Override
  public StreamEndpoint connect(SocketAddress address, long timeoutNanos) throws IOException {
    UnixAddress target = UnixAddress.of(address);
    return ConnectingSocket.connected(open(), target, timeoutNanos);
  }

  @Override
  public StreamEndpoint openStream(ProtocolFamily family) throws IOException {
    return open();
  }

  private static UnixStream open() throws IOException {
    return Engine.open(
        engine ->
            UnixStream.unconnected(
                engine,
                engine.mechanism().hasDescriptors()
                    ? new UnixCalls(engine, NativeSocket.unixStream())
                    : new JdkCalls(JdkUnix.UNIX)));
  }

  @Override
  public List<StreamEndpoint> openPair() throws IOException {
    return Engine.open(
        engine -> {
          if (!engine.mechanism().hasDescriptors()) {
            throw new UnsupportedOperationException(Mechanisms.needEpoll("socket pairs"));
          }
          NativeLibrary.require("socket pairs");
          FileDescriptor[] ends = NativePair.open(false);
          return List.of(paired(engine, ends[0]), paired(engine, ends[1]));
        });
  }

  private static UnixStream paired(Engine engine, FileDescriptor end) throws IOException {
    int number = FileDescriptorCast.using(end).as(Integer.class);
    return UnixStream.paired(engine, NativeSocket.of(number));
  }

  @Override
  public StreamEndpoint adoptStream(int fd, byte[] arrived) throws IOException {
    return Engine.adopt(
        fd,
        (engine, socket) -> {
          UnixStream stream = UnixStream.of(engine, socket);
          stream.arrived(arrived);
          return stream;
        });
  }

  @Override
  public ListenerEndpoint adoptListener(int fd) throws IOException {
    return Engine.adopt(fd, (engine, socket) -> listener(engine, socket, true));
  }

  @Override
  public DatagramEndpoint adoptDatagram(int fd) throws IOException {
    return Engine.adopt(fd, (engine, socket) -> datagrams(engine, socket, true));
  }
}
