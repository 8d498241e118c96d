package socketserver.netty;

import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.nio.channels.spi.SelectorProvider;

/** The JDK's selectors, wherever there is a JDK. */
final class NioMechanism extends Mechanism {
  @Override
  String name() {
    return "nio";
  }

  @Override
  IoHandlerFactory handlers() {
    return NioIoHandler.newFactory();
  }

  @Override
  Channel newStream(SocketProtocolFamily family) {
    return new NioSocketChannel(SelectorProvider.provider(), family);
  }

  @Override
  Channel newDatagram(SocketProtocolFamily family) {
    return new NioDatagramChannel(family);
  }

  @Override
  Channel newListener(SocketProtocolFamily family) {
    return new NioServerSocketChannel(SelectorProvider.provider(), family);
  }
}
