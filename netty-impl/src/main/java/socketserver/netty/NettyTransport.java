package socketserver.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketProtocolFamily;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import socketserver.spi.DatagramEndpoint;
import socketserver.spi.Endpoint;
import socketserver.spi.ListenerEndpoint;
import socketserver.spi.Poller;
import socketserver.spi.StreamEndpoint;
import socketserver.spi.Transport;

/**
 * Internet sockets over Netty. {@code -Dsocketserver.transport=epoll}, {@code kqueue}, {@code nio}
 * or {@code io_uring} chooses how the system is asked; without it the best that works here is
 * taken.
 */
public final class NettyTransport implements Transport {
  /** Made by {@link java.util.ServiceLoader}. */
  public NettyTransport() {}

  @Override
  public String name() {
    return "netty";
  }

  @Override
  public boolean supports(ProtocolFamily family) {
    return family == StandardProtocolFamily.INET || family == StandardProtocolFamily.INET6;
  }

  @Override
  public ListenerEndpoint openListener(ProtocolFamily family) throws IOException {
    return open(
        engine ->
            engine.mechanism().adoptsDescriptors()
                ? new NativeListener(engine, of(family))
                : new BootstrapListener(engine, of(family)));
  }

  @Override
  public DatagramEndpoint openDatagram(ProtocolFamily family) throws IOException {
    return open(
        engine ->
            engine.mechanism().watchesDescriptors()
                ? new DeferredDatagram(engine, new DatagramFamily.Internet(of(family)))
                : new InternetDatagram(engine, of(family)));
  }

  @Override
  public StreamEndpoint connect(SocketAddress address, long timeoutNanos) throws IOException {
    return connect(address, null, timeoutNanos);
  }

  /** Connects from an address, or from any if that is null. */
  private static StreamEndpoint connect(
      SocketAddress address, SocketAddress source, long timeoutNanos) throws IOException {
    InetSocketAddress inet = (InetSocketAddress) address;
    SocketProtocolFamily family =
        inet.getAddress() instanceof Inet6Address
            ? SocketProtocolFamily.INET6
            : SocketProtocolFamily.INET;
    Engine engine = Engine.acquire();
    try {
      Channel channel = engine.mechanism().newStream(family);
      EventLoop loop = engine.next();
      channel.config().setOption(ChannelOption.TCP_NODELAY, false);
      NettyStream stream = new NettyStream(engine, channel, loop);
      stream.addHandler();
      try {
        connect(loop, channel, inet, source, timeoutNanos);
        return stream;
      } catch (Throwable e) {
        stream.close();
        channel.close();
        throw e;
      }
    } catch (ChannelException e) {
      throw ChannelErrors.failed("cannot open a socket", e);
    } finally {
      engine.release();
    }
  }

  @Override
  public Poller openPoller() throws IOException {
    Mechanism mechanism = Mechanisms.chosen();
    if (!mechanism.watchesDescriptors()) {
      throw new UnsupportedOperationException(
          "the " + mechanism.name() + " transport watches no descriptors but its own");
    }
    return new EpollPoller();
  }

  @Override
  public StreamEndpoint openStream(ProtocolFamily family) throws IOException {
    return adopt(
        engine -> {
          if (!engine.mechanism().watchesDescriptors()) {
            return new LateStream(NettyTransport::connect);
          }
          try {
            return new InternetStream(engine, of(family));
          } catch (ChannelException e) {
            throw ChannelErrors.failed("cannot open a socket", e);
          }
        });
  }

  @Override
  public StreamEndpoint adoptStream(int fd, byte[] arrived) throws IOException {
    return adopt(
        engine -> {
          if (!engine.mechanism().adoptsDescriptors()) {
            throw new UnsupportedOperationException(engine.mechanism().adoptsNone());
          }
          return InternetStream.adopted(engine, fd, arrived);
        });
  }

  @Override
  public DatagramEndpoint adoptDatagram(int fd) throws IOException {
    return adopt(engine -> AdoptedDatagram.of(engine, fd, new InternetDatagramCalls()));
  }

  /** Makes an endpoint of a descriptor. */
  interface Adoption<T> {
    T adopt(Engine engine) throws IOException;
  }

  static <T> T adopt(Adoption<T> adoption) throws IOException {
    Engine engine = Engine.acquire();
    try {
      return adoption.adopt(engine);
    } finally {
      engine.release();
    }
  }

  private static void connect(
      EventLoop loop,
      Channel channel,
      InetSocketAddress address,
      SocketAddress source,
      long timeoutNanos)
      throws IOException {
    // the wait below is the limit
    channel.config().setOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0);
    try {
      ChannelFuture registered = loop.register(channel).await();
      ChannelFuture connected =
          registered.isSuccess() ? channel.connect(address, source) : registered;
      if (timeoutNanos == Endpoint.FOREVER) {
        connected.await();
      } else if (!connected.await(timeoutNanos, TimeUnit.NANOSECONDS)) {
        new LoopRound(loop).run();
        if (!connected.isDone()) {
          throw new SocketTimeoutException("timed out connecting to " + address);
        }
      }
      if (!connected.isSuccess()) {
        throw ChannelErrors.ofConnecting(address, connected.cause());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while connecting to " + address);
    }
  }

  static <T> T open(Function<Engine, T> opening) throws IOException {
    Engine engine = Engine.acquire();
    try {
      return opening.apply(engine);
    } catch (ChannelException e) {
      engine.release();
      engine.settle();
      throw ChannelErrors.failed("cannot open a socket", e);
    } catch (RuntimeException | Error e) {
      engine.release();
      engine.settle();
      throw e;
    }
  }

  private static SocketProtocolFamily of(ProtocolFamily family) {
    return family == StandardProtocolFamily.INET6
        ? SocketProtocolFamily.INET6
        : SocketProtocolFamily.INET;
  }
}
