package socketserver;

import java.util.concurrent.TimeUnit;

/**
 * Why a request's time is over.
 *
 * @param limit the limit
 * @param reason the same in words
 * @param reset whether what was written to the client is dropped
 */
record TimedOut(LimitCounts.Limit limit, String reason, boolean reset) {
  /** A time as it is read best. */
  static String text(long nanos) {
    long millis = TimeUnit.NANOSECONDS.toMillis(nanos);
    return millis % 1000 == 0 ? millis / 1000 + " s" : millis + " ms";
  }
}
