package socketserver.netty;

import io.netty.channel.unix.DatagramSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import socketserver.Datagram;

/** The calls on a UDP socket. */
final class InternetDatagramCalls implements DatagramCalls {
  /** No UDP datagram is longer. */
  static final int LONGEST = 65535;

  @Override
  public boolean send(Socket socket, ByteBuffer data, SocketAddress target) throws IOException {
    InetSocketAddress to = (InetSocketAddress) target;
    int length = data.remaining();
    try {
      int sent = socket.sendTo(data, data.position(), data.limit(), to.getAddress(), to.getPort());
      // no byte is what an empty datagram has, too
      return sent > 0 || length == 0;
    } catch (IOException e) {
      throw ChannelErrors.ofSending(length, target, e);
    }
  }

  @Override
  public Datagram receive(Socket socket, ByteBuffer buffer) throws IOException {
    DatagramSocketAddress from = socket.recvFrom(buffer, buffer.position(), buffer.limit());
    return from == null
        ? null
        : new Datagram(
            DatagramCalls.copy(buffer, from.receivedAmount()),
            new InetSocketAddress(from.getAddress(), from.getPort()));
  }

  @Override
  public SocketAddress localAddress(Socket socket) {
    return socket.localAddress();
  }

  @Override
  public int longest() {
    return LONGEST;
  }
}
