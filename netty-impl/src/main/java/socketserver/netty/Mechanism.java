package socketserver.netty;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.Socket;
import io.netty.channel.unix.UnixChannel;
import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * A way in which the system tells that sockets are ready, and the channels that go with it. Chosen
 * once for the process by {@link Mechanisms}.
 */
abstract class Mechanism {
  /** The name by which the property {@code socketserver.transport} asks for it. */
  abstract String name();

  /** What drives the event loops. */
  abstract IoHandlerFactory handlers();

  /** Makes an unconnected stream channel. */
  abstract Channel newStream(SocketProtocolFamily family);

  /** Makes an unbound datagram channel. */
  abstract Channel newDatagram(SocketProtocolFamily family);

  /** Makes an unbound listening channel that binds and listens in one step. */
  abstract Channel newListener(SocketProtocolFamily family);

  /**
   * Whether {@link #adoptListener} and {@link #adoptStream} work, so that binding and listening can
   * be two steps, and connections can pass between processes.
   */
  boolean adoptsDescriptors() {
    return false;
  }

  /** Makes a listening channel of a descriptor that listens; the channel owns it from then on. */
  Channel adoptListener(int fd) {
    throw new UnsupportedOperationException(adoptsNone());
  }

  /**
   * Makes a channel of a connected TCP socket; the channel owns it from then on. If the connection
   * was reset before, that is not reported again, and the channel is not active.
   */
  Channel adoptStream(int fd) {
    throw new UnsupportedOperationException(adoptsNone());
  }

  /** Makes a channel of a UDP socket, where {@link #adoptsDescriptors}; the channel owns it. */
  Channel adoptDatagram(int fd) {
    throw new UnsupportedOperationException(adoptsNone());
  }

  /** Whether {@link Readiness} works. */
  boolean watchesDescriptors() {
    return false;
  }

  /** Why what needs descriptors does not work. */
  final String adoptsNone() {
    return "the "
        + name()
        + " transport adopts no descriptors: use epoll"
        + Mechanisms.whyNoEpoll();
  }

  /**
   * Whether the adoptUnix methods work. Not with kqueue: Netty 4.2.18 believes that a Unix socket
   * which listens already does not, and never accepts.
   */
  boolean adoptsUnixSockets() {
    return false;
  }

  /** Makes a listening channel of a Unix socket that listens; the channel owns it from then on. */
  Channel adoptUnixListener(int fd) {
    throw new UnsupportedOperationException(name() + " adopts no unix sockets");
  }

  /** Makes a channel of a connected Unix socket; the channel owns it from then on. */
  Channel adoptUnixStream(int fd) {
    throw new UnsupportedOperationException(name() + " adopts no unix sockets");
  }

  /** Makes a channel of a Unix datagram socket; the channel owns it from then on. */
  Channel adoptUnixDatagram(int fd) {
    throw new UnsupportedOperationException(name() + " adopts no unix sockets");
  }

  /** Sends a datagram without a byte, on any thread. */
  void sendEmpty(Channel channel, InetSocketAddress target) throws IOException {
    Socket socket = (Socket) ((UnixChannel) channel).fd();
    socket.sendTo(Unpooled.EMPTY_BUFFER.nioBuffer(), 0, 0, target.getAddress(), target.getPort());
  }

  /** Whether the channels can send a file with sendfile(2). */
  boolean sendsFiles() {
    return true;
  }
}
