package socketserver.netty;

import java.io.IOException;
import java.net.SocketAddress;
import socketserver.spi.ListenerEndpoint;
import socketserver.spi.ReadinessSource;
import socketserver.spi.StackSpace;
import socketserver.spi.StreamEndpoint;

/**
 * A socket that listens. Whoever accepts makes the system call himself, and waits with {@link
 * Readiness}: nothing is accepted ahead. What waits to be accepted when it closes is refused.
 */
final class NettyListener extends AwaitedSocket<ListenCalls> implements ListenerEndpoint {
  /** Guarded by state for writing. */
  private volatile boolean bound;

  NettyListener(Engine engine, ListenCalls calls) {
    super(engine, calls);
  }

  @Override
  int readyHere() {
    return bound ? 0 : ReadinessSource.OUT | ReadinessSource.HUP;
  }

  @Override
  boolean hasArrived() {
    return false;
  }

  @Override
  boolean isDirect() {
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
    ask(
        () -> {
          calls.listen(backlog);
          return null;
        });
    source.changed();
  }

  @Override
  public void withoutReadAhead() {
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
        over = !readiness.await(Readiness.READ, left(timeoutNanos, start), () -> closed);
      }
    } finally {
      leave(reading);
    }
  }

  private StreamEndpoint acceptNow() throws IOException {
    try {
      StreamEndpoint accepted = calls.accept();
      readiness.taken();
      return accepted;
    } catch (IOException e) {
      throw closed ? closedError() : ChannelErrors.failed("cannot accept", e);
    }
  }

  @Override
  public SocketAddress localAddress() throws IOException {
    return ask(calls::localAddress);
  }
}
