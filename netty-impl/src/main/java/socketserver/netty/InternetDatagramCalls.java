package socketserver.netty;

import io.netty.channel.unix.DatagramSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.NotYetConnectedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import socketserver.Datagram;

/** The calls on a UDP socket. */
final class InternetDatagramCalls implements DatagramCalls {
  /** No UDP datagram is longer. */
  static final int LONGEST = 65535;

  private static final Logger LOGGER = LoggerFactory.getLogger(InternetDatagramCalls.class);

  @Override
  public boolean send(Socket socket, ByteBuffer data, SocketAddress target) throws IOException {
    InetSocketAddress to = (InetSocketAddress) target;
    int length = data.remaining();
    try {
      int sent = socket.sendTo(data, data.position(), data.limit(), to.getAddress(), to.getPort());
      // no byte is what an empty datagram has, too
      return sent > 0 || length == 0;
    } catch (IOException | NotYetConnectedException e) {
      throw ChannelErrors.ofSending(length, target, e);
    }
  }

  @Override
  public void connect(Socket socket, SocketAddress target) throws IOException {
    DatagramCalls.connect(socket, target, target);
  }

  @Override
  public SocketAddress remoteAddress(Socket socket) {
    return socket.remoteAddress();
  }

  @Override
  public Datagram receive(Socket socket, ByteBuffer buffer) throws IOException {
    DatagramSocketAddress from;
    try {
      from = socket.recvFrom(buffer, buffer.position(), buffer.limit());
    } catch (PortUnreachableException e) {
      if (socket.remoteAddress() != null) {
        ConnectException refused = new ConnectException(NOBODY);
        refused.initCause(e);
        throw refused;
      }
      // about a datagram that was sent: no error of this call's
      LOGGER.debug("nobody has received what was sent: {}", e.toString());
      return null;
    } catch (IOException e) {
      throw ChannelErrors.of(e);
    }
    return from == null
        ? null
        : new Datagram(
            DatagramCalls.copy(buffer, from.receivedAmount()),
            new InetSocketAddress(from.getAddress(), from.getPort()));
  }

  @Override
  public SocketAddress localAddress(Socket socket) {
    InetSocketAddress bound = socket.localAddress();
    return bound == null || bound.getPort() == 0 ? null : bound;
  }

  @Override
  public int longest() {
    return LONGEST;
  }
}
