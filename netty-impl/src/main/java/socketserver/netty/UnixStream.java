package socketserver.netty;

import io.netty.channel.Channel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import io.netty.channel.unix.UnixChannel;
import java.io.FileDescriptor;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketException;
import socketserver.Errno;
import socketserver.PeerCredentials;
import socketserver.ReceivedFds;
import socketserver.UnixAddress;
import socketserver.spi.StreamEndpoint;
import socketserver.spi.UnixStreamEndpoint;

/**
 * A Unix connection that no event loop knows until it is used. What is done with it first decides
 * what it becomes: a {@link NettyStream}, or, for whom descriptors are to be received, a connection
 * that is not read ahead (a read without room for descriptors drops them).
 */
final class UnixStream extends DeferredStream implements UnixStreamEndpoint {
  private final UnixSystem system;

  /** Null before it is connected. Set by whoever finds that it is. */
  private volatile UnixAddress peer;

  private UnixStream(
      Engine engine,
      Socket socket,
      Channel channel,
      UnixAddress local,
      UnixAddress peer,
      UnixSystem system) {
    super(engine, socket, channel, local, peer);
    this.system = system;
    this.peer = peer;
  }

  /** Opens a socket that is to be connected. */
  UnixStream(Engine engine, UnixSystem system) {
    super(engine, NativeSocket.unixStream());
    this.system = system;
  }

  /** One end of a pair: neither has a name. */
  static UnixStream paired(Engine engine, Socket socket, UnixSystem system) {
    return new UnixStream(engine, socket, null, UnixAddress.UNNAMED, UnixAddress.UNNAMED, system);
  }

  /** A connection that was accepted; its channel has asked for the addresses already. */
  static UnixStream accepted(Engine engine, Channel channel, UnixSystem system) {
    Socket socket = (Socket) ((UnixChannel) channel).fd();
    DomainSocketAddress local =
        channel.localAddress() instanceof DomainSocketAddress known
            ? known
            : socket.localDomainSocketAddress();
    DomainSocketAddress peer =
        channel.remoteAddress() instanceof DomainSocketAddress known
            ? known
            : socket.remoteDomainSocketAddress();
    return new UnixStream(
        engine, socket, channel, UnixNames.toApi(local), UnixNames.toApi(peer), system);
  }

  /** A connection whose descriptor came from elsewhere. */
  static UnixStream adopted(Engine engine, Socket socket, byte[] arrived, UnixSystem system) {
    UnixStream stream = of(engine, socket, system);
    stream.arrived(arrived);
    return stream;
  }

  /** A connection of which there is a descriptor. */
  static UnixStream of(Engine engine, Socket socket, UnixSystem system) {
    return new UnixStream(
        engine,
        socket,
        null,
        UnixNames.toApi(socket.localDomainSocketAddress()),
        UnixNames.toApi(socket.remoteDomainSocketAddress()),
        system);
  }

  @Override
  Channel adopt(Engine engine, Socket socket) {
    return engine.mechanism().adoptUnixStream(socket.intValue());
  }

  @Override
  void bind(Socket socket, SocketAddress address) throws IOException {
    UnixDatagram.bind(socket, system, address);
  }

  @Override
  SocketAddress toNetty(SocketAddress address) {
    return UnixNames.toNetty((UnixAddress) address);
  }

  @Override
  SocketAddress askForLocal(Socket socket) {
    return UnixNames.toApi(socket.localDomainSocketAddress());
  }

  @Override
  SocketAddress askForPeer(Socket socket) throws IOException {
    UnixAddress known = peer;
    if (known == null) {
      DomainSocketAddress found = socket.remoteDomainSocketAddress();
      if (found == null) {
        throw new SocketException(Errno.strerror(Errno.ENOTCONN));
      }
      known = UnixNames.toApi(found);
      peer = known;
    }
    return known;
  }

  @Override
  public SocketAddress remoteAddress() throws IOException {
    // stays known, whatever has ended
    return ask(this::askForPeer);
  }

  @Override
  public void withoutReadAhead() throws IOException {
    passing();
  }

  /** The connection as one that is not read ahead. */
  private UnixStreamEndpoint passing() throws IOException {
    StreamEndpoint stream =
        startAs((engine, socket) -> DirectStream.of(engine, socket, arrived(), system, peer));
    if (stream instanceof UnixStreamEndpoint unix) {
      return unix;
    }
    throw new IOException(
        "descriptors may have been lost: the connection is read ahead since it was first used;"
            + " call recvFds or withoutReadAhead before");
  }

  @Override
  public PeerCredentials peerCredentials() throws IOException {
    return running() instanceof UnixStreamEndpoint passing
        ? passing.peerCredentials()
        : ask(UnixCredentials::of);
  }

  @Override
  public int sendFds(byte[] data, FileDescriptor[] fds, long timeoutNanos) throws IOException {
    StreamEndpoint stream = started();
    if (stream instanceof NettyStream netty) {
      return netty.sendDirectly(() -> system.passing(descriptor()).send(data, fds), timeoutNanos);
    }
    return ((UnixStreamEndpoint) stream).sendFds(data, fds, timeoutNanos);
  }

  @Override
  public ReceivedFds recvFds(int size, int maxFds, long timeoutNanos) throws IOException {
    return passing().recvFds(size, maxFds, timeoutNanos);
  }

  /** What ends a direction. */
  private interface Shutdown {
    void run() throws IOException;
  }

  @Override
  public void shutdownInput() throws IOException {
    shutdown(super::shutdownInput);
  }

  @Override
  public void shutdownOutput() throws IOException {
    shutdown(super::shutdownOutput);
  }

  /** Unlike TCP, a Unix socket is connected, and can be shut down, when both sides have ended. */
  private void shutdown(Shutdown direction) throws IOException {
    try {
      direction.run();
    } catch (SocketException e) {
      if (!isOpen() || isUnconnected()) {
        throw e;
      }
    }
  }
}
