package socketserver.netty.loop;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.Socket;
import io.netty.channel.unix.UnixChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.function.IntConsumer;

/**
 * A way in which the system tells that sockets are ready, and the channels that go with it. Chosen
 * once for the process by {@link Mechanisms}.
 */
public abstract class Mechanism {
  /** The name by which the property {@code socketserver.transport} asks for it. */
  public abstract String name();

  /** What drives the event loops. */
  abstract IoHandlerFactory handlers();

  /** Whether any thread may run these, one at a time. */
  boolean handlersMove() {
    return true;
  }

  /** What drives an event loop on which stream channels of Netty's run. */
  public IoHandlerFactory channelHandlers() {
    return handlers();
  }

  /** What drives the pollers of threads that wait; null if they leave that to event loops. */
  abstract IoHandlerFactory pollers();

  /**
   * Makes what an I/O handler of this mechanism watches.
   *
   * @param source a socket: its descriptor, or the JDK's channel
   * @param shared whether an event loop watches it, for whoever is parked, and not the thread that
   *     waits
   * @param listener is told what is ready, on the handler's thread
   */
  abstract Watched watched(Object source, boolean shared, IntConsumer listener);

  /** Whether sockets are descriptors of the system's, or the JDK's channels. */
  public boolean hasDescriptors() {
    return true;
  }

  /** Makes an unconnected stream channel of Netty's. */
  public abstract Channel newStream(SocketProtocolFamily family);

  /** Makes an unbound listening channel of Netty's. */
  public abstract Channel newListener(SocketProtocolFamily family);

  /** Makes an unbound datagram channel of Netty's. */
  public abstract Channel newDatagram(SocketProtocolFamily family);

  /** Whether epoll(7), which selectors use, watches the sockets. */
  public boolean watchesDescriptors() {
    return false;
  }

  /** Why what needs descriptors does not work. */
  public final String adoptsNone() {
    return "the "
        + name()
        + " transport adopts no descriptors: use epoll"
        + Mechanisms.whyNoEpoll();
  }

  /** Sends a datagram without a byte, on any thread. */
  public void sendEmpty(Channel channel, InetSocketAddress target) throws IOException {
    Socket socket = (Socket) ((UnixChannel) channel).fd();
    socket.sendTo(Unpooled.EMPTY_BUFFER.nioBuffer(), 0, 0, target.getAddress(), target.getPort());
  }
}
