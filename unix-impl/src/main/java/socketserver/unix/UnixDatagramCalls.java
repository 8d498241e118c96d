package socketserver.unix;

import io.netty.buffer.ByteBuf;
import io.netty.channel.unix.DomainDatagramPacket;
import io.netty.channel.unix.DomainDatagramSocketAddress;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import socketserver.Datagram;
import socketserver.Errno;
import socketserver.UnixAddress;
import socketserver.netty.datagram.NativeDatagramCalls;
import socketserver.netty.ground.ChannelErrors;

/** The calls on a Unix datagram socket. */
final class UnixDatagramCalls extends NativeDatagramCalls {
  /** What a datagram may take of our memory, whatever a sender's buffer allows. */
  private static final int LONGEST = 16 << 20;

  /** More than the usual limit of a sender, net.core.wmem_default. */
  private static final int USUAL = 256 << 10;

  UnixDatagramCalls(Socket socket) {
    super(socket, UnixFamily.UNIX);
  }

  @Override
  public boolean send(byte[] data, int offset, int length, SocketAddress target)
      throws IOException {
    if (target instanceof UnixAddress address && address.isUnnamed()) {
      throw new SocketException("cannot send to an unnamed socket: it is bound to no address");
    }
    return super.send(data, offset, length, target);
  }

  @Override
  public int send(ByteBuffer data, SocketAddress target) throws IOException {
    byte[] name = ((UnixAddress) target).path().getBytes(StandardCharsets.UTF_8);
    return socket().sendToDomainSocket(data, data.position(), data.limit(), name);
  }

  @Override
  public IOException refused(int length, SocketAddress target, Exception cause) {
    if (target == null || ChannelErrors.errno(cause) != Errno.ECONNREFUSED) {
      return super.refused(length, target, cause);
    }
    ConnectException error =
        new ConnectException("cannot send to " + target + ": nobody has the socket open");
    error.initCause(cause);
    return error;
  }

  @Override
  public Datagram receive(ByteBuffer buffer) throws IOException {
    DomainDatagramSocketAddress from;
    try {
      from = socket().recvFromDomainSocket(buffer, buffer.position(), buffer.limit());
    } catch (IOException e) {
      throw ChannelErrors.of(e);
    }
    return from == null
        ? null
        : new Datagram(copy(buffer, from.receivedAmount()), UnixNames.toApi(from));
  }

  @Override
  public int longest() {
    return LONGEST;
  }

  @Override
  public int usual() {
    return USUAL;
  }

  @Override
  public Object packet(ByteBuf content, SocketAddress recipient, SocketAddress sender) {
    return new DomainDatagramPacket(content, netty(recipient), netty(sender));
  }

  private static DomainSocketAddress netty(SocketAddress address) {
    return address == null ? null : UnixNames.toNetty((UnixAddress) address);
  }

  @Override
  public SocketAddress toApi(SocketAddress address) {
    return address instanceof DomainSocketAddress netty ? UnixNames.toApi(netty) : address;
  }
}
