package socketserver.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketProtocolFamily;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.concurrent.atomic.AtomicBoolean;
import socketserver.SocketConstants;
import socketserver.spi.ListenerEndpoint;
import socketserver.spi.ReadinessSource;
import socketserver.spi.StreamEndpoint;

/** A listener whose channel binds and listens in one step, for NIO and io_uring. */
final class BootstrapListener extends NettyEndpoint implements ListenerEndpoint {
  private final Engine engine;
  private final Acceptor acceptor;
  private final Channel channel;
  private final ReadinessSource readiness;
  private final AtomicBoolean closed = new AtomicBoolean();

  BootstrapListener(Engine engine, SocketProtocolFamily family) {
    this.engine = engine;
    this.acceptor = new Acceptor(engine);
    this.channel = engine.mechanism().newListener(family);
    channel.config().setOption(ChannelOption.SO_REUSEADDR, false);
    channel.config().setOption(ChannelOption.SO_BACKLOG, SocketConstants.SOMAXCONN);
    this.readiness =
        acceptor.readiness(
            () -> channel.isActive() ? 0 : ReadinessSource.OUT | ReadinessSource.HUP, this::isOpen);
    acceptor.attach(channel);
    engine.register(channel).awaitUninterruptibly();
  }

  @Override
  public ReadinessSource readiness() {
    return readiness;
  }

  @Override
  Channel channel() {
    return channel;
  }

  @Override
  public void bind(SocketAddress address) throws IOException {
    checkOpen();
    ChannelFuture bound = channel.bind(address).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw ChannelErrors.ofBinding(address, bound.cause());
    }
  }

  @Override
  public void listen(int backlog) throws IOException {
    checkOpen();
    if (!channel.isActive()) {
      throw new IOException("listen before bind: the transport binds and listens in one step");
    }
  }

  @Override
  public void withoutReadAhead() {
    throw new UnsupportedOperationException(
        "every connection is read ahead: " + engine.mechanism().adoptsNone());
  }

  @Override
  public StreamEndpoint accept(long timeoutNanos) throws IOException {
    return acceptor.accept(timeoutNanos);
  }

  @Override
  public boolean awaitReadable(long timeoutNanos) throws IOException {
    return acceptor.awaitReadable(timeoutNanos);
  }

  @Override
  public void wakeup() {
    acceptor.wakeup();
  }

  @Override
  public boolean isOpen() {
    return !closed.get() && channel.isOpen();
  }

  @Override
  public void settle() {
    engine.settle();
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      closeAndFree(channel);
      acceptor.close();
      engine.release();
      settle();
    }
  }
}
