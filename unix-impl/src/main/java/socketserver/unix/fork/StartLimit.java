package socketserver.unix.fork;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * How many child processes start at the same time, whichever server they are for. A JVM that starts
 * keeps a core busy, so more would only make the first one late.
 *
 * <p>Pools that may not start a child wait in a queue, so that a busy server does not keep the
 * others waiting. They are not blocked: they are woken when they should ask again. On any thread;
 * locks itself, and wakes without its lock held.
 */
final class StartLimit {
  private static final String PROPERTY = "socketserver.maxStartingChildren";
  private static final StartLimit OF_PROCESS =
      new StartLimit(Math.max(1, Integer.getInteger(PROPERTY, defaultMost())));

  private final int most;

  /** Guarded by this: how many children are neither ready nor gone. */
  private int starting;

  /** Guarded by this: who waits, the longest first. */
  private final Set<Runnable> waiting = new LinkedHashSet<>();

  StartLimit(int most) {
    this.most = most;
  }

  private static int defaultMost() {
    return Math.max(2, Runtime.getRuntime().availableProcessors());
  }

  /** The limit that all servers of the process share. */
  static StartLimit ofProcess() {
    return OF_PROCESS;
  }

  /**
   * Asks whether a child may be started now. Who is refused waits in the queue until it is not, or
   * until it {@linkplain #withdraw withdraws}.
   *
   * @param pool wakes the one who asks; always the same object
   * @return true if it may, and has to call {@link #ended} later
   */
  synchronized boolean tryStart(Runnable pool) {
    waiting.add(pool);
    if (starting + ahead(pool) >= most) {
      return false;
    }
    waiting.remove(pool);
    starting++;
    return true;
  }

  private int ahead(Runnable pool) {
    int ahead = 0;
    for (Runnable other : waiting) {
      if (other == pool) {
        break;
      }
      ahead++;
    }
    return ahead;
  }

  /** A pool no longer wants to start a child. Must be called without its lock. */
  void withdraw(Runnable pool) {
    List<Runnable> woken = List.of();
    synchronized (this) {
      if (waiting.remove(pool)) {
        woken = new ArrayList<>(waiting);
      }
    }
    woken.forEach(Runnable::run);
  }

  /** A child is ready, or gone. Must be called without the lock of a pool. */
  void ended() {
    List<Runnable> woken;
    synchronized (this) {
      starting--;
      woken = new ArrayList<>(waiting);
    }
    woken.forEach(Runnable::run);
  }
}
