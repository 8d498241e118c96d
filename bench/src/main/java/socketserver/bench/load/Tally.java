package socketserver.bench.load;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** Counts what is answered in one run. For one thread. */
final class Tally {
  /** Longer than any wait. */
  private static final long SLOWEST_NANOS = 2 * Waiting.LIMIT.toNanos();

  private static final int DIGITS = 3;

  private final Histogram latencies = new Histogram(SLOWEST_NANOS, DIGITS);
  private final long begin = System.nanoTime();
  private final long end;
  private long requests;
  private long bytes;

  Tally(Duration time) {
    this.end = begin + time.toNanos();
  }

  long begin() {
    return begin;
  }

  boolean isOver(long now) {
    return now - end >= 0;
  }

  /** How long to wait for an event: at least a millisecond, as none is no limit to a selector. */
  long millisLeft(long now, long most) {
    return Math.max(1, Math.min(most, TimeUnit.NANOSECONDS.toMillis(end - now)));
  }

  /** Counts requests that were sent at one time and are now all answered. */
  void answered(int count, long sent, long now) {
    requests += count;
    // what an earlier run sent has also waited for this run to begin
    if (sent - begin >= 0) {
      latencies.recordValue(Math.min(now - sent, SLOWEST_NANOS));
    }
  }

  void carried(long count) {
    bytes += count;
  }

  Count count() {
    return new Count(requests, bytes, System.nanoTime() - begin, latencies);
  }
}
