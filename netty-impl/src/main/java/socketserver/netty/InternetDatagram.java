package socketserver.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.SocketProtocolFamily;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import socketserver.spi.Endpoint;
import socketserver.spi.StackSpace;

/** A UDP socket. Sending goes through the pipeline, and waits until the system has taken it. */
final class InternetDatagram extends NettyDatagram {
  private final InetAddress anyAddress;
  private final ReentrantLock bindLock = new ReentrantLock();

  InternetDatagram(Engine engine, SocketProtocolFamily family) {
    this(engine, engine.mechanism().newDatagram(family), family);
  }

  /** Takes over a descriptor's channel, and a share of the engine. */
  InternetDatagram(Engine engine, Channel channel, SocketProtocolFamily family) {
    super(engine, channel, InternetDatagramCalls.LONGEST, InternetDatagramCalls.LONGEST);
    this.anyAddress = anyAddress(family);
    register();
  }

  @Override
  SocketAddress sender(Object message) {
    return ((DatagramPacket) message).sender();
  }

  @Override
  public void bind(SocketAddress address) throws IOException {
    checkOpen();
    ChannelFuture bound = channel().bind(address).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw ChannelErrors.ofBinding(address, bound.cause());
    }
  }

  @Override
  public void send(byte[] data, int offset, int length, SocketAddress target, long timeoutNanos)
      throws IOException {
    checkOpen();
    bindIfNeeded();
    InetSocketAddress address = (InetSocketAddress) target;
    if (length == 0) {
      // Netty's channels drop a datagram without a byte
      sendEmpty(address);
      return;
    }
    ByteBuf content = channel().alloc().directBuffer(length).writeBytes(data, offset, length);
    ChannelFuture sent = channel().writeAndFlush(new DatagramPacket(content, address));
    try {
      if (timeoutNanos == Endpoint.FOREVER || timeoutNanos == 0) {
        sent.await();
      } else if (!sent.await(timeoutNanos, TimeUnit.NANOSECONDS)) {
        new LoopRound(channel().eventLoop()).run();
        if (sent.cancel(false) || !sent.isDone()) {
          throw new SocketTimeoutException("timed out");
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting to send");
    }
    if (!sent.isSuccess()) {
      throw refused(length, target, sent.cause());
    }
  }

  private void sendEmpty(InetSocketAddress target) throws IOException {
    try {
      engine().mechanism().sendEmpty(channel(), target);
    } catch (IOException e) {
      throw refused(0, target, e);
    }
  }

  /** A socket that sends before it is bound must be bound to hear the answer. */
  private void bindIfNeeded() throws IOException {
    if (isBound()) {
      return;
    }
    StackSpace.reserveMuch();
    bindLock.lock();
    try {
      if (!isBound()) {
        bind(new InetSocketAddress(anyAddress, 0));
      }
    } finally {
      bindLock.unlock();
    }
  }

  /** A channel that took over a socket takes itself to be active, bound or not. */
  private boolean isBound() {
    return channel().isActive()
        && channel().localAddress() instanceof InetSocketAddress bound
        && bound.getPort() != 0;
  }

  @Override
  public SocketAddress localAddress() throws IOException {
    checkOpen();
    return isBound() ? channel().localAddress() : null;
  }

  private static InetAddress anyAddress(SocketProtocolFamily family) {
    try {
      return InetAddress.getByAddress(new byte[family == SocketProtocolFamily.INET6 ? 16 : 4]);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address has 4 or 16 bytes", e);
    }
  }
}
