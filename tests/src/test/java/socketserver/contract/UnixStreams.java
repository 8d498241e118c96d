package socketserver.contract;

import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import socketserver.StreamSocket;
import socketserver.UnixAddress;
import socketserver.fixture.Bounds;
import socketserver.spi.Transport;
import socketserver.unix.UnixTransport;

/** Unix domain stream sockets, at paths in one folder. The peers are the JDK's. */
public class UnixStreams implements StreamKind {
  private final UnixPaths paths;

  /** Makes a kind that binds in a folder. */
  public UnixStreams(Path folder) {
    this.paths = new UnixPaths(folder, "s");
  }

  /** Connects a peer to a path. */
  public static Peer peer(Path path) throws IOException {
    return new Peer(SocketChannel.open(UnixDomainSocketAddress.of(path)));
  }

  @Override
  public ProtocolFamily family() {
    return StandardProtocolFamily.UNIX;
  }

  @Override
  public Transport transport() {
    return new UnixTransport();
  }

  @Override
  public SocketAddress free() {
    return UnixAddress.of(paths.next());
  }

  @Override
  public Peer connect(SocketAddress address) throws IOException {
    return peer(Path.of(((UnixAddress) address).path()));
  }

  @Override
  public PeerListener listen() throws IOException {
    Path path = paths.next();
    ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    channel.bind(UnixDomainSocketAddress.of(path));
    return new PeerListener() {
      @Override
      public SocketAddress address() {
        return UnixAddress.of(path);
      }

      @Override
      public Peer accept() throws IOException {
        return new Peer(channel.accept());
      }

      @Override
      public void close() throws IOException {
        channel.close();
      }
    };
  }

  @Override
  public void clear(SocketAddress address) throws IOException {
    Files.deleteIfExists(Path.of(((UnixAddress) address).path()));
  }

  /** There is no linger that resets: only bytes that a peer leaves unread make a reset. */
  @Override
  public boolean cutsOff() {
    return false;
  }

  @Override
  public void reset(Peer peer, StreamSocket socket) throws IOException {
    if (!peer.awaitArrived(0)) {
      socket.sendall("never read");
      if (!peer.awaitArrived(Bounds.WAIT.toMillis())) {
        throw new AssertionError("nothing has arrived at the peer");
      }
    }
    peer.close();
  }
}
