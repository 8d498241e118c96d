package socketserver.unix.fork;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import socketserver.spi.ChildSettings;
import socketserver.spi.Children;
import socketserver.spi.ForkedRequest;

/**
 * The children of one server: those that start, those that wait, those that work.
 *
 * <p>A request goes to the child that has waited for the shortest time (its memory is warm), or
 * waits for the first that is ready; then the thread that serves starts one, if there are not
 * enough under way. A thread of the pool's own keeps the spare ones, ends those that wait too long,
 * and kills those that work too long.
 */
final class ChildPool implements Children, Child.Parent {
  private static final Logger LOGGER = LoggerFactory.getLogger(ChildPool.class);

  /** How many children in a row may fail before a request that waits for them is given up. */
  private static final int MOST_FAILURES = 3;

  private static final long FIRST_PAUSE_MILLIS = 100;
  private static final long LONGEST_PAUSE_MILLIS = 30_000;

  /** How long starting a spare child leaves the processor to the request that took the last one. */
  private static final long REFILL_PAUSE = TimeUnit.MILLISECONDS.toNanos(10);

  /** How long a child waits that is not among the spare ones. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

  /** How long the keeper sleeps when there is nothing to wait for. */
  private static final long LONGEST_SLEEP = TimeUnit.SECONDS.toNanos(60);

  /** How long close waits for those that have nothing to do. */
  private static final Duration FAREWELL = Duration.ofSeconds(2);

  /** How long close waits for one that was killed, which only the system can delay. */
  private static final Duration KILL = Duration.ofSeconds(10);

  private final ChildSettings settings;
  private final ClassArchive archive = new ClassArchive();
  private final StartLimit limit = StartLimit.ofProcess();
  private final Runnable wakeup = this::wakeup;
  private final Thread exitHook = new Thread(this::parentEnds, "socketserver-children-exit");

  /** Guards everything below, and what is said to be guarded by the pool. */
  private final ReentrantLock lock = new ReentrantLock();

  /** Signalled when the keeper may have something to do. */
  private final Condition changed = lock.newCondition();

  private final Set<Child> children = new HashSet<>();
  private final Deque<Child> idle = new ArrayDeque<>();
  private final Deque<Assignment> waiting = new ArrayDeque<>();

  private final ChildWatch watch = new ChildWatch();

  /** How many children are neither ready nor gone; the process's limit knows of each. */
  private int starting;

  /** Whether the pool may be in the queue of the process's limit. */
  private boolean queued;

  /** How many starts have failed since the last that did not. */
  private int failures;

  /** When the next child may be started after a failure. */
  private long notBefore = System.nanoTime();

  /** When a child may be started that no request waits for. */
  private long refillAt = System.nanoTime();

  private Thread keeper;
  private boolean closed;

  ChildPool(ChildSettings settings) {
    this.settings = settings;
  }

  @Override
  public void begin() {
    lock.lock();
    try {
      if (keeper == null && !closed) {
        keeper = new Thread(this::keep, "socketserver-children");
        keeper.setDaemon(true);
        keeper.start();
        Runtime.getRuntime().addShutdownHook(exitHook);
      }
    } catch (IllegalStateException e) {
      // the process ends
    } finally {
      lock.unlock();
    }
  }

  // Requests

  @Override
  public ForkedRequest fork(byte[] task, byte[] data, int fd, Object client, Runnable whenEnded)
      throws IOException {
    begin();
    Assignment assignment =
        new Assignment(task, data, OwnDescriptor.duplicate(fd), client, whenEnded);
    int most = settings.maxStarting();
    Child child;
    boolean start;
    lock.lock();
    try {
      checkOpen();
      child = idle.pollLast();
      if (child != null) {
        assign(child, assignment);
        refillAt = System.nanoTime() + REFILL_PAUSE;
      } else {
        waiting.add(assignment);
        changed.signalAll();
      }
      start = child == null && starting < mostStarting(most) && mayStart();
      starting += start ? 1 : 0;
    } catch (IOException e) {
      assignment.release();
      throw e;
    } finally {
      lock.unlock();
    }
    if (child != null) {
      send(child, assignment);
    } else if (start) {
      startFor(assignment);
    }
    return assignment;
  }

  /** With the lock held. */
  private void checkOpen() throws IOException {
    if (closed) {
      throw new IOException("the server is closed");
    }
  }

  /** With the lock held. */
  private void assign(Child child, Assignment assignment) {
    child.assignment = assignment;
    child.handed++;
    child.since = System.nanoTime();
    child.silent = 0;
    assignment.assign(child.pid());
    // from now on it is watched
    changed.signalAll();
  }

  /** A child that is gone by now is {@link #gone} soon, which hands the request to another. */
  private void send(Child child, Assignment assignment) {
    try {
      child.send(assignment, child.isLast());
    } catch (IOException e) {
      LOGGER.debug("child {} did not take a request: {}", child.pid(), e.toString());
    }
  }

  private void startFor(Assignment assignment) throws IOException {
    try {
      start();
    } catch (IOException e) {
      boolean givenUp;
      lock.lock();
      try {
        givenUp = waiting.remove(assignment);
      } finally {
        lock.unlock();
      }
      if (givenUp) {
        assignment.release();
        throw e;
      }
    }
  }

  // What a child says

  @Override
  public void ready(Child child) {
    LOGGER.debug("child process {} is ready", child.pid());
    lock.lock();
    try {
      child.ready = true;
      starting--;
      failures = 0;
    } finally {
      lock.unlock();
    }
    try {
      markFree(child);
    } finally {
      limit.ended();
    }
  }

  private void markFree(Child child) {
    Assignment next;
    boolean leaves;
    lock.lock();
    try {
      child.since = System.nanoTime();
      child.silent = 0;
      next = child.leaving ? null : waiting.poll();
      if (next != null) {
        assign(child, next);
      } else if (!closed && !child.leaving) {
        idle.add(child);
      }
      leaves = next == null && closed;
      child.leaving |= leaves;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    if (next != null) {
      send(child, next);
    } else if (leaves) {
      child.leave();
    }
  }

  @Override
  public void taken(Child child) {
    Assignment assignment;
    lock.lock();
    try {
      assignment = child.assignment;
      assignment.taken = true;
      // now, and not before the child was told, there is time to start another
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    assignment.release();
  }

  /** The request is handled; if the child ends with it, the request has ended when it is gone. */
  @Override
  public void done(Child child, int status) {
    Assignment ended;
    lock.lock();
    try {
      if (child.isLast()) {
        child.leaving = true;
        return;
      }
      ended = child.assignment;
      child.assignment = null;
    } finally {
      lock.unlock();
    }
    ended.end();
    markFree(child);
  }

  /** A process has ended. */
  @Override
  public void gone(Child child, int status) {
    Assignment ended = null;
    Assignment again = null;
    Child next = null;
    List<Assignment> givenUp = List.of();
    boolean failed;
    boolean wasStarting;
    lock.lock();
    try {
      children.remove(child);
      idle.remove(child);
      wasStarting = !child.ready;
      failed = wasStarting && !closed;
      starting -= wasStarting ? 1 : 0;
      Assignment unfinished = child.assignment;
      if (unfinished == null || unfinished.taken || ++unfinished.refusals >= MOST_FAILURES) {
        ended = unfinished;
      } else {
        again = unfinished;
        next = assignToAnother(again);
      }
      if (failed) {
        givenUp = startFailed();
      } else if (closed && children.isEmpty()) {
        givenUp = takeWaiting();
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    try {
      if (wasStarting) {
        limit.ended();
      }
      if (next != null) {
        send(next, again);
      }
      report(child, status, ended, failed);
    } finally {
      if (ended != null) {
        ended.end();
      }
      giveUp(givenUp, "no child process starts");
    }
  }

  /** With the lock held: gives it to a child that waits, or has it wait; returns that child. */
  private Child assignToAnother(Assignment refused) {
    Child next = idle.pollLast();
    if (next == null) {
      refused.assign(0);
      waiting.addFirst(refused);
    } else {
      assign(next, refused);
    }
    return next;
  }

  private void report(Child child, int status, Assignment ended, boolean failed) {
    String end = Ending.of(status);
    if (failed) {
      LOGGER.error(
          "child process {} {} before it was ready; {}", child.pid(), end, child.command());
    } else if (ended != null && !child.leaving) {
      LOGGER.warn(
          "child process {} {} while it handled the request from {}",
          child.pid(),
          end,
          ended.client());
    } else if (!child.leaving) {
      LOGGER.warn("child process {} {} while it waited", child.pid(), end);
    } else {
      LOGGER.debug("child process {} {}", child.pid(), end);
    }
  }

  private static void giveUp(List<Assignment> requests, String why) {
    for (Assignment request : requests) {
      LOGGER.error("the request from {} is closed unhandled: {}", request.client(), why);
      request.end();
    }
  }

  // Starting

  /** With the lock held; returns the requests that have waited for too many failures. */
  private List<Assignment> startFailed() {
    long pause = Math.min(FIRST_PAUSE_MILLIS << Math.min(failures, 10), LONGEST_PAUSE_MILLIS);
    failures++;
    notBefore = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(pause);
    if (failures < MOST_FAILURES || children.size() > starting) {
      return List.of();
    }
    return takeWaiting();
  }

  /** With the lock held. */
  private List<Assignment> takeWaiting() {
    List<Assignment> taken = new ArrayList<>(waiting);
    waiting.clear();
    return taken;
  }

  /** Starts a child that is counted already, so that nobody else starts it as well. */
  private void start() throws IOException {
    Child child = null;
    try {
      child = Child.start(this, ChildCommand.of(settings, archive.use()), requestsOfOne());
      started(child);
      child.begin(settings);
    } catch (OutOfMemoryError e) {
      // the JVM's way to say that the system refused a thread
      IOException refused = new IOException("cannot start a child process: " + e.getMessage(), e);
      notStarted(child, refused);
      throw refused;
    } catch (Throwable e) {
      notStarted(child, e);
      throw e;
    }
    archive.started(settings);
  }

  private void started(Child child) {
    lock.lock();
    try {
      children.add(child);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void notStarted(Child child, Throwable why) {
    if (child != null) {
      child.abandon();
    }
    List<Assignment> givenUp;
    lock.lock();
    try {
      starting--;
      children.remove(child);
      givenUp = startFailed();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    limit.ended();
    LOGGER.error("{}", why.getMessage());
    giveUp(givenUp, why.getMessage());
  }

  /** A little less than what the server says, so that not all end at once. */
  private int requestsOfOne() {
    int most = settings.maxRequestsPerChild();
    return most <= 1 ? most : most - ThreadLocalRandom.current().nextInt(most / 10 + 1);
  }

  // Keeping

  private void keep() {
    try {
      while (true) {
        List<Child> superfluous = new ArrayList<>();
        List<ChildWatch.Hanging> hanging = new ArrayList<>();
        int spares = settings.spareChildren();
        int most = settings.maxStarting();
        Duration timeout = settings.childTimeout();
        boolean start;
        boolean withdraws;
        lock.lock();
        try {
          long now = System.nanoTime();
          if (closed && children.isEmpty()) {
            return;
          }
          long next = nextLook(now, spares, timeout, superfluous, hanging);
          long startsIn = nextStart(now, spares, most);
          start = startsIn <= 0 && mayStart();
          starting += start ? 1 : 0;
          withdraws = startsIn > 0 && queued;
          queued &= !withdraws;
          if (!start && !withdraws && superfluous.isEmpty() && hanging.isEmpty()) {
            // whom the process's limit refuses is woken by it
            changed.awaitNanos(startsIn > 0 ? Math.min(next, startsIn) : next);
            continue;
          }
        } finally {
          lock.unlock();
        }
        superfluous.forEach(Child::leave);
        hanging.forEach(this::kill);
        if (withdraws) {
          limit.withdraw(wakeup);
        }
        if (start) {
          startSpare();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      limit.withdraw(wakeup);
    }
  }

  private void wakeup() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** With the lock held: asks the process's limit, which wakes the keeper if it says no. */
  private boolean mayStart() {
    queued = !limit.tryStart(wakeup);
    return !queued;
  }

  /** With the lock held: collects what is to be done, and returns when to look again. */
  private long nextLook(
      long now,
      int spares,
      Duration timeout,
      List<Child> superfluous,
      List<ChildWatch.Hanging> hanging) {
    long next = Math.min(watch.look(now, children, timeout, hanging), LONGEST_SLEEP);
    while (idle.size() > spares) {
      Child longest = idle.peekFirst();
      long left = LONGEST_WAIT.toNanos() - (now - longest.since);
      if (left > 0) {
        next = Math.min(next, left);
        break;
      }
      idle.pollFirst().leaving = true;
      superfluous.add(longest);
    }
    return next;
  }

  /**
   * With the lock held: how long it is until a child is to be started, unless something changes.
   */
  private long nextStart(long now, int spares, int most) {
    if (!isOneMissing(spares, most)) {
      return Long.MAX_VALUE;
    }
    long pause = notBefore - now;
    return waiting.isEmpty() ? Math.max(pause, refillAt - now) : pause;
  }

  /**
   * With the lock held. Spare ones start one after the other: two would make the first one late.
   */
  private boolean isOneMissing(int spares, int most) {
    return !closed
        && (starting == 0 || starting < mostStarting(most))
        && idle.size() + starting < waiting.size() + spares;
  }

  /** With the lock held: how many may start for the requests that wait. */
  private int mostStarting(int most) {
    return Math.min(waiting.size(), most);
  }

  private void startSpare() {
    try {
      start();
    } catch (IOException | RuntimeException e) {
      LOGGER.debug("the next child process is started later", e);
    }
  }

  private void kill(ChildWatch.Hanging hanging) {
    LOGGER.warn("child process {} is killed: {}", hanging.child().pid(), hanging.why());
    hanging.child().kill();
  }

  // The end

  @Override
  public void close() {
    List<Child> farewell = new ArrayList<>();
    List<Assignment> unhandled = List.of();
    lock.lock();
    try {
      closed = true;
      idle.clear();
      awaitStarts();
      for (Child child : children) {
        boolean needed = !child.ready && !waiting.isEmpty();
        child.leaving |= child.assignment == null && !needed;
        if (!needed) {
          farewell.add(child);
        }
      }
      if (children.isEmpty()) {
        unhandled = takeWaiting();
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    giveUp(unhandled, "the server is closed");
    farewell.forEach(Child::leave);
    awaitEnd(farewell);
    unhook();
    archive.close();
  }

  /** With the lock held: waits for those who are about to start a child, which then is known. */
  private void awaitStarts() {
    while (starting > children.stream().filter(child -> !child.ready).count()) {
      changed.awaitUninterruptibly();
    }
  }

  /** Waits for those that have nothing to do, and kills who takes too long, as who starts may. */
  private static void awaitEnd(List<Child> farewell) {
    List<Child> killed = new ArrayList<>();
    long start = System.nanoTime();
    try {
      for (Child child : farewell) {
        if (child.leaving && !child.awaitEnd(FAREWELL.minusNanos(System.nanoTime() - start))) {
          child.kill();
          killed.add(child);
        }
      }
      for (Child child : killed) {
        if (!child.awaitEnd(KILL)) {
          LOGGER.warn("child process {} is killed, and does not end", child.pid());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void unhook() {
    try {
      Runtime.getRuntime().removeShutdownHook(exitHook);
    } catch (IllegalStateException e) {
      // the process ends
    }
  }

  /** Those that work go on when this process ends of its own accord, as in Python. */
  private void parentEnds() {
    List<Child> all;
    lock.lock();
    try {
      closed = true;
      all = new ArrayList<>(children);
      all.forEach(child -> child.leaving |= child.assignment == null);
    } finally {
      lock.unlock();
    }
    all.forEach(Child::leave);
    archive.close();
  }
}
