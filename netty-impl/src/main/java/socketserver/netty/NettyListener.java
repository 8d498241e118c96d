package socketserver.netty;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import socketserver.WouldBlockException;
import socketserver.spi.ListenerEndpoint;
import socketserver.spi.ReadinessSource;
import socketserver.spi.StackSpace;
import socketserver.spi.StreamEndpoint;

/**
 * A socket that listens. Whoever accepts makes the system call himself, and waits with {@link
 * Readiness}: nothing is accepted ahead.
 *
 * <p><b>Locks.</b> Those who accept exclude one another, each for as long as it waits. {@link
 * #state} is held for other calls. The descriptor is closed with both held.
 */
final class NettyListener implements ListenerEndpoint {
  private final Engine engine;
  private final ListenCalls calls;
  private final Readiness readiness;
  private final SocketReadiness source;
  private final ReentrantLock accepting = new ReentrantLock();
  private final ReentrantLock state = new ReentrantLock();

  /** The next wait is to end at once. */
  private final AtomicBoolean wakeup = new AtomicBoolean();

  /** Guarded by state for writing. */
  private volatile boolean bound;

  /** Set by any thread, for good. */
  private volatile boolean closed;

  /** Guarded by accepting and state for writing: the descriptor is closed. */
  private volatile boolean gone;

  /** Takes over a socket, and a share of the engine. */
  NettyListener(Engine engine, ListenCalls calls) {
    this.engine = engine;
    this.calls = calls;
    this.readiness = new Readiness(engine, calls.source());
    this.source =
        new SocketReadiness(
            readiness,
            () -> engine.mechanism().watchesDescriptors() ? calls.fileno() : -1,
            () -> bound ? 0 : ReadinessSource.OUT | ReadinessSource.HUP,
            this::isOpen);
  }

  @Override
  public ReadinessSource readiness() {
    return source;
  }

  private void checkOpen() throws IOException {
    if (closed) {
      throw NettyEndpoint.closed();
    }
  }

  private <T> T ask(NettyStream.Call<T> call) throws IOException {
    StackSpace.reserveMuch();
    state.lock();
    try {
      checkOpen();
      return call.make();
    } finally {
      state.unlock();
    }
  }

  @Override
  public void bind(SocketAddress address) throws IOException {
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

  private void enter(long timeoutNanos) throws IOException {
    StackSpace.reserveMuch();
    try {
      if (accepting.tryLock()) {
        return;
      }
      if (timeoutNanos == FOREVER) {
        accepting.lockInterruptibly();
      } else if (!accepting.tryLock(timeoutNanos, TimeUnit.NANOSECONDS)) {
        throw timeoutNanos == 0
            ? new WouldBlockException("another thread accepts")
            : new SocketTimeoutException("timed out");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for a request");
    }
  }

  @Override
  public StreamEndpoint accept(long timeoutNanos) throws IOException {
    long start = timeoutNanos > 0 ? System.nanoTime() : 0;
    enter(timeoutNanos);
    try {
      boolean over = timeoutNanos == 0;
      while (true) {
        checkOpen();
        StreamEndpoint accepted = acceptNow();
        if (accepted != null) {
          return accepted;
        }
        if (over) {
          throw timeoutNanos == 0
              ? new WouldBlockException("nothing has arrived")
              : new SocketTimeoutException("timed out");
        }
        over =
            !readiness.await(Readiness.READ, NettyStream.left(timeoutNanos, start), () -> closed);
      }
    } finally {
      accepting.unlock();
    }
  }

  private StreamEndpoint acceptNow() throws IOException {
    try {
      StreamEndpoint accepted = calls.accept();
      readiness.taken();
      return accepted;
    } catch (IOException e) {
      throw closed ? NettyEndpoint.closed() : ChannelErrors.failed("cannot accept", e);
    }
  }

  @Override
  public boolean awaitReadable(long timeoutNanos) throws IOException {
    long start = timeoutNanos > 0 ? System.nanoTime() : 0;
    try {
      enter(timeoutNanos);
    } catch (SocketTimeoutException | WouldBlockException e) {
      return false;
    }
    try {
      while (true) {
        checkOpen();
        Readiness.How how =
            readiness.waitFor(
                Readiness.READ,
                NettyStream.left(timeoutNanos, start),
                () -> closed || wakeup.get());
        if (how == Readiness.How.ASKED) {
          return true;
        }
        checkOpen();
        // what an event loop has told may be old; and a connection comes before a wake-up
        int ready = how == Readiness.How.TIME_OVER ? 0 : readiness.check(Readiness.READ);
        if (ready == Readiness.READ) {
          return true;
        }
        if (wakeup.compareAndSet(true, false) || how == Readiness.How.TIME_OVER) {
          return false;
        }
        if (how == Readiness.How.TOLD && ready == Readiness.CANNOT_ASK) {
          return true;
        }
      }
    } finally {
      accepting.unlock();
    }
  }

  @Override
  public void wakeup() {
    StackSpace.reserve();
    wakeup.set(true);
    readiness.wake();
  }

  @Override
  public SocketAddress localAddress() throws IOException {
    return ask(calls::localAddress);
  }

  @Override
  public void setOption(int level, int name, int value) throws IOException {
    ask(
        () -> {
          calls.options().set(level, name, value);
          return null;
        });
  }

  @Override
  public void setOption(int level, int name, byte[] value) throws IOException {
    ask(
        () -> {
          calls.options().set(level, name, value);
          return null;
        });
  }

  @Override
  public int option(int level, int name) throws IOException {
    return ask(() -> calls.options().get(level, name));
  }

  @Override
  public byte[] option(int level, int name, int length) throws IOException {
    return ask(() -> calls.options().get(level, name, length));
  }

  @Override
  public int fileno() {
    return closed ? -1 : calls.fileno();
  }

  @Override
  public boolean isOpen() {
    return !closed;
  }

  @Override
  public void settle() {
    engine.settle();
  }

  /** Closes the listener; its port is free, and its waiting connections refused, on return. */
  @Override
  public void close() {
    StackSpace.reserveMuch();
    closed = true;
    readiness.wake();
    accepting.lock();
    try {
      state.lock();
      try {
        closeDescriptor();
      } finally {
        state.unlock();
      }
    } finally {
      accepting.unlock();
    }
    settle();
  }

  /** Whoever comes after an Error does what is left. */
  private void closeDescriptor() {
    if (gone) {
      return;
    }
    source.leave();
    readiness.closeUnused();
    try {
      calls.close();
    } catch (IOException e) {
      throw new UncheckedIOException("closing the listener failed", ChannelErrors.of(e));
    }
    gone = true;
    engine.release();
  }
}
