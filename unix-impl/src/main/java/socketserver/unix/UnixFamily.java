package socketserver.unix;

import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.SocketAddress;
import socketserver.UnixAddress;
import socketserver.netty.ground.ChannelErrors;
import socketserver.netty.ground.NativeFamily;

/** What is particular about descriptors of Unix sockets: their addresses. */
final class UnixFamily implements NativeFamily {
  static final UnixFamily UNIX = new UnixFamily();

  private UnixFamily() {}

  @Override
  public void bind(Socket socket, SocketAddress address) throws IOException {
    SocketPath.bind((UnixAddress) address, name -> bindNow(socket, name));
  }

  private static void bindNow(Socket socket, UnixAddress name) throws IOException {
    try {
      socket.bind(UnixNames.toBind(name));
    } catch (IOException e) {
      throw ChannelErrors.of(e);
    }
  }

  @Override
  public SocketAddress local(Socket socket) {
    UnixAddress name = UnixNames.toApi(socket.localDomainSocketAddress());
    return name.isUnnamed() ? null : name;
  }

  @Override
  public SocketAddress peer(Socket socket) {
    DomainSocketAddress peer = socket.remoteDomainSocketAddress();
    return peer == null ? null : UnixNames.toApi(peer);
  }

  @Override
  public SocketAddress toNetty(SocketAddress address) {
    return UnixNames.toNetty((UnixAddress) address);
  }
}
