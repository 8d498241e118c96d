package socketserver.netty.stream;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.nio.channels.NetworkChannel;
import socketserver.netty.ground.NioOptions;
import socketserver.netty.ground.Options;
import socketserver.netty.loop.Engine;

/** TCP by the JDK's sockets. */
public record JdkInternet(ProtocolFamily protocol) implements JdkFamily {
  @Override
  public Options options(NetworkChannel channel) {
    return new NioOptions(channel);
  }

  @Override
  public NettyStream stream(Engine engine, JdkCalls calls) throws IOException {
    return new NettyStream(engine, calls, true, calls.localAddress(), calls.remoteAddress());
  }

  @Override
  public SocketAddress toJdk(SocketAddress address) {
    return address;
  }

  @Override
  public SocketAddress toApi(SocketAddress address) {
    return address instanceof InetSocketAddress bound && bound.getPort() == 0 ? null : address;
  }
}
