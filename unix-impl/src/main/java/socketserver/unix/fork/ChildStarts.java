package socketserver.unix.fork;

import java.io.IOException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import socketserver.spi.ChildSettings;

/**
 * Starts the children of a pool: how many are under way, what the process's {@link StartLimit}
 * allows, and how long to pause after failures.
 *
 * <p>With the pool's lock held, unless a method says something else.
 */
final class ChildStarts {
  private static final Logger LOGGER = LoggerFactory.getLogger(ChildPool.class);

  /** How many children in a row may fail before a request that waits for them is given up. */
  static final int MOST_FAILURES = 3;

  private static final long FIRST_PAUSE_MILLIS = 100;
  private static final long LONGEST_PAUSE_MILLIS = 30_000;

  /** How long starting a spare child leaves the processor to the request that took the last one. */
  private static final long REFILL_PAUSE = TimeUnit.MILLISECONDS.toNanos(10);

  private final ChildPool pool;
  private final ChildSettings settings;
  private final ClassArchive archive = new ClassArchive();
  private final StartLimit limit = StartLimit.ofProcess();

  /** What the limit knows the pool by. */
  private final Runnable wakeup;

  /** How many children are neither ready nor gone; the process's limit knows of each. */
  private int underWay;

  /** Whether the pool may be in the queue of the process's limit. */
  private boolean queued;

  /** How many starts have failed since the last that did not. */
  private int failures;

  /** When the next child may be started after a failure. */
  private long notBefore = System.nanoTime();

  /** When a child may be started that no request waits for. */
  private long sparesAt = System.nanoTime();

  ChildStarts(ChildPool pool, ChildSettings settings) {
    this.pool = pool;
    this.settings = settings;
    this.wakeup = pool::wakeup;
  }

  int underWay() {
    return underWay;
  }

  /** Counts one that is then to be started, unless the limit says no; it wakes the keeper later. */
  boolean begin() {
    queued = !limit.tryStart(wakeup);
    underWay += queued ? 0 : 1;
    return !queued;
  }

  /** One is ready. */
  void succeeded() {
    underWay--;
    failures = 0;
  }

  /** One is gone before it was ready. */
  void ended() {
    underWay--;
  }

  /** One has failed: the next starts after a pause. */
  void failed() {
    long pause = Math.min(FIRST_PAUSE_MILLIS << Math.min(failures, 10), LONGEST_PAUSE_MILLIS);
    failures++;
    notBefore = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(pause);
  }

  boolean failTooOften() {
    return failures >= MOST_FAILURES;
  }

  /** A request has taken a child that waited. */
  void postponeSpares() {
    sparesAt = System.nanoTime() + REFILL_PAUSE;
  }

  /** How long it is until one may be started. */
  long pause(long now, boolean spare) {
    long pause = notBefore - now;
    return spare ? Math.max(pause, sparesAt - now) : pause;
  }

  /** None is to be started for now; whether {@link #withdraw} is to follow. */
  boolean leaveQueue() {
    boolean was = queued;
    queued = false;
    return was;
  }

  /** Leaves the process's limit to others. Without the lock. */
  void withdraw() {
    limit.withdraw(wakeup);
  }

  /** One is ready or gone: others may start theirs. Without the lock. */
  void letOthers() {
    limit.ended();
  }

  /**
   * Starts one that is counted already, so that nobody else starts it as well. Without the lock.
   */
  void start() throws IOException {
    Child child = null;
    try {
      child = Child.start(pool, ChildCommand.of(settings, archive.use()), requestsOfOne());
      pool.started(child);
      child.begin(settings);
    } catch (OutOfMemoryError e) {
      // the JVM's way to say that the system refused a thread
      IOException refused = new IOException("cannot start a child process: " + e.getMessage(), e);
      pool.notStarted(child, refused);
      throw refused;
    } catch (Throwable e) {
      pool.notStarted(child, e);
      throw e;
    }
    archive.started(settings);
  }

  /** Starts one that nobody waits for: if that fails, the pool tries again. Without the lock. */
  void startSpare() {
    try {
      start();
    } catch (IOException | RuntimeException e) {
      LOGGER.debug("the next child process is started later", e);
    }
  }

  /** A little less than what the server says, so that not all end at once. */
  private int requestsOfOne() {
    int most = settings.maxRequestsPerChild();
    return most <= 1 ? most : most - ThreadLocalRandom.current().nextInt(most / 10 + 1);
  }

  /** The pool is closed: nothing is started any more. Without the lock. */
  void close() {
    archive.close();
  }
}
