package socketserver;

import java.util.concurrent.Executor;
import socketserver.spi.LoopScheduler;
import socketserver.spi.VirtualThreads;

/**
 * Gives one handler its turns: on the event loop of its connection as long as they are short, else
 * with the JVM's scheduler, where they keep nobody waiting.
 */
final class LoopTurns implements Executor {
  private final WatchedLoop loop;

  /** The first turns of the server's handlers: many have but one. */
  private final TurnLengths firsts;

  private final TurnLengths lengths;
  private final LoopScheduler scheduler = new LoopScheduler(this);
  private final Runnable onLoop = this::runOnLoop;
  private final Runnable elsewhere = this::runTurn;

  // Written by the turns, which follow each other

  private boolean hasBegun;

  /** When the turn began that is not over; 0 if none is. */
  private volatile long begun;

  LoopTurns(WatchedLoop loop, TurnLengths firsts) {
    this.loop = loop;
    this.firsts = firsts;
    this.lengths = new TurnLengths(firsts.areLong());
  }

  /** Makes the handler's thread, not started. */
  Thread unstarted(Runnable request) {
    return scheduler.unstarted(request);
  }

  /**
   * Called by the scheduler, with itself, for each turn; before the last one is over by a yield.
   */
  @Override
  public void execute(Runnable turn) {
    long since = begun;
    if (lengths.areLong() || since != 0 && TurnLengths.isLong(System.nanoTime() - since)) {
      VirtualThreads.scheduler().execute(elsewhere);
    } else {
      loop.execute(onLoop);
    }
  }

  private void runOnLoop() {
    loop.begin(scheduler.thread());
    try {
      runTurn();
    } finally {
      loop.end();
    }
  }

  private void runTurn() {
    boolean isFirst = !hasBegun;
    hasBegun = true;
    long start = System.nanoTime();
    begun = start;
    try {
      scheduler.run();
    } finally {
      // the next turn may have begun already
      begun = 0;
      long nanos = System.nanoTime() - start;
      lengths.add(nanos);
      if (isFirst) {
        firsts.add(nanos);
      }
    }
  }
}
