package socketserver.diesel;

import io.netty.channel.Channel;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import socketserver.diesel.channel.Budget;

/**
 * How far a channel may read ahead of its loop: some 64 KiB. Then it stops to read until the loop
 * has caught up; without room in the {@link Budget} it reads when nearly all was taken. What a loop
 * waits for more of does not count: it may ask for more than that.
 */
final class Intake {
  private static final int HIGH_WATER = 64 << 10;
  private static final int LOW_WATER = 16 << 10;

  /** What something costs that has arrived, besides its bytes. */
  private static final int OVERHEAD = 64;

  private final Budget budget = Budget.ofProcess();
  private final Channel channel;

  /** What counts, in bytes. The event loop adds, the baton's holder takes away. */
  private final AtomicLong held = new AtomicLong();

  /** Written by the event loop: the channel does not read. */
  private volatile boolean paused;

  /**
   * On the event loop: nothing more comes, and asking for it would make Netty close the channel.
   */
  private boolean ended;

  /** Guarded by the baton: what counts and is in the loop's buffer. */
  private int stored;

  /** Guarded by the baton: the loop waits for more. */
  private boolean wanted;

  Intake(Channel channel) {
    this.channel = channel;
    channel.closeFuture().addListener(closing -> budget.changed(held.getAndSet(0), 0));
  }

  // On the event loop

  /** Something has arrived. */
  void arrived(int size) {
    long now = hold(size + OVERHEAD);
    boolean room = budget.hasRoom(now);
    if (!room) {
      budget.report();
    }
    if ((now > HIGH_WATER || !room) && !paused) {
      paused = true;
      channel.config().setAutoRead(false);
      // it may have been taken before the flag was seen
      if (caughtUp(held.get())) {
        resume();
      }
    }
  }

  /** Counts bytes, or fewer if that is negative; returns how many there are now. */
  private long hold(int change) {
    long now = held.addAndGet(change);
    budget.changed(now - change, now);
    return now;
  }

  private boolean caughtUp(long now) {
    return now <= LOW_WATER && budget.hasRoom(now);
  }

  /** Nothing more will. */
  void end() {
    ended = true;
  }

  private void resume() {
    if (paused && !ended) {
      paused = false;
      channel.config().setAutoRead(true);
    }
  }

  // By the baton's holder

  /** What has arrived is in the buffer. */
  void stored(int size) {
    release(OVERHEAD);
    stored += size;
    if (wanted) {
      release(stored);
      stored = 0;
    }
  }

  /** Bytes of the buffer were taken. */
  void taken(int size) {
    int counted = Math.min(size, stored);
    stored -= counted;
    release(counted);
  }

  /** What has arrived was taken, past the buffer. */
  void passed(int size) {
    release(size + OVERHEAD);
  }

  /** The loop waits for more than the buffer has, or does not any more. */
  void wanted(boolean now) {
    wanted = now;
    if (now) {
      release(stored);
      stored = 0;
    }
  }

  private void release(int size) {
    if (size > 0 && caughtUp(hold(-size)) && paused) {
      try {
        channel.eventLoop().execute(this::resume);
      } catch (RejectedExecutionException e) {
        // the application has ended, and the channel is closed
      }
    }
  }
}
