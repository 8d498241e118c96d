package socketserver.netty;

import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketException;
import socketserver.Errno;

/** The calls on a TCP socket. */
final class InternetCalls extends NativeCalls {
  InternetCalls(Socket socket) {
    super(socket, NativeFamily.INTERNET);
  }

  @Override
  public SocketAddress remoteAddress() throws IOException {
    SocketAddress peer = family().peer(socket());
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
