package socketserver.netty.loop;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoRegistration;
import io.netty.util.concurrent.ThreadAwareExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The I/O handler of an event loop whose thread is virtual. Such a thread must not wait in the
 * system, where it would keep its carrier: it looks what is ready, and when it has found nothing
 * twice, a thread of the system's waits for it. So the loop runs where those run whom it wakes, and
 * as long as there is much to do none of the system's threads has to be woken for them. That is how
 * the JDK's own sockets wake virtual threads.
 *
 * <p><b>Threads.</b> The loop's thread and the one that waits take turns: {@link #asked} says whose
 * it is.
 */
final class RelayedHandler implements IoHandler {
  /** How long the waiting thread rests when there is no memory to wake the loop. */
  private static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private final IoHandler handler;
  private final ThreadFactory threads;

  /** Used by the loop alone: the thread that waits, or null. */
  private Thread waiter;

  /** Written by the loop, and reset by the thread that waits when it has waited. */
  private volatile Wait asked;

  // Written by the thread that waits before it resets asked

  private int found;
  private Throwable failure;

  /** Set by any thread; the loop resets it before it looks for tasks. */
  private volatile boolean woken;

  /** Set by the loop, for good. */
  private volatile boolean ended;

  private RelayedHandler(IoHandler handler, ThreadFactory threads) {
    this.handler = handler;
    this.threads = threads;
  }

  /**
   * Makes handlers.
   *
   * @param handlers what they look with
   * @param threads makes the threads that wait for them
   */
  static IoHandlerFactory factory(IoHandlerFactory handlers, ThreadFactory threads) {
    return new IoHandlerFactory() {
      @Override
      public IoHandler newHandler(ThreadAwareExecutor executor) {
        return new RelayedHandler(handlers.newHandler(executor), threads);
      }
    };
  }

  @Override
  public void initialize() {
    handler.initialize();
  }

  @Override
  public int run(IoHandlerContext context) {
    int ready = look();
    if (ready == 0 && context.canBlock()) {
      ready = look();
    }
    return ready == 0 ? relay(context) : ready;
  }

  /** Lets those run who have been woken. */
  private int look() {
    int ready = handler.run(new Look());
    Thread.yield();
    return ready;
  }

  private int relay(IoHandlerContext context) {
    woken = false;
    if (!context.canBlock()) {
      return 0;
    }
    if (waiter == null) {
      Thread made = threads.newThread(this::await);
      made.start();
      waiter = made;
    }
    asked = new Wait(Thread.currentThread(), context);
    LockSupport.unpark(waiter);
    while (asked != null) {
      LockSupport.park(this);
    }
    if (failure != null) {
      throwAgain();
    }
    return found;
  }

  private void throwAgain() {
    Throwable met = failure;
    failure = null;
    if (met instanceof Error error) {
      throw error;
    }
    throw (RuntimeException) met;
  }

  /** What the thread that waits does. */
  private void await() {
    while (!ended) {
      Wait wait = asked;
      if (wait == null) {
        LockSupport.park(this);
        continue;
      }
      try {
        found = waitFor(wait);
      } catch (RuntimeException | Error e) {
        failure = e;
      }
      asked = null;
      wake(wait.loop);
    }
  }

  /** As long as events come one by one, the loop need not be woken as well. */
  private int waitFor(Wait wait) {
    int ready;
    do {
      ready = handler.run(wait);
    } while (ready == 1 && !woken);
    return ready;
  }

  private static void wake(Thread loop) {
    while (true) {
      try {
        LockSupport.unpark(loop);
        return;
      } catch (RuntimeException | Error e) {
        // no memory to hand it to its scheduler: it would never run again
        LockSupport.parkNanos(REST_NANOS);
      }
    }
  }

  @Override
  public void wakeup() {
    woken = true;
    handler.wakeup();
  }

  @Override
  public IoRegistration register(IoHandle handle) throws Exception {
    return handler.register(handle);
  }

  @Override
  public boolean isCompatible(Class<? extends IoHandle> type) {
    return handler.isCompatible(type);
  }

  @Override
  public void prepareToDestroy() {
    handler.prepareToDestroy();
  }

  @Override
  public void destroy() {
    ended = true;
    LockSupport.unpark(waiter);
    handler.destroy();
  }

  /** For who only looks. */
  private static final class Look implements IoHandlerContext {
    @Override
    public boolean canBlock() {
      return false;
    }

    @Override
    public long delayNanos(long now) {
      return 0;
    }

    @Override
    public long deadlineNanos() {
      return 0;
    }
  }

  /** For who waits in the loop's place. */
  private final class Wait implements IoHandlerContext {
    private final Thread loop;
    private final long deadline;
    private final long end;

    /** On the loop's thread, which alone may ask the loop's context. */
    Wait(Thread loop, IoHandlerContext context) {
      long now = System.nanoTime();
      this.loop = loop;
      this.deadline = context.deadlineNanos();
      this.end = now + context.delayNanos(now);
    }

    /** Asked again when whoever wakes the loop would be heard. */
    @Override
    public boolean canBlock() {
      return !woken;
    }

    @Override
    public long delayNanos(long now) {
      return Math.max(end - now, 0);
    }

    /** By the loop's clock, which is not the system's. */
    @Override
    public long deadlineNanos() {
      return deadline;
    }
  }
}
