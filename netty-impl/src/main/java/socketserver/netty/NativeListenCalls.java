package socketserver.netty;

import io.netty.channel.unix.NativeInetAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketException;

/** The calls on a descriptor that listens. */
final class NativeListenCalls extends DescriptorCalls implements ListenCalls {
  /** The longest address: its length, 16 bytes, a scope and a port. */
  private static final int ADDRESS_SIZE = 26;

  private final Engine engine;
  private boolean bound;

  NativeListenCalls(Engine engine, Socket socket, NativeFamily family) {
    super(socket, family);
    this.engine = engine;
  }

  @Override
  public void bind(SocketAddress address) throws IOException {
    super.bind(address);
    bound = true;
  }

  @Override
  public void listen(int backlog) throws IOException {
    if (!bound) {
      throw new SocketException("cannot listen: the socket is not bound");
    }
    try {
      socket().listen(backlog);
    } catch (IOException e) {
      throw ChannelErrors.failed("cannot listen", e);
    }
  }

  @Override
  public NettyStream accept() throws IOException {
    byte[] peer = new byte[ADDRESS_SIZE];
    int descriptor = socket().accept(peer);
    if (descriptor < 0) {
      return null;
    }
    Socket accepted = NativeSocket.of(descriptor);
    if (family() instanceof NativeFamily.Unix unix) {
      return UnixStream.of(engine, accepted, unix);
    }
    return new NettyStream(
        engine,
        new InternetCalls(accepted),
        true,
        null,
        NativeInetAddress.address(peer, 1, peer[0]));
  }

  @Override
  public SocketAddress localAddress() throws IOException {
    return bound ? super.localAddress() : null;
  }
}
