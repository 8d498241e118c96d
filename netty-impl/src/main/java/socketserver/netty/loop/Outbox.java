package socketserver.netty.loop;

import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections of an engine that have something to send later: what they keep back for a moment,
 * and what there was no room for. Nobody waits here but the end of the process.
 */
public final class Outbox {
  /** How long a small write waits for others that are to leave with it. */
  private static final int SOON_MILLIS = 1;

  /** How long the end of the process waits for peers that do not read. */
  private static final long SETTLE_MILLIS = 1000;

  /** How often it looks whether all is sent. */
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private static final Logger LOGGER = LoggerFactory.getLogger(Outbox.class);

  /** A connection that sends what it keeps back when the engine says so. */
  public interface Sender {
    /** A moment is over: what is kept back is to go, if nobody is at work. Does not wait. */
    void flushNowOrLater();

    /**
     * How many of the written bytes the system does not have yet.
     *
     * @return the number
     */
    long unsent();
  }

  /** Has a loop do something later. */
  interface Timer {
    void schedule(Runnable task, long millis);
  }

  private final Timer timer;

  /** Connections that keep small writes back for a moment. */
  private final Queue<Sender> soon = new ConcurrentLinkedQueue<>();

  /** Whether a loop looks after them. */
  private final AtomicBoolean ticking = new AtomicBoolean();

  private final Runnable tick = this::tick;

  /** Connections that have something to send when there is room, for {@link #deliver}. */
  private final Set<Sender> unsent = ConcurrentHashMap.newKeySet();

  Outbox(Timer timer) {
    this.timer = timer;
  }

  /** Has a connection send in a moment what it keeps back. */
  public void flushSoon(Sender stream) {
    soon.add(stream);
    if (ticking.compareAndSet(false, true)) {
      tickLater();
    }
  }

  private void tickLater() {
    boolean scheduled = false;
    try {
      timer.schedule(tick, SOON_MILLIS);
      scheduled = true;
    } catch (RejectedExecutionException e) {
      LOGGER.debug("the loops have ended with the last of the connections");
    } finally {
      if (!scheduled) {
        // an error must not keep the next connection from asking again
        ticking.set(false);
      }
    }
  }

  private void tick() {
    boolean any = flushKept();
    if (!any) {
      ticking.set(false);
    }
    if (any || !soon.isEmpty() && ticking.compareAndSet(false, true)) {
      tickLater();
    }
  }

  /** Has the connections send what they keep back now; whether there were any. */
  private boolean flushKept() {
    boolean any = false;
    for (int left = soon.size(); left > 0; left--) {
      Sender stream = soon.poll();
      if (stream != null) {
        any = true;
        stream.flushNowOrLater();
      }
    }
    return any;
  }

  /** A connection has something to send when there is room. */
  public void remember(Sender stream) {
    unsent.add(stream);
  }

  /** It has no longer. */
  public void forget(Sender stream) {
    if (!unsent.isEmpty()) {
      unsent.remove(stream);
    }
  }

  /**
   * Gives what was written time at the end of the process to be sent: a second, and another one as
   * long as peers read.
   */
  void deliver() {
    flushKept();
    long left = unsent();
    long before;
    do {
      before = left;
      long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(SETTLE_MILLIS);
      while (left > 0 && deadline - System.nanoTime() > 0) {
        LockSupport.parkNanos(LOOK_NANOS);
        left = unsent();
      }
    } while (left > 0 && left < before);
  }

  private long unsent() {
    return unsent.stream().mapToLong(Sender::unsent).sum();
  }
}
