package socketserver.netty.stream;

import io.netty.channel.unix.NativeInetAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketException;
import socketserver.Errno;
import socketserver.netty.ground.NativeFamily;
import socketserver.netty.loop.Engine;

/** The calls on a TCP socket. */
public final class InternetCalls extends NativeCalls {
  public InternetCalls(Socket socket) {
    super(socket, NativeFamily.INTERNET);
  }

  /** A connection that was accepted. */
  public static NettyStream accepted(Engine engine, Socket socket, byte[] peer) {
    SocketAddress address = NativeInetAddress.address(peer, 1, peer[0]);
    return new NettyStream(engine, new InternetCalls(socket), true, null, address);
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
