package socketserver.netty;

import io.netty.channel.Channel;
import io.netty.channel.unix.DomainDatagramPacket;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.SocketAddress;
import socketserver.UnixAddress;

/**
 * A Unix datagram socket with a pipeline. The event loop receives; sending is the system call on
 * the caller's thread, as no event tells when the queue of a receiver has room again.
 */
final class UnixDatagram extends NettyDatagram {
  private final UnixSystem system;
  private final DirectDatagrams datagrams;

  /**
   * Takes over a descriptor's channel, and a share of the engine.
   *
   * @param datagrams the calls, which their owner closes before this
   */
  UnixDatagram(Engine engine, Channel channel, UnixSystem system, DirectDatagrams datagrams) {
    super(engine, channel, UnixDatagramCalls.USUAL, UnixDatagramCalls.LONGEST);
    this.system = system;
    this.datagrams = datagrams;
    register();
  }

  @Override
  SocketAddress sender(Object message) {
    return UnixNames.toApi(((DomainDatagramPacket) message).sender());
  }

  @Override
  public SocketAddress localAddress() throws IOException {
    return datagrams.localAddress();
  }

  @Override
  public void bind(SocketAddress address) throws IOException {
    datagrams.call(
        socket -> {
          bind(socket, system, address);
          return null;
        });
  }

  static void bind(Socket socket, UnixSystem system, SocketAddress address) throws IOException {
    system.bind((UnixAddress) address, name -> bind(socket, name));
  }

  private static void bind(Socket socket, UnixAddress name) throws IOException {
    try {
      socket.bind(UnixNames.toBind(name));
    } catch (IOException e) {
      throw ChannelErrors.of(e);
    }
  }

  @Override
  public void send(byte[] data, int offset, int length, SocketAddress target, long timeoutNanos)
      throws IOException {
    datagrams.send(data, offset, length, target, timeoutNanos);
  }
}
