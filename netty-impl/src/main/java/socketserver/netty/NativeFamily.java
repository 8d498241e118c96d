package socketserver.netty;

import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import socketserver.UnixAddress;

/** What the families of descriptors do not have in common: their addresses. */
interface NativeFamily {
  void bind(Socket socket, SocketAddress address) throws IOException;

  /** What it is bound to; null if to nothing. */
  SocketAddress local(Socket socket);

  /** The peer; null if there is none. */
  SocketAddress peer(Socket socket);

  /** The address in Netty's terms. */
  SocketAddress toNetty(SocketAddress address);

  /** TCP and UDP. */
  NativeFamily INTERNET =
      new NativeFamily() {
        @Override
        public void bind(Socket socket, SocketAddress address) throws IOException {
          try {
            socket.bind(address);
          } catch (IOException e) {
            throw ChannelErrors.ofBinding(address, e);
          }
        }

        @Override
        public SocketAddress local(Socket socket) {
          InetSocketAddress bound = socket.localAddress();
          return bound == null || bound.getPort() == 0 ? null : bound;
        }

        @Override
        public SocketAddress peer(Socket socket) {
          return socket.remoteAddress();
        }

        @Override
        public SocketAddress toNetty(SocketAddress address) {
          return address;
        }
      };

  /** Unix sockets. */
  record Unix(UnixSystem system) implements NativeFamily {
    @Override
    public void bind(Socket socket, SocketAddress address) throws IOException {
      system.bind((UnixAddress) address, name -> bindNow(socket, name));
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
}
