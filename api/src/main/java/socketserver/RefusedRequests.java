package socketserver;

import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;

/**
 * Tells of requests that were refused: of the first at once, of later ones with their number and
 * not often, since a server that is flooded must not flood its log.
 */
final class RefusedRequests {
  private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final Logger logger;
  private final String reason;

  /** Guarded by this: how many were refused and not told of. */
  private long untold;

  /** Guarded by this: where the last of them came from. */
  private SocketAddress last;

  /** Guarded by this: something was told. */
  private boolean told;

  /** Guarded by this: when. */
  private long toldAt;

  RefusedRequests(Logger logger, String reason) {
    this.logger = logger;
    this.reason = reason;
  }

  synchronized void add(SocketAddress client) {
    untold++;
    last = client;
    reportInTime();
  }

  /** Tells of what was not told of, unless something was told a moment ago. */
  synchronized void reportInTime() {
    if (untold > 0 && (!told || System.nanoTime() - toldAt >= INTERVAL_NANOS)) {
      report();
    }
  }

  /** Tells of what was not told of. */
  synchronized void report() {
    if (untold > 0) {
      logger.warn("{}; requests refused: {}, the last from {}", reason, untold, last);
      untold = 0;
      told = true;
      toldAt = System.nanoTime();
    }
  }
}
