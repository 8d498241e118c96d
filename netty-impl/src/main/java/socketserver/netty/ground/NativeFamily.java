package socketserver.netty.ground;

import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** What the families of descriptors do not have in common: their addresses. */
public interface NativeFamily {
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
}
