package socketserver.unix;

import io.netty.channel.unix.Socket;
import java.io.FileDescriptor;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketException;
import socketserver.Errno;
import socketserver.PeerCredentials;
import socketserver.ReceivedFds;
import socketserver.UnixAddress;
import socketserver.netty.loop.Engine;
import socketserver.netty.stream.NativeCalls;

/**
 * The calls on a Unix stream socket. Descriptors pass on a loop's thread: an interrupt would make
 * junixsocket shut the connection down.
 */
final class UnixCalls extends NativeCalls {
  private final Engine engine;

  /** The peer, which stays known whatever has ended; null before it is. */
  private volatile UnixAddress peer;

  /** Made when descriptors are first to be passed. */
  private DescriptorPassing passing;

  UnixCalls(Engine engine, Socket socket) {
    super(socket, UnixFamily.UNIX);
    this.engine = engine;
  }

  @Override
  public SocketAddress localAddress() {
    return UnixNames.toApi(socket().localDomainSocketAddress());
  }

  @Override
  public SocketAddress remoteAddress() throws IOException {
    UnixAddress known = peer;
    if (known == null) {
      known = (UnixAddress) family().peer(socket());
      if (known == null) {
        throw new SocketException(Errno.strerror(Errno.ENOTCONN));
      }
      peer = known;
    }
    return known;
  }

  @Override
  public PeerCredentials credentials() throws IOException {
    return UnixCredentials.of(socket());
  }

  private synchronized DescriptorPassing passing() throws IOException {
    if (passing == null) {
      NativeLibrary.require("calls that pass descriptors");
      passing = new DescriptorPassing(fileno());
    }
    return passing;
  }

  @Override
  public int available() throws IOException {
    return passing().available();
  }

  @Override
  public int sendFds(byte[] data, FileDescriptor[] fds) throws IOException {
    DescriptorPassing made = passing();
    return engine.call(() -> made.send(data, fds));
  }

  @Override
  public ReceivedFds receiveFds(int size, int maxFds) throws IOException {
    DescriptorPassing made = passing();
    return engine.call(() -> made.receive(size, maxFds));
  }
}
