package socketserver;

import java.util.concurrent.Executor;

/** An event loop that runs handlers, and what it is doing. */
final class WatchedLoop implements Executor {
  private final Executor loop;

  /** Looks at this; null if nothing does. */
  private final LoopWatch watch;

  /** Written by the loop: whose turn it is, or null. */
  private volatile Thread current;

  /** Written by the loop: how many turns have begun. */
  private volatile long turns;

  // Only the watch uses these.
  private long seenTurn;
  private int seenTimes;

  private WatchedLoop(Executor loop, LoopWatch watch) {
    this.loop = loop;
    this.watch = watch;
  }

  /**
   * Makes what runs handlers on a loop.
   *
   * @param watch looks at it; null if nothing does
   */
  static WatchedLoop of(Executor loop, LoopWatch watch) {
    WatchedLoop made = new WatchedLoop(loop, watch);
    if (watch != null) {
      watch.add(made);
    }
    return made;
  }

  /** A request comes. */
  void retain() {
    if (watch != null) {
      watch.retain();
    }
  }

  @Override
  public void execute(Runnable task) {
    loop.execute(task);
  }

  /** A handler takes its turn. On the loop. */
  @SuppressWarnings("NonAtomicOperationOnVolatileField") // the loop alone writes it
  void begin(Thread handler) {
    turns = turns + 1;
    current = handler;
    if (watch != null) {
      watch.turnBegins();
    }
  }

  /** It waits, or has ended. On the loop. */
  void end() {
    current = null;
  }

  // By the watch

  /**
   * Looks at the loop.
   *
   * @param counts whether the time since the last look counts
   * @return how many looks that count have seen the same turn, from 1 on; 0 if the loop is idle
   */
  int look(boolean counts) {
    long turn = turns;
    Thread busy = current;
    boolean moved = turn != seenTurn;
    seenTurn = turn;
    if (busy == null) {
      seenTimes = 0;
      return moved ? 1 : 0;
    }
    seenTimes = moved ? 1 : seenTimes + (counts ? 1 : 0);
    return seenTimes;
  }

  /** What the last look has returned, unless the loop was idle. */
  int seenTimes() {
    return seenTimes;
  }

  /** The thread whose turn it is, or null. */
  Thread thread() {
    return current;
  }
}
