package socketserver.netty;

import io.netty.channel.Channel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.SocketAddress;

/** What a {@link DeferredDatagram} does by its address family. */
interface DatagramFamily {
  /** Opens a descriptor. */
  Socket open();

  DatagramCalls calls();

  /** How long a datagram may be as long as nobody said what to expect. */
  int usual();

  void bind(Socket socket, SocketAddress address) throws IOException;

  /** Makes what has a channel, which owns the descriptor and a share of the engine from then on. */
  NettyDatagram begin(Engine engine, Socket socket, DirectDatagrams datagrams);

  /** UDP. */
  record Internet(SocketProtocolFamily family) implements DatagramFamily {
    @Override
    public Socket open() {
      return NativeSocket.datagram(family);
    }

    @Override
    public DatagramCalls calls() {
      return new InternetDatagramCalls();
    }

    @Override
    public int usual() {
      return InternetDatagramCalls.LONGEST;
    }

    @Override
    public void bind(Socket socket, SocketAddress address) throws IOException {
      try {
        socket.bind(address);
      } catch (IOException e) {
        throw ChannelErrors.ofBinding(address, e);
      }
    }

    @Override
    public NettyDatagram begin(Engine engine, Socket socket, DirectDatagrams datagrams) {
      Channel channel = engine.mechanism().adoptDatagram(socket.intValue());
      return new InternetDatagram(engine, channel, family);
    }
  }

  /** Unix datagrams. */
  record Unix(UnixSystem system) implements DatagramFamily {
    @Override
    public Socket open() {
      return NativeSocket.unixDatagram();
    }

    @Override
    public DatagramCalls calls() {
      return new UnixDatagramCalls();
    }

    @Override
    public int usual() {
      return UnixDatagramCalls.USUAL;
    }

    @Override
    public void bind(Socket socket, SocketAddress address) throws IOException {
      UnixDatagram.bind(socket, system, address);
    }

    @Override
    public NettyDatagram begin(Engine engine, Socket socket, DirectDatagrams datagrams) {
      Channel channel = engine.mechanism().adoptUnixDatagram(socket.intValue());
      return new UnixDatagram(engine, channel, system, datagrams);
    }
  }
}
