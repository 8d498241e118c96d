package socketserver.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import java.io.IOException;

/**
 * The accepting side of a listener: the event loop accepts a few connections ahead and starts to
 * read from them; the thread that serves takes them.
 *
 * <p>When enough are waiting, or accepting fails, the listening channel stops; it goes on when the
 * thread that serves asks again. So a process that is out of descriptors does not spin.
 */
final class Acceptor extends ChannelInboundHandlerAdapter {
  private static final int MOST_AHEAD = 16;
  private static final int FEW_AHEAD = 8;

  private final Engine engine;
  private final AcceptQueue<NettyStream> accepted = new AcceptQueue<>();

  /** Set by the loop before anything else; null until the listener listens. */
  private volatile Channel listener;

  /** Written by the loop, read by takers: the listening channel does not accept. */
  private volatile boolean paused;

  Acceptor(Engine engine) {
    this.engine = engine;
  }

  /** Puts this into a listening channel that is not registered yet. */
  void attach(Channel channel) {
    listener = channel;
    channel.pipeline().addLast("socketserver", this);
  }

  NettyStream accept(long timeoutNanos) throws IOException {
    goOn();
    NettyStream stream = accepted.take(timeoutNanos);
    goOn();
    return stream;
  }

  boolean awaitReadable(long timeoutNanos) throws IOException {
    goOn();
    return accepted.await(timeoutNanos);
  }

  void wakeup() {
    accepted.wakeup();
  }

  /** Refuses what nobody took, as the system does with connections in the backlog. */
  void close() {
    for (NettyStream stream : accepted.close()) {
      refuse(stream);
    }
  }

  private static void refuse(NettyStream stream) {
    stream.channel().config().setOption(ChannelOption.SO_LINGER, 0);
    stream.close();
  }

  private void goOn() {
    if (paused && accepted.size() < FEW_AHEAD) {
      paused = false;
      listener.config().setAutoRead(true);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    NettyStream stream = new NettyStream(engine, (Channel) message);
    engine.register(stream.channel());
    int waiting = accepted.add(stream);
    if (waiting < 0) {
      refuse(stream);
    } else if (waiting >= MOST_AHEAD) {
      pause();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    pause();
    accepted.fail(cause instanceof IOException io ? io : new IOException(cause));
  }

  private void pause() {
    paused = true;
    listener.config().setAutoRead(false);
    if (accepted.size() == 0) {
      goOn();
    }
  }
}
