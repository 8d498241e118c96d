package socketserver.netty;

import io.netty.channel.Channel;
import io.netty.channel.unix.DomainDatagramPacket;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.SocketAddress;
import socketserver.UnixAddress;

/**
 * A Unix datagram socket. The event loop receives; sending is the system call on the caller's
 * thread, as no event tells when the queue of a receiver has room again.
 */
final class UnixDatagram extends NettyDatagram {
  /** More than the usual limit of a sender, net.core.wmem_default. */
  private static final int USUAL = 256 << 10;

  private final Socket socket;
  private final UnixSystem system;
  private final DirectDatagrams datagrams;

  private UnixDatagram(Engine engine, Socket socket, Channel channel, UnixSystem system) {
    super(engine, channel, USUAL, UnixDatagramCalls.LONGEST);
    this.socket = socket;
    this.system = system;
    this.datagrams = new DirectDatagrams(socket, new UnixDatagramCalls());
    register();
  }

  static UnixDatagram open(Engine engine, UnixSystem system) {
    Socket socket = NativeSocket.unixDatagram();
    Channel channel = engine.mechanism().adoptUnixDatagram(socket.intValue());
    return new UnixDatagram(engine, socket, channel, system);
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
    checkOpen();
    system.bind((UnixAddress) address, name -> socket.bind(UnixNames.toBind(name)));
  }

  @Override
  public void send(byte[] data, int offset, int length, SocketAddress target, long timeoutNanos)
      throws IOException {
    datagrams.send(data, offset, length, target, timeoutNanos);
  }

  @Override
  public void close() {
    datagrams.close();
    super.close();
  }
}
