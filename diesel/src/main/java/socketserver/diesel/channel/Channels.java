package socketserver.diesel.channel;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.kqueue.KQueueDatagramChannel;
import io.netty.channel.kqueue.KQueueIoHandler;
import io.netty.channel.kqueue.KQueueServerSocketChannel;
import io.netty.channel.kqueue.KQueueSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.Socket;
import io.netty.channel.unix.UnixChannel;
import io.netty.channel.uring.IoUringDatagramChannel;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import io.netty.util.AttributeKey;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.concurrent.ThreadFactory;
import java.util.function.Function;
import socketserver.netty.ground.ChannelErrors;
import socketserver.netty.loop.EnduringLoop;
import socketserver.netty.loop.Mechanisms;

/**
 * Makes event loops and channels of Netty's, by the mechanism that the servers of this process use:
 * epoll, kqueue, NIO or io_uring, as the property {@code socketserver.transport} says.
 */
public final class Channels {
  /** How long tasks may keep a loop from its sockets, while new ones come all the time. */
  private static final long MOST_TASKS_MILLIS = 10;

  /** The JDK's channel below a datagram channel, where that is no descriptor. */
  private static final AttributeKey<DatagramChannel> SOCKET =
      AttributeKey.valueOf(Channels.class, "socket");

  private final String mechanism;
  private final Kinds kinds;

  /** What Netty has for a mechanism. */
  private record Kinds(
      IoHandlerFactory handlers,
      Function<SocketProtocolFamily, Channel> stream,
      Function<SocketProtocolFamily, Channel> listener,
      Function<SocketProtocolFamily, Channel> datagram) {}

  private Channels(String mechanism) {
    this.mechanism = mechanism;
    this.kinds = kinds(mechanism);
  }

  /**
   * Chooses the mechanism.
   *
   * @throws IllegalStateException if the property asks for one that does not work here
   */
  public static Channels chosen() {
    return new Channels(Mechanisms.chosen().name());
  }

  /** Returns the value of the property that stands for the mechanism. */
  public String mechanism() {
    return mechanism;
  }

  /** Loads the classes of one mechanism alone: the others' may be missing. */
  private static Kinds kinds(String mechanism) {
    return switch (mechanism) {
      case "epoll" ->
          new Kinds(
              HalfClosedEpoll.newFactory(),
              EpollSocketChannel::new,
              EpollServerSocketChannel::new,
              EpollDatagramChannel::new);
      case "kqueue" ->
          new Kinds(
              KQueueIoHandler.newFactory(),
              KQueueSocketChannel::new,
              family -> new KQueueServerSocketChannel(),
              KQueueDatagramChannel::new);
      case "io_uring" ->
          new Kinds(
              IoUringIoHandler.newFactory(),
              family -> new IoUringSocketChannel(),
              family -> new IoUringServerSocketChannel(),
              IoUringDatagramChannel::new);
      default ->
          new Kinds(
              NioIoHandler.newFactory(),
              family -> new NioSocketChannel(SelectorProvider.provider(), family),
              family -> new NioServerSocketChannel(SelectorProvider.provider(), family),
              Channels::nioDatagram);
    };
  }

  private static Channel nioDatagram(SocketProtocolFamily family) {
    try {
      DatagramChannel socket = DatagramChannel.open(family.toJdkFamily());
      Channel channel = new NioDatagramChannel(socket);
      channel.attr(SOCKET).set(socket);
      return channel;
    } catch (IOException e) {
      throw new ChannelException(e);
    }
  }

  /**
   * Makes an event loop. Its thread starts with its first task; the caller shuts it down.
   *
   * @param threads makes its thread
   */
  public IoEventLoop newLoop(ThreadFactory threads) {
    return new EnduringLoop(threads, kinds.handlers(), MOST_TASKS_MILLIS);
  }

  /**
   * Makes an unconnected stream channel, half-closure off as is Netty's default.
   *
   * @param address an address of the family that is wanted
   * @throws IOException if the system refuses
   */
  public Channel newStream(InetAddress address) throws IOException {
    return open(kinds.stream(), address);
  }

  /**
   * Makes an unbound channel that listens for streams.
   *
   * @param address an address of the family that is wanted
   * @throws IOException if the system refuses
   */
  public Channel newListener(InetAddress address) throws IOException {
    return open(kinds.listener(), address);
  }

  /**
   * Makes an unbound datagram channel.
   *
   * @param address an address of the family that is wanted
   * @throws IOException if the system refuses
   */
  public Channel newDatagram(InetAddress address) throws IOException {
    return open(kinds.datagram(), address);
  }

  private static Channel open(Function<SocketProtocolFamily, Channel> kind, InetAddress address)
      throws IOException {
    try {
      return kind.apply(
          address instanceof Inet6Address ? SocketProtocolFamily.INET6 : SocketProtocolFamily.INET);
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
      if (channel instanceof UnixChannel unix) {
        Socket socket = (Socket) unix.fd();
        ByteBuffer nothing = Unpooled.EMPTY_BUFFER.nioBuffer();
        socket.sendTo(nothing, 0, 0, target.getAddress(), target.getPort());
      } else {
        channel.attr(SOCKET).get().send(ByteBuffer.allocate(0), target);
      }
    } catch (IOException e) {
      throw ChannelErrors.ofSending(0, target, e);
    }
  }
}
