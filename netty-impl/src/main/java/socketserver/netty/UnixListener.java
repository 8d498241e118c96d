package socketserver.netty;

import io.netty.channel.Channel;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.SocketAddress;

/** A Unix stream socket that waits for connections, which start to read when somebody does. */
final class UnixListener extends NativeListener {
  private final UnixSystem system;

  UnixListener(Engine engine, UnixSystem system) {
    super(
        engine,
        new Acceptor(channel -> UnixStream.accepted(engine, channel, system)),
        NativeSocket.unixStream());
    this.system = system;
  }

  /** It reads nothing ahead anyway. */
  @Override
  public void withoutReadAhead() {}

  @Override
  void bind(Socket socket, SocketAddress address) throws IOException {
    UnixDatagram.bind(socket, system, address);
  }

  @Override
  SocketAddress localAddress(Socket socket) {
    return UnixNames.toApi(socket.localDomainSocketAddress());
  }

  @Override
  Channel adopt(Mechanism mechanism, int fd) {
    return mechanism.adoptUnixListener(fd);
  }
}
