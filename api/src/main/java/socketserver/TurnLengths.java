package socketserver;

import java.util.concurrent.TimeUnit;

/**
 * Whether the turns of handlers are long, so that they must not have them on an event loop. Threads
 * may add turns at the same time; it is not exact then.
 */
final class TurnLengths {
  /** What a loop's other connections may be kept waiting by one turn. */
  private static final long LONG_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  /** How many in a row must be short again. */
  private static final int ENOUGH = 16;

  private volatile boolean areLong;
  private int shortInARow;

  TurnLengths(boolean areLong) {
    this.areLong = areLong;
  }

  static boolean isLong(long nanos) {
    return nanos >= LONG_NANOS;
  }

  boolean areLong() {
    return areLong;
  }

  /** Adds a turn that has just ended. */
  void add(long nanos) {
    if (isLong(nanos)) {
      shortInARow = 0;
      areLong = true;
    } else if (areLong) {
      shortInARow++;
      areLong = shortInARow < ENOUGH;
    }
  }
}
