package socketserver.netty.listen;

import io.netty.channel.Channel;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.function.Consumer;
import socketserver.netty.Pipelines;
import socketserver.netty.ground.ChannelErrors;
import socketserver.netty.loop.Engine;
import socketserver.netty.loop.Readiness;
import socketserver.netty.socket.AwaitedSocket;
import socketserver.netty.stream.NettyStream;
import socketserver.spi.ListenerEndpoint;
import socketserver.spi.ReadinessSource;
import socketserver.spi.StackSpace;
import socketserver.spi.StreamEndpoint;
import socketserver.spi.TimeLeft;

/**
 * A socket that listens. Whoever accepts makes the system call himself, and waits with {@link
 * Readiness}: nothing is accepted ahead. What waits to be accepted when it closes is refused.
 */
public final class NettyListener extends AwaitedSocket<ListenCalls> implements ListenerEndpoint {
  /** Guarded by state for writing. */
  private volatile boolean bound;

  /** Written by any thread: what is done with the channel of each connection, or null. */
  private volatile Consumer<Channel> initializer;

  /**
   * Takes over a socket.
   *
   * @param engine the engine, of which this takes a share until the descriptor is gone
   * @param bound whether somebody has bound it already
   */
  public NettyListener(Engine engine, ListenCalls calls, boolean bound) {
    super(engine, calls);
    this.bound = bound;
  }

  @Override
  protected int readyHere() {
    return bound ? 0 : ReadinessSource.OUT | ReadinessSource.HUP;
  }

  @Override
  protected boolean hasArrived() {
    return false;
  }

  @Override
  protected boolean isDirect() {
    return true;
  }

  @Override
  public void bind(SocketAddress address) throws IOException {
    StackSpace.reserveMuch();
    ask(
        () -> {
          calls.bind(address);
          bound = true;
          return null;
        });
    source.changed();
  }

  @Override
  public void listen(int backlog) throws IOException {
    StackSpace.reserveMuch();
    ask(
        () -> {
          calls.listen(backlog);
          return null;
        });
    source.changed();
  }

  @Override
  public void checkHandsOver() {
    if (!calls.hasDescriptor()) {
      throw new UnsupportedOperationException(engine.mechanism().adoptsNone());
    }
  }

  @Override
  public StreamEndpoint accept(long timeoutNanos) throws IOException {
    StackSpace.reserveMuch();
    long start = timeoutNanos > 0 ? System.nanoTime() : 0;
    enter(reading, timeoutNanos);
    try {
      boolean over = timeoutNanos == 0;
      while (true) {
        checkOpen();
        StreamEndpoint accepted = acceptNow();
        if (accepted != null) {
          return accepted;
        }
        if (over) {
          throw nothingArrived(timeoutNanos);
        }
        over = !readiness.await(Readiness.READ, TimeLeft.of(timeoutNanos, start), () -> closed);
      }
    } finally {
      leave(reading);
    }
  }

  private StreamEndpoint acceptNow() throws IOException {
    try {
      NettyStream accepted = calls.accept();
      readiness.taken();
      return accepted == null ? null : initialized(accepted);
    } catch (IOException e) {
      throw closed ? ChannelErrors.closed() : ChannelErrors.failed("cannot accept", e);
    }
  }

  /** For {@link Pipelines}: has each connection that is accepted from now on initialized. */
  public void initializer(Consumer<Channel> initializer) {
    this.initializer = initializer;
  }

  private NettyStream initialized(NettyStream accepted) {
    Consumer<Channel> now = initializer;
    if (now == null) {
      return accepted;
    }
    boolean initialized = false;
    try {
      accepted.initialize(now);
      initialized = true;
      return accepted;
    } finally {
      if (!initialized) {
        accepted.close();
      }
    }
  }

  @Override
  public SocketAddress localAddress() throws IOException {
    StackSpace.reserveMuch();
    return ask(calls::localAddress);
  }
}
