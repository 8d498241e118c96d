package socketserver.netty.stream;

import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.channels.NetworkChannel;
import socketserver.netty.ground.Options;
import socketserver.netty.loop.Engine;

/** What the families of the JDK's sockets do not have in common. */
public interface JdkFamily {
  ProtocolFamily protocol();

  Options options(NetworkChannel channel);

  /** Makes a connection, which owns the socket. */
  NettyStream stream(Engine engine, JdkCalls calls) throws IOException;

  /** The address as the JDK has it. */
  SocketAddress toJdk(SocketAddress address) throws SocketException;

  /** The address as the API has it; null if it is bound to nothing. */
  SocketAddress toApi(SocketAddress address) throws SocketException;
}
