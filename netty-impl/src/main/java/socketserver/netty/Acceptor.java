package socketserver.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import socketserver.SocketConstants;
import socketserver.spi.ReadinessSource;
import socketserver.spi.StreamEndpoint;

/**
 * The accepting side of a listener: the event loop accepts a few connections ahead and, unless it
 * is to leave them alone, starts to read from them; the thread that serves takes them.
 *
 * <p>When enough are waiting, or accepting fails, the listening channel stops; it goes on when the
 * thread that serves asks again. So a process that is out of descriptors does not spin.
 */
final class Acceptor extends ChannelInboundHandlerAdapter {
  private static final Logger LOGGER = LoggerFactory.getLogger(Acceptor.class);

  /** The structure linger of the system: on, and no second. */
  private static final byte[] RESET =
      ByteBuffer.allocate(8).order(ByteOrder.nativeOrder()).putInt(1).putInt(0).array();

  private static final int MOST_AHEAD = 16;
  private static final int FEW_AHEAD = 8;

  /** Makes a connection of a channel that is not registered yet, on the loop. */
  private final Function<Channel, StreamEndpoint> connections;

  private final AcceptQueue<StreamEndpoint> accepted = new AcceptQueue<>(this::round);

  /** Set before the listener is registered; null until it listens. */
  private volatile ReadAhead ahead;

  /** Accepts internet connections, which start to read at once. */
  Acceptor(Engine engine) {
    this(
        channel -> {
          channel.config().setOption(ChannelOption.TCP_NODELAY, false);
          NettyStream stream = new NettyStream(engine, channel, engine.next());
          stream.register();
          return stream;
        });
  }

  /**
   * Accepts connections of any kind.
   *
   * @param connections makes a connection of a channel that is not registered yet, on the loop
   */
  Acceptor(Function<Channel, StreamEndpoint> connections) {
    this.connections = connections;
  }

  /** Puts this into a listening channel that is not registered yet. */
  void attach(Channel channel) {
    ahead = new ReadAhead(channel, accepted::size, MOST_AHEAD, FEW_AHEAD);
    channel.pipeline().addLast("socketserver", this);
  }

  StreamEndpoint accept(long timeoutNanos) throws IOException {
    goOn();
    StreamEndpoint stream = accepted.take(timeoutNanos);
    goOn();
    return stream;
  }

  boolean awaitReadable(long timeoutNanos) throws IOException {
    goOn();
    return accepted.await(timeoutNanos);
  }

  /** Tells when there is a connection, or an error, to take. */
  ReadinessSource readiness(IntSupplier besides, BooleanSupplier open) {
    return accepted.readiness(besides, open);
  }

  void wakeup() {
    accepted.wakeup();
  }

  /** Refuses what nobody took, as the system does with connections in the backlog. */
  void close() {
    for (StreamEndpoint stream : accepted.close()) {
      refuse(stream);
    }
  }

  private static void refuse(StreamEndpoint stream) {
    try {
      stream.setOption(SocketConstants.SOL_SOCKET, SocketConstants.SO_LINGER, RESET);
    } catch (IOException e) {
      LOGGER.debug("a connection that nobody took has ended before: {}", e.toString());
    }
    stream.close();
  }

  private LoopRound round() {
    ReadAhead limit = ahead;
    return limit == null ? null : limit.round();
  }

  private void goOn() {
    ReadAhead limit = ahead;
    if (limit != null) {
      limit.taking();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    StreamEndpoint stream = connections.apply((Channel) message);
    if (accepted.add(stream) < 0) {
      refuse(stream);
    } else {
      ahead.received();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    ahead.pause();
    accepted.fail(ChannelErrors.failed("cannot accept", cause));
  }
}
