package socketserver.netty.loop;

import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.util.concurrent.RejectedExecutionHandlers;
import io.netty.util.concurrent.ThreadAwareExecutor;
import java.lang.invoke.MethodHandles;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import socketserver.spi.EarlyClasses;

/**
 * An event loop that no error ends. Netty's ends with an {@link Error} that is met while it looks
 * after its channels, or while it writes to the log what a task has thrown: a process that is out
 * of memory meets both. Its channels would stay open, and nobody would ever hear of them again.
 * This one goes on with all of them: what is ready the system reports again.
 */
public final class EnduringLoop extends SingleThreadIoEventLoop {
  private static final Logger LOGGER = LoggerFactory.getLogger(EnduringLoop.class);

  static {
    EarlyClasses.initialize(MethodHandles.publicLookup(), EarlyClasses.CAUGHT);
  }

  /** How long it rests after an error, for memory to be freed, and not to spin. */
  private static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private static final long REPORT_NANOS = TimeUnit.MINUTES.toNanos(1);

  /** Used by the loop alone: when the log was told last. */
  private long reported = System.nanoTime() - REPORT_NANOS;

  private final Handlers handlers;

  /** Makes a loop, whose thread starts with its first task. */
  public EnduringLoop(ThreadFactory threads, IoHandlerFactory handlers) {
    this(threads, new Handlers(handlers));
  }

  private EnduringLoop(ThreadFactory threads, Handlers handlers) {
    super(null, threads, handlers);
    this.handlers = handlers;
  }

  /**
   * Makes a loop, whose thread starts with its first task.
   *
   * @param taskMillis how long tasks may keep it from its channels, while new ones come all the
   *     time
   */
  public EnduringLoop(ThreadFactory threads, IoHandlerFactory handlers, long taskMillis) {
    this(threads, new Handlers(handlers), taskMillis);
  }

  private EnduringLoop(ThreadFactory threads, Handlers handlers, long taskMillis) {
    super(
        null, threads, handlers, Integer.MAX_VALUE, RejectedExecutionHandlers.reject(), taskMillis);
    this.handlers = handlers;
  }

  /** Remembers the handler that it makes. */
  private static final class Handlers implements IoHandlerFactory {
    private final IoHandlerFactory factory;
    private IoHandler made;

    Handlers(IoHandlerFactory factory) {
      this.factory = factory;
    }

    @Override
    public IoHandler newHandler(ThreadAwareExecutor executor) {
      made = factory.newHandler(executor);
      return made;
    }
  }

  /**
   * Ends the loop. One that has never run Netty starts for that; if the system has no thread left,
   * its descriptors are closed here.
   */
  public void end(long millis) {
    try {
      shutdownGracefully(0, millis, TimeUnit.MILLISECONDS);
    } catch (OutOfMemoryError e) {
      handlers.made.prepareToDestroy();
      handlers.made.destroy();
    }
  }

  @Override
  protected int runIo() {
    try {
      return super.runIo();
    } catch (Throwable e) {
      endure(e);
      return 0;
    }
  }

  @Override
  protected boolean runAllTasks(long nanos) {
    try {
      return super.runAllTasks(nanos);
    } catch (Throwable e) {
      endure(e);
      return true;
    }
  }

  private void endure(Throwable error) {
    try {
      LockSupport.parkNanos(REST_NANOS);
      long now = System.nanoTime();
      if (now - reported >= REPORT_NANOS) {
        reported = now;
        LOGGER.error("an event loop goes on after an error that would have ended it", error);
      }
    } catch (Throwable again) {
      // out of memory for the log, too
    }
  }
}
