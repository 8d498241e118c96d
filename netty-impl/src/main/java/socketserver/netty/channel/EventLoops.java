package socketserver.netty.channel;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.IoEventLoop;
import io.netty.channel.socket.SocketProtocolFamily;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ThreadFactory;
import java.util.function.Supplier;
import socketserver.netty.ground.ChannelErrors;
import socketserver.netty.loop.EnduringLoop;
import socketserver.netty.loop.Mechanism;
import socketserver.netty.loop.Mechanisms;

/**
 * An event loop of one's own and the channels that go with it, by the mechanism that the servers of
 * this process use (epoll, kqueue, NIO or io_uring, as the property {@code socketserver.transport}
 * says). For programs that are one event loop, such as Diesel's applications; servers share loops
 * and need none of this.
 *
 * <p>The caller registers the channels, sets their options, and shuts the loop down.
 */
public final class EventLoops {
  /** How long tasks may keep a loop from its sockets, while new ones come all the time. */
  private static final long MOST_TASKS_MILLIS = 10;

  private final Mechanism mechanism;

  private EventLoops(Mechanism mechanism) {
    this.mechanism = mechanism;
  }

  /**
   * Chooses the mechanism.
   *
   * @return loops and channels of that
   * @throws IllegalStateException if the property asks for one that does not work here
   */
  public static EventLoops chosen() {
    return new EventLoops(Mechanisms.chosen());
  }

  /**
   * Names the mechanism.
   *
   * @return the value of the property that stands for it
   */
  public String name() {
    return mechanism.name();
  }

  /**
   * Makes an event loop. Its thread starts with its first task.
   *
   * @param threads makes its thread
   * @return the loop
   */
  public IoEventLoop newLoop(ThreadFactory threads) {
    return new EnduringLoop(threads, mechanism.channelHandlers(), MOST_TASKS_MILLIS);
  }

  /**
   * Makes an unconnected stream channel, half-closure off as is Netty's default.
   *
   * @param address an address of the family that is wanted
   * @return the channel
   * @throws IOException if the system refuses
   */
  public Channel newStream(InetAddress address) throws IOException {
    return opened(() -> mechanism.newStream(family(address)));
  }

  /**
   * Makes an unbound channel that listens for streams.
   *
   * @param address an address of the family that is wanted
   * @return the channel
   * @throws IOException if the system refuses
   */
  public Channel newListener(InetAddress address) throws IOException {
    return opened(() -> mechanism.newListener(family(address)));
  }

  /**
   * Makes an unbound datagram channel.
   *
   * @param address an address of the family that is wanted
   * @return the channel
   * @throws IOException if the system refuses
   */
  public Channel newDatagram(InetAddress address) throws IOException {
    return opened(() -> mechanism.newDatagram(family(address)));
  }

  private static Channel opened(Supplier<Channel> opening) throws IOException {
    try {
      return opening.get();
    } catch (ChannelException e) {
      throw ChannelErrors.failed("cannot open a socket", e);
    }
  }

  /**
   * Sends a datagram without a byte, which Netty's channels drop. On any thread.
   *
   * @param channel a channel that {@link #newDatagram} made
   * @param target who is to get it
   * @throws IOException if it cannot be sent
   */
  public void sendEmpty(Channel channel, InetSocketAddress target) throws IOException {
    try {
      mechanism.sendEmpty(channel, target);
    } catch (IOException e) {
      throw ChannelErrors.ofSending(0, target, e);
    }
  }

  private static SocketProtocolFamily family(InetAddress address) {
    return address instanceof Inet6Address ? SocketProtocolFamily.INET6 : SocketProtocolFamily.INET;
  }
}
