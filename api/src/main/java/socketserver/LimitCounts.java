package socketserver;

import java.util.concurrent.atomic.AtomicLongArray;

/** How many requests each limit of a server has refused or ended. On any thread. */
final class LimitCounts {
  /** Why a request was refused, or ended. */
  enum Limit {
    CONNECTIONS,
    CONNECTIONS_PER_CLIENT,
    IDLE,
    REQUEST_TIME,
    FIRST_BYTE,
    RATE
  }

  private final AtomicLongArray counts = new AtomicLongArray(Limit.values().length);

  void add(Limit limit) {
    counts.incrementAndGet(limit.ordinal());
  }

  long of(Limit limit) {
    return counts.get(limit.ordinal());
  }
}
