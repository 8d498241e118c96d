package socketserver.netty.loop;

import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.util.concurrent.ThreadAwareExecutor;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import socketserver.netty.ground.ChannelErrors;
import socketserver.spi.Endpoint;
import socketserver.spi.InterruptWakeup;

/**
 * Asks the system about one socket at a time, on the thread of whoever waits for it: Netty's I/O
 * handler without an event loop, so that nobody has to be woken for what arrives.
 *
 * <p><b>Threads.</b> Whoever has it uses it alone; others only {@link #wakeup} it.
 */
final class OwnPoller implements ThreadAwareExecutor {
  /** A turn that does not wait. */
  private static final IoHandlerContext LOOK = new Wait(0, () -> true);

  private final IoHandler handler;
  private final InterruptWakeup interrupts = new InterruptWakeup(this::wakeup);

  /** Read by the handler, to tell whether it is woken by another. */
  private volatile Thread user = Thread.currentThread();

  private final AtomicBoolean closed = new AtomicBoolean();

  private Watched watched;

  /** What the system has told. */
  private int told;

  OwnPoller(IoHandlerFactory handlers) {
    handler = handlers.newHandler(this);
    handler.initialize();
  }

  /** Has this ask about a socket from now on. */
  void watch(Mechanism mechanism, Object source) throws IOException {
    user = Thread.currentThread();
    watched = mechanism.watched(source, false, events -> told |= events);
    try {
      watched.registered(handler.register(watched));
    } catch (Exception e) {
      throw ChannelErrors.failed("cannot wait for a socket", e);
    }
  }

  /** Forgets the socket. */
  void unwatch() {
    user = Thread.currentThread();
    Watched before = watched;
    watched = null;
    before.cancel();
    if (before.isForgottenLate()) {
      handler.run(LOOK);
    }
  }

  /**
   * Waits for events.
   *
   * @param events which
   * @param timeoutNanos how long; 0 only looks, {@link Endpoint#FOREVER}
   * @param ended whether there is nothing to wait for; asked again by whoever {@link #wakeup wakes}
   * @return what is ready
   */
  int await(int events, long timeoutNanos, BooleanSupplier ended) throws IOException {
    user = Thread.currentThread();
    told = 0;
    watched.ask(events);
    interrupts.run(() -> handler.run(new Wait(timeoutNanos, ended)));
    return told;
  }

  /** Ends the wait of another thread. */
  void wakeup() {
    handler.wakeup();
  }

  @Override
  public boolean isExecutorThread(Thread thread) {
    return user == thread;
  }

  @Override
  public void execute(Runnable task) {
    task.run();
  }

  void close() {
    if (!closed.getAndSet(true)) {
      user = Thread.currentThread();
      handler.prepareToDestroy();
      handler.destroy();
    }
  }

  private record Wait(long timeoutNanos, BooleanSupplier ended) implements IoHandlerContext {
    @Override
    public boolean canBlock() {
      return timeoutNanos != 0 && !ended.getAsBoolean() && !Thread.currentThread().isInterrupted();
    }

    @Override
    public long delayNanos(long now) {
      return timeoutNanos == Endpoint.FOREVER ? Long.MAX_VALUE : timeoutNanos;
    }

    /** Always another one, as the handler arms its timer when it changes; -1 for none. */
    @Override
    public long deadlineNanos() {
      return timeoutNanos == Endpoint.FOREVER ? -1 : System.nanoTime() | 1;
    }
  }
}
