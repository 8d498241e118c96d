package socketserver.netty;

import io.netty.channel.unix.NativeInetAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketException;
import socketserver.spi.StreamEndpoint;

/** The calls on a descriptor, by Netty's native library. */
abstract class NativeListenCalls implements ListenCalls {
  /** The longest address: its length, 16 bytes, a scope and a port. */
  private static final int ADDRESS_SIZE = 26;

  private final Socket socket;
  private boolean bound;

  private NativeListenCalls(Socket socket) {
    this.socket = socket;
  }

  /** Binds the descriptor. */
  abstract void bind(Socket socket, SocketAddress address) throws IOException;

  abstract SocketAddress localAddress(Socket socket);

  /** Makes a connection of a descriptor, which owns it. */
  abstract StreamEndpoint accepted(int descriptor, byte[] peer) throws IOException;

  @Override
  public final Object source() {
    return socket;
  }

  @Override
  public final void bind(SocketAddress address) throws IOException {
    bind(socket, address);
    bound = true;
  }

  @Override
  public final void listen(int backlog) throws IOException {
    if (!bound) {
      throw new SocketException("cannot listen: the socket is not bound");
    }
    try {
      socket.listen(backlog);
    } catch (IOException e) {
      throw ChannelErrors.failed("cannot listen", e);
    }
  }

  @Override
  public final StreamEndpoint accept() throws IOException {
    byte[] peer = new byte[ADDRESS_SIZE];
    int descriptor = socket.accept(peer);
    return descriptor < 0 ? null : accepted(descriptor, peer);
  }

  @Override
  public final SocketAddress localAddress() {
    return bound ? localAddress(socket) : null;
  }

  @Override
  public final Options options() {
    return new Options.Native(socket);
  }

  @Override
  public final int fileno() {
    return socket.intValue();
  }

  @Override
  public final boolean hasDescriptor() {
    return true;
  }

  @Override
  public final void close() throws IOException {
    socket.close();
  }

  /** TCP. */
  static final class Internet extends NativeListenCalls {
    private final Engine engine;

    Internet(Engine engine, Socket socket) {
      super(socket);
      this.engine = engine;
    }

    @Override
    void bind(Socket socket, SocketAddress address) throws IOException {
      try {
        socket.bind(address);
      } catch (IOException e) {
        throw ChannelErrors.ofBinding(address, e);
      }
    }

    @Override
    SocketAddress localAddress(Socket socket) {
      return socket.localAddress();
    }

    @Override
    StreamEndpoint accepted(int descriptor, byte[] peer) throws IOException {
      StreamCalls calls = new InternetCalls(NativeSocket.of(descriptor));
      return new NettyStream(
          engine, calls, true, null, NativeInetAddress.address(peer, 1, peer[0]));
    }
  }

  /** Unix sockets. */
  static final class Unix extends NativeListenCalls {
    private final Engine engine;
    private final UnixSystem system;

    Unix(Engine engine, Socket socket, UnixSystem system) {
      super(socket);
      this.engine = engine;
      this.system = system;
    }

    @Override
    void bind(Socket socket, SocketAddress address) throws IOException {
      UnixDatagram.bind(socket, system, address);
    }

    @Override
    SocketAddress localAddress(Socket socket) {
      return UnixNames.toApi(socket.localDomainSocketAddress());
    }

    @Override
    StreamEndpoint accepted(int descriptor, byte[] peer) throws IOException {
      return UnixStream.of(engine, NativeSocket.of(descriptor), system);
    }
  }
}
