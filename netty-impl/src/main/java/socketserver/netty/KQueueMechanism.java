package socketserver.netty;

import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.kqueue.KQueueDatagramChannel;
import io.netty.channel.kqueue.KQueueIoHandler;
import io.netty.channel.kqueue.KQueueServerSocketChannel;
import io.netty.channel.kqueue.KQueueSocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;

/** kqueue(2), on macOS. */
final class KQueueMechanism extends Mechanism {
  @Override
  String name() {
    return "kqueue";
  }

  @Override
  IoHandlerFactory handlers() {
    return KQueueIoHandler.newFactory();
  }

  @Override
  Channel newStream(SocketProtocolFamily family) {
    return new KQueueSocketChannel(family);
  }

  @Override
  Channel newDatagram(SocketProtocolFamily family) {
    return new KQueueDatagramChannel(family);
  }

  @Override
  Channel newListener(SocketProtocolFamily family) {
    return new KQueueServerSocketChannel();
  }

  @Override
  boolean adoptsDescriptors() {
    return true;
  }

  @Override
  Channel adoptListener(int fd) {
    return new KQueueServerSocketChannel(fd);
  }

  @Override
  Channel adoptStream(int fd) {
    return new KQueueSocketChannel(fd);
  }
}
