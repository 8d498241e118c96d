package socketserver;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * Gives no more than so many requests to a runner at a time; the others wait here, in order. A
 * thread whose request has ended hands the next one over.
 */
final class BoundedRequests implements RequestRunner {
  /** Guards running and waiting; signalled when there is more room or the server is to end. */
  private final ReentrantLock lock = new ReentrantLock();

  private final Condition changed = lock.newCondition();

  /** Guarded by lock: how many the runner has. */
  private int running;

  /** Guarded by lock: empty unless the runner has as many as it may. */
  private final Deque<Request> waiting = new ArrayDeque<>();

  private final RequestRunner runner;
  private final int most;
  private final BooleanSupplier toEnd;
  private final Runnable atEnd;

  /**
   * Makes it.
   *
   * @param runner runs the requests
   * @param most how many it is given at a time
   * @param toEnd whether the server is to end, so that nobody is to wait for room
   * @param atEnd what to do when the loop ends, or the server closes
   */
  BoundedRequests(RequestRunner runner, int most, BooleanSupplier toEnd, Runnable atEnd) {
    this.runner = runner;
    this.most = most;
    this.toEnd = toEnd;
    this.atEnd = atEnd;
  }

  /** Whether another request may run, or wait with so many at the most. */
  boolean hasRoom(int maxWaiting) {
    lock.lock();
    try {
      return running < most || waiting.size() < maxWaiting;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until there is room; false if the server is to end, or the thread was interrupted. */
  boolean awaitRoom(int maxWaiting) {
    lock.lock();
    try {
      while (!toEnd.getAsBoolean()) {
        if (hasRoom(maxWaiting)) {
          return true;
        }
        changed.await();
      }
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }

  void wakeup() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void run(Runnable work, RequestTask task, boolean daemon) {
    Request request = new Request(work, task, daemon);
    lock.lock();
    try {
      if (running == most) {
        waiting.add(request);
        return;
      }
      running++;
    } finally {
      lock.unlock();
    }
    boolean elsewhere = false;
    try {
      elsewhere = request.start();
    } finally {
      if (!elsewhere) {
        handOn();
      }
    }
  }

  /** The calling thread's request has ended, or could not start: another one may. */
  private void handOn() {
    Request next = ended();
    while (next != null && !next.startSomewhere()) {
      next = ended();
    }
  }

  /** Forgets a request that has ended; returns the one that has its place now, or null. */
  private Request ended() {
    lock.lock();
    try {
      Request next = waiting.poll();
      if (next == null) {
        running--;
      }
      changed.signalAll();
      return next;
    } finally {
      lock.unlock();
    }
  }

  /** Runs what must not end the thread, as if it had a thread of its own. */
  static void runContained(Runnable work) {
    try {
      work.run();
    } catch (Throwable e) {
      uncaught(e);
    }
  }

  private static void uncaught(Throwable error) {
    Thread current = Thread.currentThread();
    try {
      current.getUncaughtExceptionHandler().uncaughtException(current, error);
    } catch (Throwable e) {
      // ignored, as the JVM does when a thread ends
    }
  }

  @Override
  public void releaseIdle() {
    runner.releaseIdle();
    atEnd.run();
  }

  /** A request that runs or waits. */
  private final class Request implements Runnable {
    private final Runnable work;
    private final RequestTask task;
    private final boolean daemon;

    /** The thread in start(), or null. No other thread can mistake it for itself. */
    private volatile Thread starter;

    /** Only the starter uses it: the runner has used its thread, as some executors do. */
    private boolean ranHere;

    Request(Runnable work, RequestTask task, boolean daemon) {
      this.work = work;
      this.task = task;
      this.daemon = daemon;
    }

    /** Gives it to the runner; false if that has run it on this thread. */
    boolean start() {
      starter = Thread.currentThread();
      try {
        runner.run(this, task, daemon);
      } finally {
        starter = null;
      }
      return !ranHere;
    }

    /** As start, but if the runner takes no more it runs here: this thread is free. */
    boolean startSomewhere() {
      try {
        return start();
      } catch (RuntimeException | Error e) {
        if (ranHere) {
          uncaught(e);
        } else {
          runContained(work);
        }
        return false;
      }
    }

    @Override
    public void run() {
      if (starter == Thread.currentThread()) {
        // who starts it hands on, or requests would nest deeper and deeper
        ranHere = true;
        work.run();
        return;
      }
      try {
        work.run();
      } finally {
        handOn();
      }
    }
  }
}
