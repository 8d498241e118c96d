package socketserver.netty;

import io.netty.channel.unix.Socket;
import java.io.FileDescriptor;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketException;
import socketserver.Errno;
import socketserver.PeerCredentials;
import socketserver.ReceivedFds;
import socketserver.UnixAddress;

/**
 * The calls on a Unix stream socket. Descriptors pass on a loop's thread: an interrupt would make
 * junixsocket shut the connection down.
 */
final class UnixCalls extends NativeCalls {
  private final Engine engine;
  private final UnixSystem system;

  /** The peer, which stays known whatever has ended; null before it is. */
  private volatile UnixAddress peer;

  /** Made when descriptors are first to be passed. */
  private UnixSystem.Passing passing;

  UnixCalls(Engine engine, Socket socket, NativeFamily.Unix family) {
    super(socket, family);
    this.engine = engine;
    this.system = family.system();
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

  private synchronized UnixSystem.Passing passing() throws IOException {
    if (passing == null) {
      passing = system.passing(fileno());
    }
    return passing;
  }

  @Override
  public int available() throws IOException {
    return passing().available();
  }

  @Override
  public int sendFds(byte[] data, FileDescriptor[] fds) throws IOException {
    UnixSystem.Passing made = passing();
    return engine.call(() -> made.send(data, fds));
  }

  @Override
  public ReceivedFds receiveFds(int size, int maxFds) throws IOException {
    UnixSystem.Passing made = passing();
    return engine.call(() -> made.receive(size, maxFds));
  }
}
