package socketserver;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Keeps the process alive while requests run in virtual threads, which are daemons by nature: a
 * thread of the platform, which is none, waits for them.
 */
final class ProcessHold {
  /** The thread goes soon after the last request: it is what keeps the process alive. */
  private static final long IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /** Guarded by lock: the requests that run. */
  private int running;

  /** Guarded by lock: the thread that waits for them, or null. */
  private Thread waiter;

  /** Guarded by lock: the waiter waits for running to become 0. */
  private boolean waitsForEnd;

  /** Guarded by lock: the waiter is to go as soon as nothing runs. */
  private boolean released;

  /**
   * Runs a request.
   *
   * @param threads makes its thread
   * @param request what to run
   * @param daemon whether the process may end before it
   */
  void start(ThreadFactory threads, Runnable request, boolean daemon) {
    if (daemon) {
      threads.newThread(request).start();
      return;
    }
    begin();
    try {
      threads
          .newThread(
              () -> {
                try {
                  request.run();
                } finally {
                  end();
                }
              })
          .start();
    } catch (Throwable e) {
      end();
      throw e;
    }
  }

  private void begin() {
    lock.lock();
    try {
      if (waiter == null) {
        Thread thread = new Thread(null, this::await, "socketserver-requests", 0, false);
        thread.setDaemon(false);
        thread.start();
        waiter = thread;
      }
      released = false;
      running++;
    } finally {
      lock.unlock();
    }
  }

  private void end() {
    lock.lock();
    try {
      running--;
      if (running == 0 && (waitsForEnd || released)) {
        changed.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  void releaseIdle() {
    lock.lock();
    try {
      released = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until nothing has run for a while. */
  private void await() {
    lock.lock();
    try {
      while (running > 0 || !released && !idle()) {
        waitsForEnd = true;
        while (running > 0) {
          changed.awaitUninterruptibly();
        }
        waitsForEnd = false;
      }
    } finally {
      waiter = null;
      lock.unlock();
    }
  }

  /** Waits for a while; true if nothing runs afterwards. */
  private boolean idle() {
    long left = IDLE_NANOS;
    while (left > 0 && !released) {
      try {
        left = changed.awaitNanos(left);
      } catch (InterruptedException e) {
        // nobody has this thread to interrupt it
        return true;
      }
    }
    return running == 0;
  }
}
