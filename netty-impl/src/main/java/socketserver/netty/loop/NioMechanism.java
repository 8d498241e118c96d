package socketserver.netty.loop;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.AttributeKey;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.function.IntConsumer;

/** The JDK's selectors, wherever there is a JDK. */
final class NioMechanism extends Mechanism {
  /** The JDK's channel below a datagram channel. */
  private static final AttributeKey<DatagramChannel> SOCKET =
      AttributeKey.valueOf(NioMechanism.class, "socket");

  @Override
  public String name() {
    return "nio";
  }

  @Override
  IoHandlerFactory handlers() {
    return NioIoHandler.newFactory();
  }

  @Override
  IoHandlerFactory pollers() {
    return NioIoHandler.newFactory();
  }

  @Override
  Watched watched(Object source, boolean shared, IntConsumer listener) {
    return new NioWatched((SelectableChannel) source, shared, listener);
  }

  @Override
  public boolean hasDescriptors() {
    return false;
  }

  @Override
  public Channel newStream(SocketProtocolFamily family) {
    return new NioSocketChannel(SelectorProvider.provider(), family);
  }

  @Override
  public Channel newListener(SocketProtocolFamily family) {
    return new NioServerSocketChannel(SelectorProvider.provider(), family);
  }

  @Override
  public Channel newDatagram(SocketProtocolFamily family) {
    try {
      DatagramChannel socket = DatagramChannel.open(family.toJdkFamily());
      Channel channel = new NioDatagramChannel(socket);
      channel.attr(SOCKET).set(socket);
      return channel;
    } catch (IOException e) {
      throw new ChannelException(e);
    }
  }

  @Override
  public void sendEmpty(Channel channel, InetSocketAddress target) throws IOException {
    channel.attr(SOCKET).get().send(ByteBuffer.allocate(0), target);
  }
}
