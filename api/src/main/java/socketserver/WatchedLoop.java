package socketserver;

import java.util.concurrent.Executor;
import socketserver.spi.LoopScheduler;

/** An event loop that runs handlers, and what it is doing. */
final class WatchedLoop implements LoopScheduler.Turns {
  private final Executor loop;
  private final LoopWatch watch;

  /** Written by the loop: whose turn it is, or null. */
  private volatile LoopScheduler current;

  /** Written by the loop: how many turns have begun. */
  private volatile long turns;

  // Only the watch uses these.
  private long seenTurn;
  private int seenTimes;

  WatchedLoop(Executor loop, LoopWatch watch) {
    this.loop = loop;
    this.watch = watch;
  }

  @Override
  public void execute(Runnable task) {
    loop.execute(task);
  }

  /** A handler takes its turn. On the loop. */
  @Override
  @SuppressWarnings("NonAtomicOperationOnVolatileField") // the loop alone writes it
  public void begin(LoopScheduler turn) {
    turns = turns + 1;
    current = turn;
    watch.turnBegins();
  }

  /** It waits, or has ended. On the loop. */
  @Override
  public void end() {
    current = null;
  }

  // By the watch

  /**
   * Looks at the loop.
   *
   * @return how many times in a row it has been seen in the same turn, from 1 on; 0 if it is idle
   */
  int look() {
    long turn = turns;
    LoopScheduler busy = current;
    if (busy == null) {
      seenTimes = 0;
    } else {
      seenTimes = turn == seenTurn ? seenTimes + 1 : 1;
    }
    boolean moved = turn != seenTurn;
    seenTurn = turn;
    return busy != null ? seenTimes : moved ? 1 : 0;
  }

  /** The thread whose turn it is, or null. */
  Thread thread() {
    LoopScheduler busy = current;
    return busy == null ? null : busy.thread();
  }
}
