package socketserver;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import socketserver.spi.LimitedLog;

/**
 * Watches the deadlines of a server's requests, if it has any: one thread, from the first request
 * until none has run for a moment. It looks at all of them now and then; requests do nothing for it
 * but to see that it is there.
 */
final class Deadlines {
  private static final Logger LOGGER = LoggerFactory.getLogger(BaseServer.class);
  private static final int LINES_PER_SECOND = 5;

  /** How many times it looks within the shortest deadline. */
  private static final int LOOKS = 10;

  private static final long SHORTEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(5);
  private static final long LONGEST_PAUSE = TimeUnit.SECONDS.toNanos(1);

  /** How long the thread stays when nothing runs: another request may come. */
  private static final long STAY_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final BaseServer<?> server;
  private final LimitCounts counts;
  private final LimitedLog log = new LimitedLog(LINES_PER_SECOND);
  private final FailureLog failures = new FailureLog(LOGGER);

  /** The thread that watches, or null. Whoever sets it starts it. */
  private final AtomicReference<Thread> watcher = new AtomicReference<>();

  /**
   * The deadlines as they are at a moment, in nanoseconds; 0 for none.
   *
   * @param rate bytes a second
   */
  record Times(long idle, long request, long firstByte, int rate, long window) {
    static Times of(Limits limits) {
      return new Times(
          nanos(limits.idleTimeout()),
          nanos(limits.requestTimeout()),
          nanos(limits.firstByteTimeout()),
          limits.leastRate(),
          nanos(limits.rateWindow()));
    }

    private static long nanos(Duration duration) {
      return duration == null ? 0 : Math.max(BaseSocket.nanos(duration), 1);
    }

    /** How long to pause from one look to the next. */
    long pause() {
      long shortest = LONGEST_PAUSE * LOOKS;
      for (long each : new long[] {idle, request, firstByte, rate > 0 ? window : 0}) {
        shortest = each > 0 ? Math.min(shortest, each) : shortest;
      }
      return Math.max(shortest / LOOKS, SHORTEST_PAUSE);
    }
  }

  Deadlines(BaseServer<?> server, LimitCounts counts) {
    this.server = server;
    this.counts = counts;
  }

  boolean areSet() {
    return server.idleTimeout() != null
        || server.requestTimeout() != null
        || server.firstByteTimeout() != null
        || server.leastRate() > 0;
  }

  /** A request has begun, and is in the list. */
  void begun() {
    if (watcher.get() == null && areSet()) {
      start();
    }
  }

  /** A deadline was set. */
  void changed() {
    wakeup();
    if (!running().all().isEmpty()) {
      begun();
    }
  }

  /** Has the thread look now. */
  void wakeup() {
    LockSupport.unpark(watcher.get());
  }

  private RunningRequests running() {
    return server.stopping().running();
  }

  private void start() {
    Thread thread = new Thread(null, this::watch, "socketserver-deadlines", 0, false);
    thread.setDaemon(true);
    if (!watcher.compareAndSet(null, thread)) {
      return;
    }
    boolean started = false;
    try {
      thread.start();
      started = true;
    } catch (OutOfMemoryError e) {
      failures.error("no thread to watch deadlines; the next request tries again", e);
    } finally {
      if (!started) {
        watcher.set(null);
      }
    }
  }

  private void watch() {
    long busy = System.nanoTime();
    long pause = SHORTEST_PAUSE;
    while (true) {
      try {
        Times times = Times.of(server);
        pause = times.pause();
        look(times);
        if (!running().all().isEmpty()) {
          busy = System.nanoTime();
        }
        if (isOver(busy) && !goesOn()) {
          return;
        }
      } catch (Throwable e) {
        failures.error("watching deadlines failed, and goes on", e);
      }
      // nobody has a reason to interrupt it, and it must not spin
      Thread.interrupted();
      LockSupport.parkNanos(this, pause);
    }
  }

  /** Whether there is nothing to watch any more. */
  private boolean isOver(long busy) {
    boolean rested = System.nanoTime() - busy >= STAY_NANOS || server.loop().isClosed();
    return !areSet() || running().all().isEmpty() && rested;
  }

  /** Lets go, unless a request has begun that has still seen this thread. */
  private boolean goesOn() {
    watcher.set(null);
    return areSet()
        && !running().all().isEmpty()
        && watcher.compareAndSet(null, Thread.currentThread());
  }

  private void look(Times times) {
    long now = System.nanoTime();
    for (RequestTask task : running().all()) {
      RequestWatch watch = task.watch;
      if (watch == null) {
        watch = new RequestWatch(task, now);
        task.watch = watch;
      }
      TimedOut over = watch.look(now, times);
      if (over != null && task.isRunning()) {
        counts.add(over.limit());
        log.write(
            note ->
                LOGGER.info(
                    "the request from {} is ended: {}{}",
                    task.clientAddress(),
                    over.reason(),
                    note));
        task.timeOut(over);
      }
      if (watch.isToInterrupt(now)) {
        running().interrupt(task);
      }
    }
  }
}
