package socketserver.netty;

import io.netty.channel.unix.DomainDatagramSocketAddress;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.NotYetConnectedException;
import java.nio.charset.StandardCharsets;
import socketserver.Datagram;
import socketserver.Errno;
import socketserver.UnixAddress;

/** The calls on a Unix datagram socket. */
final class UnixDatagramCalls implements DatagramCalls {
  /** What a datagram may take of our memory, whatever a sender's buffer allows. */
  static final int LONGEST = 16 << 20;

  /** More than the usual limit of a sender, net.core.wmem_default. */
  static final int USUAL = 256 << 10;

  @Override
  public boolean send(Socket socket, ByteBuffer data, SocketAddress target) throws IOException {
    UnixAddress address = (UnixAddress) target;
    if (address.isUnnamed()) {
      throw new SocketException("cannot send to an unnamed socket: it is bound to no address");
    }
    byte[] name = address.path().getBytes(StandardCharsets.UTF_8);
    int length = data.remaining();
    try {
      int sent = socket.sendToDomainSocket(data, data.position(), data.limit(), name);
      // no byte is what an empty datagram has, too
      return sent > 0 || length == 0;
    } catch (IOException | NotYetConnectedException e) {
      if (ChannelErrors.errno(e) != Errno.ECONNREFUSED) {
        throw ChannelErrors.ofSending(length, target, e);
      }
      ConnectException error =
          new ConnectException("cannot send to " + target + ": nobody has the socket open");
      error.initCause(e);
      throw error;
    }
  }

  @Override
  public void connect(Socket socket, SocketAddress target) throws IOException {
    DatagramCalls.connect(socket, UnixNames.toNetty((UnixAddress) target), target);
  }

  @Override
  public SocketAddress remoteAddress(Socket socket) {
    DomainSocketAddress peer = socket.remoteDomainSocketAddress();
    return peer == null ? null : UnixNames.toApi(peer);
  }

  @Override
  public Datagram receive(Socket socket, ByteBuffer buffer) throws IOException {
    DomainDatagramSocketAddress from;
    try {
      from = socket.recvFromDomainSocket(buffer, buffer.position(), buffer.limit());
    } catch (IOException e) {
      throw ChannelErrors.of(e);
    }
    return from == null
        ? null
        : new Datagram(DatagramCalls.copy(buffer, from.receivedAmount()), UnixNames.toApi(from));
  }

  @Override
  public SocketAddress localAddress(Socket socket) {
    UnixAddress name = UnixNames.toApi(socket.localDomainSocketAddress());
    return name.isUnnamed() ? null : name;
  }

  @Override
  public int longest() {
    return LONGEST;
  }
}
