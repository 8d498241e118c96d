package socketserver.unix.fork;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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

  private final ChildSettings settings;
  private final ExitHook exitHook = new ExitHook(this::parentEnds);

  /** Guards everything below, and what is said to be guarded by the pool. */
  private final ReentrantLock lock = new ReentrantLock();

  /** Signalled when the keeper may have something to do. */
  private final Condition changed = lock.newCondition();

  private final Set<Child> children = new HashSet<>();
  private final Deque<Child> idle = new ArrayDeque<>();
  private final Deque<Assignment> waiting = new ArrayDeque<>();

  private final ChildWatch watch = new ChildWatch();

  private final ChildStarts starts;

  private Thread keeper;
  private boolean closed;

  ChildPool(ChildSettings settings) {
    this.settings = settings;
    this.starts = new ChildStarts(this, settings);
  }

  @Override
  public void begin() {
    lock.lock();
    try {
      if (keeper == null && !closed) {
        keeper = new Thread(this::keep, "socketserver-children");
        keeper.setDaemon(true);
        keeper.start();
        exitHook.add();
      }
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
        starts.postponeSpares();
      } else {
        waiting.add(assignment);
        changed.signalAll();
      }
      start = child == null && starts.underWay() < mostStarting(most) && starts.begin();
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
      starts.start();
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
      starts.succeeded();
    } finally {
      lock.unlock();
    }
    try {
      markFree(child);
    } finally {
      starts.letOthers();
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
      if (wasStarting) {
        starts.ended();
      }
      Assignment unfinished = child.assignment;
      if (unfinished == null
          || unfinished.taken
          || unfinished.cut
          || ++unfinished.refusals >= ChildStarts.MOST_FAILURES) {
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
        starts.letOthers();
      }
      if (next != null) {
        send(next, again);
      }
      Ending.report(child, status, ended, failed);
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

  private static void giveUp(List<Assignment> requests, String why) {
    requests.forEach(request -> request.giveUp(why));
  }

  // Starting

  /** With the lock held; returns the requests that have waited for too many failures. */
  private List<Assignment> startFailed() {
    starts.failed();
    return starts.failTooOften() && children.size() <= starts.underWay()
        ? takeWaiting()
        : List.of();
  }

  /** With the lock held. */
  private List<Assignment> takeWaiting() {
    List<Assignment> taken = new ArrayList<>(waiting);
    waiting.clear();
    return taken;
  }

  /** Its process runs; it is not ready yet. */
  void started(Child child) {
    lock.lock();
    try {
      children.add(child);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** It could not be started; null if there is not even a process. */
  void notStarted(Child child, Throwable why) {
    if (child != null) {
      child.abandon();
    }
    List<Assignment> givenUp;
    lock.lock();
    try {
      starts.ended();
      children.remove(child);
      givenUp = startFailed();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    starts.letOthers();
    LOGGER.error("{}", why.getMessage());
    giveUp(givenUp, why.getMessage());
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
          long next =
              Math.min(
                  watch.look(now, children, timeout, hanging),
                  watch.lookAtIdle(now, idle, spares, superfluous));
          long startsIn = nextStart(now, spares, most);
          start = startsIn <= 0 && starts.begin();
          withdraws = startsIn > 0 && starts.leaveQueue();
          if (!start && !withdraws && superfluous.isEmpty() && hanging.isEmpty()) {
            // whom the process's limit refuses is woken by it
            changed.awaitNanos(startsIn > 0 ? Math.min(next, startsIn) : next);
            continue;
          }
        } finally {
          lock.unlock();
        }
        superfluous.forEach(Child::leave);
        hanging.forEach(ChildWatch.Hanging::kill);
        if (withdraws) {
          starts.withdraw();
        }
        if (start) {
          starts.startSpare();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      starts.withdraw();
    }
  }

  /** There may be something to do for the keeper. */
  void wakeup() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * With the lock held: how long it is until a child is to be started, unless something changes.
   */
  private long nextStart(long now, int spares, int most) {
    return isOneMissing(spares, most) ? starts.pause(now, waiting.isEmpty()) : Long.MAX_VALUE;
  }

  /**
   * With the lock held. Spare ones start one after the other: two would make the first one late.
   */
  private boolean isOneMissing(int spares, int most) {
    return !closed
        && (starts.underWay() == 0 || starts.underWay() < mostStarting(most))
        && idle.size() + starts.underWay() < waiting.size() + spares;
  }

  /** With the lock held: how many may start for the requests that wait. */
  private int mostStarting(int most) {
    return Math.min(waiting.size(), most);
  }

  // The end

  @Override
  public void end(ForkedRequest request, boolean forcibly) {
    List<Child> busy;
    boolean waits;
    lock.lock();
    try {
      ((Assignment) request).cut = true;
      waits = waiting.remove(request);
      busy = children.stream().filter(child -> child.assignment == request).toList();
      // it is handed nothing else, and its end is no surprise
      busy.forEach(child -> child.leaving = true);
    } finally {
      lock.unlock();
    }
    giveUp(waits ? List.of((Assignment) request) : List.of(), "the server ends it");
    busy.forEach(child -> child.end(forcibly));
  }

  @Override
  public void close() {
    List<Child> farewell;
    List<Assignment> unhandled = List.of();
    lock.lock();
    try {
      closed = true;
      awaitStarts();
      farewell = dismiss();
      if (children.isEmpty()) {
        unhandled = takeWaiting();
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    giveUp(unhandled, "the server is closed");
    farewell.forEach(Child::leave);
    Farewell.await(farewell);
    exitHook.remove();
    starts.close();
  }

  /** With the lock held: those that are to leave, now or when they have done their work. */
  private List<Child> dismiss() {
    closed = true;
    idle.clear();
    List<Child> farewell = new ArrayList<>(children);
    farewell.removeIf(child -> !child.ready && !waiting.isEmpty());
    farewell.forEach(child -> child.leaving |= child.assignment == null);
    return farewell;
  }

  /** With the lock held: waits for those who are about to start a child, which then is known. */
  private void awaitStarts() {
    while (starts.underWay() > children.stream().filter(child -> !child.ready).count()) {
      changed.awaitUninterruptibly();
    }
  }

  /** Those that work go on when this process ends of its own accord, as in Python. */
  private void parentEnds() {
    List<Child> farewell;
    lock.lock();
    try {
      farewell = dismiss();
    } finally {
      lock.unlock();
    }
    farewell.forEach(Child::leave);
    starts.close();
  }
}
