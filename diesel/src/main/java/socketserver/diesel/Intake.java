package socketserver.diesel;

import io.netty.channel.Channel;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How far a channel may read ahead of its loop: without a limit while the loop waits for input, and
 * else some 64 KiB. Then it stops to read until the loop has caught up.
 */
final class Intake {
  private static final int HIGH_WATER = 64 << 10;
  private static final int LOW_WATER = 16 << 10;

  /** What something costs that has arrived, besides its bytes. */
  private static final int OVERHEAD = 64;

  private final Channel channel;

  /**
   * What has arrived and was not taken, in bytes. The event loop adds, the baton's holder takes.
   */
  private final AtomicLong held = new AtomicLong();

  /** Written by the baton's holder: somebody waits for input. */
  private volatile boolean wanted;

  /** Written by the event loop: the channel does not read. */
  private volatile boolean paused;

  Intake(Channel channel) {
    this.channel = channel;
  }

  /** Something has arrived. On the event loop. */
  void arrived(int size) {
    long now = held.addAndGet(size + OVERHEAD);
    if (now > HIGH_WATER && !wanted && !paused) {
      paused = true;
      channel.config().setAutoRead(false);
      // both may have changed before the flag was seen
      if (wanted || held.get() <= LOW_WATER) {
        resume();
      }
    }
  }

  private void resume() {
    if (paused) {
      paused = false;
      channel.config().setAutoRead(true);
    }
  }

  /** What has arrived was put where its bytes alone count. By the baton's holder. */
  void stored() {
    taken(OVERHEAD);
  }

  /** Bytes were taken. By the baton's holder. */
  void taken(int size) {
    if (held.addAndGet(-size) <= LOW_WATER && paused) {
      askForMore();
    }
  }

  /** Somebody waits for input, or nobody does any more. By the baton's holder. */
  void wanted(boolean now) {
    wanted = now;
    if (now && paused) {
      askForMore();
    }
  }

  private void askForMore() {
    try {
      channel.eventLoop().execute(this::resume);
    } catch (RejectedExecutionException e) {
      // the application has ended
      paused = false;
    }
  }
}
