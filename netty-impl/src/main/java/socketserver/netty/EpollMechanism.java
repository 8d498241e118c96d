package socketserver.netty;

import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;

/** epoll(7), on Linux. */
final class EpollMechanism extends Mechanism {
  @Override
  String name() {
    return "epoll";
  }

  @Override
  IoHandlerFactory handlers() {
    return HalfClosedEpoll.newFactory();
  }

  @Override
  Channel newStream(SocketProtocolFamily family) {
    return new EpollSocketChannel(family);
  }

  @Override
  Channel newDatagram(SocketProtocolFamily family) {
    return new EpollDatagramChannel(family);
  }

  @Override
  Channel newListener(SocketProtocolFamily family) {
    return new EpollServerSocketChannel(family);
  }

  @Override
  boolean adoptsDescriptors() {
    return true;
  }

  @Override
  Channel adoptListener(int fd) {
    return new EpollServerSocketChannel(fd);
  }

  @Override
  Channel adoptStream(int fd) {
    return new EpollSocketChannel(fd);
  }

  @Override
  Channel adoptDatagram(int fd) {
    return new EpollDatagramChannel(fd);
  }

  @Override
  boolean watchesDescriptors() {
    return true;
  }

  @Override
  boolean adoptsUnixSockets() {
    return true;
  }

  @Override
  Channel adoptUnixListener(int fd) {
    return new EpollServerDomainSocketChannel(fd, true);
  }

  @Override
  Channel adoptUnixStream(int fd) {
    // active: asking the system would take an error that a read is to report
    return new EpollDomainSocketChannel(fd, true);
  }

  @Override
  Channel adoptUnixDatagram(int fd) {
    return new EpollDomainDatagramChannel(fd);
  }
}
