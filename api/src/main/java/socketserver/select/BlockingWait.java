package socketserver.select;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import socketserver.spi.Poller;

/**
 * Waits in the system for a virtual thread, on a thread of the system's: the virtual thread would
 * keep the thread that carries it.
 */
final class BlockingWait {
  private static final int IDLE_SECONDS = 1;

  /** Thread.isVirtual of Java 21; null before. */
  private static final MethodHandle IS_VIRTUAL = isVirtual();

  private static final ExecutorService THREADS =
      new ThreadPoolExecutor(
          0,
          Integer.MAX_VALUE,
          IDLE_SECONDS,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          task -> {
            Thread thread = new Thread(task, "socketserver-select");
            thread.setDaemon(true);
            return thread;
          });

  private BlockingWait() {}

  /** Whether the current thread must not wait in the system. */
  static boolean isNeeded() {
    try {
      return IS_VIRTUAL != null && (boolean) IS_VIRTUAL.invokeExact(Thread.currentThread());
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("cannot tell whether the thread is virtual", e);
    }
  }

  /** Waits until there is something, the time is over, or the thread is interrupted. */
  static void run(Poller poller, long timeoutNanos, Poller.Idle idle) {
    AtomicBoolean ended = new AtomicBoolean();
    Future<?> wait =
        THREADS.submit(() -> poller.run(timeoutNanos, () -> idle.mayWait() && !ended.get()));
    boolean interrupted = false;
    while (true) {
      try {
        wait.get();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
        ended.set(true);
        poller.wakeup();
      } catch (ExecutionException e) {
        throw new IllegalStateException("waiting failed", e.getCause());
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static MethodHandle isVirtual() {
    try {
      return MethodHandles.lookup()
          .findVirtual(Thread.class, "isVirtual", MethodType.methodType(boolean.class));
    } catch (NoSuchMethodException e) {
      return null;
    } catch (IllegalAccessException e) {
      throw new ExceptionInInitializerError(e);
    }
  }
}
