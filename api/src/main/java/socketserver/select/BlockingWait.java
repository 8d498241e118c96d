package socketserver.select;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import socketserver.spi.Poller;
import socketserver.spi.StackSpace;

/**
 * Waits in the system for a virtual thread, on a thread of the system's: the virtual thread would
 * keep the thread that carries it. It does not go on before the other has let go of the poller,
 * whatever it meets: a poller that two threads use, or one of them closes, ends the process.
 */
final class BlockingWait implements Runnable {
  private static final int IDLE_SECONDS = 1;

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

  private final Poller poller;
  private final long timeoutNanos;
  private final Poller.Idle idle;
  private final CountDownLatch done = new CountDownLatch(1);

  /** Set once: by the thread that waits, or by who finds that there is none. */
  private final AtomicBoolean begun = new AtomicBoolean();

  private volatile boolean ended;

  /** Written before done is. */
  private Throwable failure;

  private BlockingWait(Poller poller, long timeoutNanos, Poller.Idle idle) {
    this.poller = poller;
    this.timeoutNanos = timeoutNanos;
    this.idle = idle;
  }

  /** Waits until there is something, the time is over, or the thread is interrupted. */
  static void run(Poller poller, long timeoutNanos, Poller.Idle idle) {
    StackSpace.reserveMuch();
    BlockingWait wait = new BlockingWait(poller, timeoutNanos, idle);
    Throwable met = null;
    try {
      THREADS.execute(wait);
    } catch (Throwable e) {
      if (wait.begun.compareAndSet(false, true)) {
        throw e;
      }
      met = e;
    }
    wait.await(met);
  }

  @Override
  public void run() {
    if (!begun.compareAndSet(false, true)) {
      return;
    }
    try {
      poller.run(timeoutNanos, () -> idle.mayWait() && !ended);
    } catch (Throwable e) {
      failure = e;
    } finally {
      done.countDown();
    }
  }

  private void await(Throwable before) {
    Throwable met = before;
    boolean interrupted = false;
    boolean waiting = true;
    while (waiting) {
      try {
        if (met != null || interrupted) {
          ended = true;
          poller.wakeup();
        }
        done.await();
        waiting = false;
      } catch (InterruptedException e) {
        interrupted = true;
      } catch (Error e) {
        met = e;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (met instanceof Error error) {
      throw error;
    }
    if (failure != null) {
      throw new IllegalStateException("waiting failed", failure);
    }
  }
}
