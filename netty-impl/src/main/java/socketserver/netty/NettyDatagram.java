package socketserver.netty;

import io.netty.buffer.ByteBufHolder;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import socketserver.Datagram;
import socketserver.spi.DatagramEndpoint;
import socketserver.spi.ReadinessSource;

/**
 * A datagram socket: a Netty channel whose event loop receives a few datagrams ahead, which one
 * thread or several take.
 */
abstract class NettyDatagram extends NettyEndpoint implements DatagramEndpoint {
  private static final Logger LOGGER = LoggerFactory.getLogger(NettyDatagram.class);
  private static final int MOST_AHEAD = 64;
  private static final int FEW_AHEAD = 16;

  private final Engine engine;
  private final Channel channel;
  private final int longest;
  private final ReadAhead ahead;
  private final AcceptQueue<Datagram> received = new AcceptQueue<>(this::round);
  private final AtomicBoolean closed = new AtomicBoolean();
  private final CutDatagrams cut = new CutDatagrams();
  private final ReadinessSource readiness =
      received.readiness(() -> ReadinessSource.OUT, this::isOpen);

  /** Written by any thread, read by the loop: how long the datagrams may be that are read. */
  private volatile int expected;

  /**
   * Takes over a channel that is not registered yet.
   *
   * @param engine the engine, whose share is released by close
   * @param channel the channel
   * @param usual how long a datagram may be as long as nobody said what to expect
   * @param longest no datagram is longer
   */
  NettyDatagram(Engine engine, Channel channel, int usual, int longest) {
    this.engine = engine;
    this.channel = channel;
    this.expected = usual;
    this.longest = longest;
    this.ahead = new ReadAhead(channel, received::size, MOST_AHEAD, FEW_AHEAD);
    channel.config().setOption(ChannelOption.RECVBUF_ALLOCATOR, new ExpectedSize());
    channel.pipeline().addLast("socketserver", new Receiver());
  }

  /** Starts to receive; the last step of a constructor. */
  final void register() {
    engine.register(channel).awaitUninterruptibly();
  }

  /** Where a message of the channel's came from, in the terms of the API. */
  abstract SocketAddress sender(Object message);

  final Engine engine() {
    return engine;
  }

  @Override
  final Channel channel() {
    return channel;
  }

  @Override
  public final ReadinessSource readiness() {
    return readiness;
  }

  @Override
  public final boolean isOpen() {
    return !closed.get();
  }

  @Override
  public final void expect(int size) {
    expected = Math.min(size, longest);
  }

  @Override
  public final Datagram receive(int size, long timeoutNanos) throws IOException {
    if (size > expected) {
      expect(size);
    }
    ahead.taking();
    Datagram datagram = received.take(timeoutNanos);
    ahead.taking();
    return cut.atMost(size, datagram);
  }

  private LoopRound round() {
    return ahead.round();
  }

  /** What the system said to a datagram. */
  final IOException refused(int length, SocketAddress target, Throwable cause) {
    return isOpen() ? ChannelErrors.ofSending(length, target, cause) : closed();
  }

  @Override
  public final boolean awaitReadable(long timeoutNanos) throws IOException {
    ahead.taking();
    return received.await(timeoutNanos);
  }

  @Override
  public final void wakeup() {
    received.wakeup();
  }

  @Override
  public final void settle() {
    engine.settle();
  }

  /** Closes the channel; nobody uses its descriptor when this is called. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      closeAndFree(channel);
      received.close();
      engine.release();
      settle();
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
        if (message instanceof ByteBufHolder packet) {
          byte[] data = ByteBufUtil.getBytes(packet.content());
          received.add(new Datagram(data, sender(message)));
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
