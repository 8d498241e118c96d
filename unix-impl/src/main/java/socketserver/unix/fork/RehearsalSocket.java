package socketserver.unix.fork;

import io.netty.channel.ChannelException;
import io.netty.channel.unix.Errors.NativeIoException;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import socketserver.SocketType;
import socketserver.netty.ground.ChannelErrors;
import socketserver.spi.ChildSettings;

/**
 * A socket on which a child rehearses, of the kind that it will be handed: one that talks to
 * itself, which nobody else can reach, or for a Unix server one end of a pair.
 */
final class RehearsalSocket {
  private static final byte[] LINE = {'x', '\n'};

  private RehearsalSocket() {}

  /** What is done with the socket while it is open. */
  interface Use {
    void of(int fd) throws IOException;
  }

  static void with(ChildSettings settings, Use use) throws IOException {
    if (settings.family() == StandardProtocolFamily.UNIX) {
      try (SocketPair pair = SocketPair.open()) {
        pair.near().write(LINE);
        use.of(pair.far().number());
      }
      return;
    }
    boolean stream = settings.kind() == SocketType.STREAM;
    try {
      Socket socket = stream ? Socket.newSocketStream() : Socket.newSocketDgram();
      try {
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        if (stream && !socket.connect(socket.localAddress())) {
          socket.finishConnect();
        }
        use.of(socket.intValue());
      } finally {
        socket.close();
      }
    } catch (NativeIoException | ChannelException e) {
      throw ChannelErrors.failed("cannot rehearse on a socket", e);
    }
  }
}
