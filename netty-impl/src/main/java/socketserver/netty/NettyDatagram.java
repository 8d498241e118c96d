package socketserver.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import socketserver.Datagram;
import socketserver.spi.DatagramEndpoint;
import socketserver.spi.Endpoint;

/**
 * A datagram socket: a Netty channel whose event loop receives a few datagrams ahead, which one
 * thread or several take. Sending waits until the system has taken the datagram.
 */
final class NettyDatagram extends NettyEndpoint implements DatagramEndpoint {
  private static final Logger LOGGER = LoggerFactory.getLogger(NettyDatagram.class);
  private static final int MOST_AHEAD = 64;
  private static final int FEW_AHEAD = 16;

  /** No UDP datagram is longer. */
  private static final int LONGEST = 65535;

  private final Engine engine;
  private final InetAddress anyAddress;
  private final Channel channel;
  private final ReadAhead ahead;
  private final AcceptQueue<Datagram> received = new AcceptQueue<>();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final AtomicBoolean cutReported = new AtomicBoolean();
  private final ReentrantLock bindLock = new ReentrantLock();

  /** Written by any thread, read by the loop: how long the datagrams may be that are read. */
  private volatile int expected = LONGEST;

  NettyDatagram(Engine engine, SocketProtocolFamily family) {
    this.engine = engine;
    this.anyAddress = anyAddress(family);
    this.channel = engine.mechanism().newDatagram(family);
    this.ahead = new ReadAhead(channel, received::size, MOST_AHEAD, FEW_AHEAD);
    channel.config().setOption(ChannelOption.RECVBUF_ALLOCATOR, new ExpectedSize());
    channel.pipeline().addLast("socketserver", new Receiver());
    engine.register(channel).awaitUninterruptibly();
  }

  @Override
  Channel channel() {
    return channel;
  }

  @Override
  public boolean isOpen() {
    return !closed.get();
  }

  @Override
  public void expect(int size) {
    expected = Math.min(size, LONGEST);
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
  public Datagram receive(int size, long timeoutNanos) throws IOException {
    if (size > expected) {
      expect(size);
    }
    ahead.taking();
    Datagram datagram = received.take(timeoutNanos);
    ahead.taking();
    if (datagram.data().length <= size) {
      return datagram;
    }
    reportCut(size);
    return new Datagram(Arrays.copyOf(datagram.data(), size), datagram.address());
  }

  private void reportCut(int size) {
    if (cutReported.compareAndSet(false, true)) {
      LOGGER.warn(
          "a datagram was longer than {} bytes and was cut; a larger maxPacketSize keeps it whole"
              + " (later ones are not reported)",
          size);
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
      engine.mechanism().sendEmpty(channel, address);
      return;
    }
    ByteBuf content = channel.alloc().directBuffer(length).writeBytes(data, offset, length);
    ChannelFuture sent = channel.writeAndFlush(new DatagramPacket(content, address));
    try {
      if (timeoutNanos == Endpoint.FOREVER || timeoutNanos == 0) {
        sent.await();
      } else if (!sent.await(timeoutNanos, TimeUnit.NANOSECONDS)) {
        sent.cancel(false);
        throw new SocketTimeoutException("timed out");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting to send");
    }
    if (!sent.isSuccess()) {
      throw refused(length, target, sent.cause());
    }
  }

  private IOException refused(int length, SocketAddress target, Throwable cause) {
    if (!isOpen()) {
      return closed();
    }
    SocketException error =
        new SocketException(
            "cannot send " + length + " bytes to " + target + ": " + cause.getMessage());
    error.initCause(cause);
    return error;
  }

  /** A socket that sends before it is bound must be bound to hear the answer. */
  private void bindIfNeeded() throws IOException {
    if (channel.isActive()) {
      return;
    }
    bindLock.lock();
    try {
      if (!channel.isActive()) {
        bind(new InetSocketAddress(anyAddress, 0));
      }
    } finally {
      bindLock.unlock();
    }
  }

  @Override
  public boolean awaitReadable(long timeoutNanos) throws IOException {
    ahead.taking();
    return received.await(timeoutNanos);
  }

  @Override
  public void wakeup() {
    received.wakeup();
  }

  @Override
  public void settle() {
    engine.settle();
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      closeAndFree(channel);
      received.close();
      engine.release();
      settle();
    }
  }

  private static InetAddress anyAddress(SocketProtocolFamily family) {
    try {
      return InetAddress.getByAddress(new byte[family == SocketProtocolFamily.INET6 ? 16 : 4]);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address has 4 or 16 bytes", e);
    }
  }

  /** Buffers as large as the longest datagram that was asked for, at the time of reading. */
  private final class ExpectedSize extends DefaultMaxMessagesRecvByteBufAllocator {
    @Override
    @SuppressWarnings("deprecation") // the type that the interface wants
    public Handle newHandle() {
      return new MaxMessageHandle() {
        @Override
        public int guess() {
          // one byte more tells a datagram that is cut from one that just fits
          return expected + 1;
        }
      };
    }
  }

  /** Runs on the event loop. */
  private final class Receiver extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      try {
        if (message instanceof DatagramPacket packet) {
          byte[] data = ByteBufUtil.getBytes(packet.content());
          received.add(new Datagram(data, packet.sender()));
          ahead.received();
        }
      } finally {
        ReferenceCountUtil.release(message);
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      LOGGER.debug("receiving a datagram failed: {}", cause.toString());
    }
  }
}
