package socketserver.select;

import java.time.Duration;
import socketserver.spi.Endpoint;

/** How long to wait, in nanoseconds, from a Duration. */
final class Timeout {
  private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE / 4);

  private Timeout() {}

  /** Null is for ever, and so is a negative one, as in poll(2). */
  static long nanos(Duration timeout) {
    if (timeout == null || timeout.isNegative()) {
      return Endpoint.FOREVER;
    }
    return timeout.compareTo(LONGEST) > 0 ? LONGEST.toNanos() : timeout.toNanos();
  }
}
