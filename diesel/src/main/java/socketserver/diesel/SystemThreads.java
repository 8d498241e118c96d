package socketserver.diesel;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Threads for what would keep all loops waiting; they end with the application. */
final class SystemThreads {
  private static final Logger LOGGER = LoggerFactory.getLogger(SystemThreads.class);

  private final Scheduler scheduler;
  private final AtomicInteger count = new AtomicInteger();
  private final ExecutorService threads = Executors.newCachedThreadPool(this::newThread);

  /** How a call has ended: one of the two is null, or both. */
  private record Outcome(Object value, Throwable thrown) {}

  SystemThreads(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  private Thread newThread(Runnable work) {
    Thread thread = new Thread(work, "diesel-thread-" + count.incrementAndGet());
    thread.setDaemon(true);
    return thread;
  }

  /** Makes a call while a loop waits for it. By that loop. */
  @SuppressWarnings("unchecked")
  <T> T call(Callable<T> work, Wait wait) throws Exception {
    threads.execute(
        () -> {
          Outcome outcome = outcome(work);
          scheduler.post(() -> wait.end("thread", outcome));
        });
    Outcome outcome = (Outcome) wait.await().value();
    if (outcome.thrown instanceof Exception e) {
      throw e;
    }
    if (outcome.thrown instanceof Error e) {
      throw e;
    }
    return (T) outcome.value;
  }

  private static Outcome outcome(Callable<?> work) {
    try {
      return new Outcome(work.call(), null);
    } catch (Throwable e) {
      return new Outcome(null, e);
    }
  }

  /** Interrupts the calls that nobody waits for any more, and waits for their threads. */
  void close(long timeoutMillis) throws InterruptedException {
    List<Runnable> unstarted = threads.shutdownNow();
    if (!threads.awaitTermination(timeoutMillis, TimeUnit.MILLISECONDS)) {
      LOGGER.warn(
          "what was given to thread() still runs after the application has halted, and was"
              + " interrupted; not begun: {}",
          unstarted.size());
    }
  }
}
