package socketserver.diesel;

import java.time.Duration;
import java.util.PriorityQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * What is to happen later. The event loop is asked for one call at a time, when the first is due.
 * Guarded by the scheduler's baton.
 */
final class Timers {
  /** A century: nothing overflows. */
  private static final long MOST_NANOS = TimeUnit.DAYS.toNanos(36_500);

  /** Cancelled timers that may stay until they are due. */
  private static final int MOST_CANCELLED = 64;

  private final ScheduledExecutorService loop;
  private final Scheduler scheduler;
  private final PriorityQueue<Timer> timers = new PriorityQueue<>();
  private long count;
  private int cancelled;

  /** The call that is asked for, or null, and when it comes. */
  private ScheduledFuture<?> armed;

  private long armedFor;

  Timers(ScheduledExecutorService loop, Scheduler scheduler) {
    this.loop = loop;
    this.scheduler = scheduler;
  }

  /** Calls an action later, holding the baton. */
  Timer after(Duration delay, Runnable action) {
    long nanos = delay.compareTo(Duration.ofNanos(MOST_NANOS)) > 0 ? MOST_NANOS : delay.toNanos();
    return at(System.nanoTime() + nanos, action);
  }

  /** Calls an action at a time of {@link System#nanoTime()}, holding the baton. */
  Timer at(long due, Runnable action) {
    Timer timer = new Timer(due, count++, action);
    timers.add(timer);
    arm();
    return timer;
  }

  /** How many timers are kept. */
  int size() {
    return timers.size();
  }

  private void runDue() {
    armed = null;
    long now = System.nanoTime();
    for (Timer first = timers.peek();
        first != null && (first.action == null || first.due - now <= 0);
        first = timers.peek()) {
      timers.remove();
      Runnable action = first.action;
      first.action = null;
      if (action == null) {
        cancelled--;
      } else {
        action.run();
      }
    }
    arm();
  }

  private void arm() {
    Timer first = timers.peek();
    if (first == null || (armed != null && armedFor - first.due <= 0)) {
      return;
    }
    if (armed != null) {
      armed.cancel(false);
    }
    armedFor = first.due;
    try {
      long delay = Math.max(0, first.due - System.nanoTime());
      armed = loop.schedule(() -> scheduler.post(this::runDue), delay, TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      // the application has ended, and so does whoever waits
      armed = null;
    }
  }

  /** An action that is to be called later. */
  final class Timer implements Comparable<Timer> {
    private final long due;
    private final long number;

    /** Null once it was called or cancelled. */
    private Runnable action;

    private Timer(long due, long number, Runnable action) {
      this.due = due;
      this.number = number;
      this.action = action;
    }

    void cancel() {
      if (action == null) {
        return;
      }
      action = null;
      cancelled++;
      if (cancelled > MOST_CANCELLED && cancelled > timers.size() / 2) {
        timers.removeIf(timer -> timer.action == null);
        cancelled = 0;
      }
    }

    @Override
    public int compareTo(Timer other) {
      int byTime = Long.signum(due - other.due);
      return byTime != 0 ? byTime : Long.compare(number, other.number);
    }
  }
}
