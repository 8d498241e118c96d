package socketserver.diesel;

import java.util.concurrent.atomic.AtomicLong;
import socketserver.diesel.channel.Budget;

/**
 * How many bytes were sent on a stream and have not left. The loops add, the event loop takes away;
 * a loop that finds no room waits until the event loop tells it that there is.
 */
final class Backlog {
  private final Budget budget = Budget.ofProcess();
  private final AtomicLong bytes = new AtomicLong();
  private final long most;
  private final Runnable roomAgain;

  /** Set by a loop that waits for room, cleared by whoever wakes it. */
  private volatile boolean awaited;

  /** Written by the event loop: nothing leaves any more. */
  private volatile boolean ended;

  /**
   * Makes one.
   *
   * @param most above how many bytes there is no room
   * @param roomAgain run by the event loop when a loop waits and there is room
   */
  Backlog(long most, Runnable roomAgain) {
    this.most = most;
    this.roomAgain = roomAgain;
  }

  long bytes() {
    return bytes.get();
  }

  /** Whether more may be sent. */
  boolean hasRoom() {
    long now = bytes.get();
    return now <= most && budget.hasRoom(now);
  }

  /** Whether the channel is closed, so that nothing leaves any more. */
  boolean hasEnded() {
    return ended;
  }

  // By the baton's holder

  /** Asks to be told when there is room. Ask {@link #hasRoom} again before waiting. */
  void await() {
    if (bytes.get() <= most) {
      budget.report();
    }
    awaited = true;
  }

  void sent(int size) {
    change(size);
    if (ended) {
      forget();
    }
  }

  // On the event loop

  void left(int size) {
    change(-size);
    if (awaited && hasRoom()) {
      awaited = false;
      roomAgain.run();
    }
  }

  /** The channel is closed. */
  void end() {
    ended = true;
    forget();
  }

  private void change(int size) {
    long now = bytes.addAndGet(size);
    budget.changed(now - size, now);
  }

  private void forget() {
    budget.changed(bytes.getAndSet(0), 0);
  }
}
