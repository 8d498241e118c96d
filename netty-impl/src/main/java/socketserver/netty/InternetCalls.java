package socketserver.netty;

import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import socketserver.Errno;

/** The calls on a TCP socket. */
final class InternetCalls extends NativeCalls {
  InternetCalls(Socket socket) {
    super(socket);
  }

  @Override
  SocketAddress toNetty(SocketAddress address) {
    return address;
  }

  @Override
  public void bind(SocketAddress address) throws IOException {
    try {
      socket().bind(address);
    } catch (IOException e) {
      throw ChannelErrors.ofBinding(address, e);
    }
  }

  @Override
  public SocketAddress localAddress() {
    InetSocketAddress bound = socket().localAddress();
    return bound == null || bound.getPort() == 0 ? null : bound;
  }

  @Override
  public SocketAddress remoteAddress() throws IOException {
    SocketAddress peer = socket().remoteAddress();
    if (peer == null) {
      throw new SocketException(Errno.strerror(Errno.ENOTCONN));
    }
    return peer;
  }

  @Override
  public byte receiveUrgent(Input input) throws IOException {
    return UrgentData.receive(this, input);
  }

  @Override
  public int sendUrgent(byte value) throws IOException {
    return UrgentData.send(socket(), value);
  }
}
