package socketserver.unix;

import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.NetworkChannel;
import java.nio.file.InvalidPathException;
import socketserver.UnixAddress;
import socketserver.netty.ground.Options;
import socketserver.netty.loop.Engine;
import socketserver.netty.loop.Mechanisms;
import socketserver.netty.stream.JdkCalls;
import socketserver.netty.stream.JdkFamily;
import socketserver.netty.stream.NettyStream;

/** What is particular about the JDK's Unix sockets. */
final class JdkUnix implements JdkFamily {
  static final JdkUnix UNIX = new JdkUnix();

  private JdkUnix() {}

  @Override
  public ProtocolFamily protocol() {
    return StandardProtocolFamily.UNIX;
  }

  @Override
  public Options options(NetworkChannel channel) {
    return new JdkUnixOptions(channel);
  }

  @Override
  public NettyStream stream(Engine engine, JdkCalls calls) throws IOException {
    return UnixStream.of(engine, calls);
  }

  @Override
  public SocketAddress toJdk(SocketAddress address) throws SocketException {
    UnixAddress unix = (UnixAddress) address;
    if (unix.isAbstract()) {
      throw new SocketException(
          "no abstract names without epoll: " + address + Mechanisms.whyNoEpoll());
    }
    try {
      return UnixDomainSocketAddress.of(unix.path());
    } catch (InvalidPathException e) {
      throw new SocketException("no path: " + address + ": " + e.getReason());
    }
  }

  @Override
  public SocketAddress toApi(SocketAddress address) throws SocketException {
    return UnixAddress.of(address);
  }
}
