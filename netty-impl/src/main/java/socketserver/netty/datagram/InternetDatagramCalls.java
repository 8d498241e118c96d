package socketserver.netty.datagram;

import io.netty.buffer.ByteBuf;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.DatagramSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import socketserver.Datagram;
import socketserver.netty.ground.ChannelErrors;
import socketserver.netty.ground.NativeFamily;

/** The calls on a UDP socket. */
public final class InternetDatagramCalls extends NativeDatagramCalls {
  /** No UDP datagram is longer. */
  static final int LONGEST = 65535;

  private static final Logger LOGGER = LoggerFactory.getLogger(InternetDatagramCalls.class);

  public InternetDatagramCalls(Socket socket) {
    super(socket, NativeFamily.INTERNET);
  }

  @Override
  public int send(ByteBuffer data, SocketAddress target) throws IOException {
    InetSocketAddress to = (InetSocketAddress) target;
    return socket().sendTo(data, data.position(), data.limit(), to.getAddress(), to.getPort());
  }

  @Override
  public Datagram receive(ByteBuffer buffer) throws IOException {
    DatagramSocketAddress from;
    try {
      from = socket().recvFrom(buffer, buffer.position(), buffer.limit());
    } catch (PortUnreachableException e) {
      if (remoteAddress() != null) {
        throw DatagramCalls.refusedByPeer("", e);
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
            copy(buffer, from.receivedAmount()),
            new InetSocketAddress(from.getAddress(), from.getPort()));
  }

  @Override
  public int longest() {
    return LONGEST;
  }

  @Override
  public int usual() {
    return LONGEST;
  }

  @Override
  public Object packet(ByteBuf content, SocketAddress recipient, SocketAddress sender) {
    return new DatagramPacket(content, (InetSocketAddress) recipient, (InetSocketAddress) sender);
  }

  @Override
  public SocketAddress toApi(SocketAddress address) {
    return address;
  }
}
