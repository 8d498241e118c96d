package socketserver.netty;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.NetworkChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.InvalidPathException;
import socketserver.UnixAddress;

/** What the families of the JDK's sockets do not have in common. */
record JdkFamily(ProtocolFamily family) {
  static final JdkFamily UNIX = new JdkFamily(StandardProtocolFamily.UNIX);

  private boolean isUnix() {
    return family == StandardProtocolFamily.UNIX;
  }

  SocketChannel openStream() throws IOException {
    return SocketChannel.open(family);
  }

  ServerSocketChannel openListener() throws IOException {
    return ServerSocketChannel.open(family);
  }

  Options options(NetworkChannel channel) {
    return isUnix() ? new JdkUnixOptions(channel) : new NioOptions(channel);
  }

  /** Makes a connection, which owns the socket. */
  NettyStream stream(Engine engine, JdkCalls calls) throws IOException {
    return isUnix()
        ? UnixStream.of(engine, calls)
        : new NettyStream(engine, calls, true, calls.localAddress(), calls.remoteAddress());
  }

  /** The address as the JDK has it. */
  SocketAddress toJdk(SocketAddress address) throws SocketException {
    if (!(address instanceof UnixAddress unix)) {
      return address;
    }
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

  /** The address as the API has it; null if it is bound to nothing. */
  SocketAddress toApi(SocketAddress address) throws SocketException {
    if (isUnix()) {
      return UnixAddress.of(address);
    }
    return address instanceof InetSocketAddress bound && bound.getPort() == 0 ? null : address;
  }
}
