package socketserver.netty.listen;

import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketException;
import socketserver.netty.ground.ChannelErrors;
import socketserver.netty.ground.DescriptorCalls;
import socketserver.netty.ground.NativeFamily;
import socketserver.netty.ground.NativeSocket;
import socketserver.netty.loop.Engine;
import socketserver.netty.stream.NettyStream;

/** The calls on a descriptor that listens. */
public final class NativeListenCalls extends DescriptorCalls implements ListenCalls {
  /** The longest address: its length, 16 bytes, a scope and a port. */
  private static final int ADDRESS_SIZE = 26;

  private final Engine engine;
  private final Accepting accepting;

  /** Guarded by the socket's state. */
  private boolean bound;

  /** Makes a connection of what was accepted. */
  public interface Accepting {
    /**
     * Makes it.
     *
     * @param socket the connection's, which it owns
     * @param peer the peer's address: its length, and as many bytes as Netty writes
     */
    NettyStream accepted(Engine engine, Socket socket, byte[] peer);
  }

  /**
   * Takes over a socket.
   *
   * @param bound whether somebody has bound it already
   */
  public NativeListenCalls(
      Engine engine, Socket socket, NativeFamily family, Accepting accepting, boolean bound) {
    super(socket, family);
    this.engine = engine;
    this.accepting = accepting;
    this.bound = bound;
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
    return accepting.accepted(engine, NativeSocket.of(descriptor), peer);
  }

  @Override
  public SocketAddress localAddress() throws IOException {
    return bound ? super.localAddress() : null;
  }
}
