package socketserver;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The requests of a server that run beside the thread that serves: starts them, and knows those
 * that are to be waited for. Finished requests leave nothing behind.
 */
final class RequestThreads {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition finished = lock.newCondition();

  /** Guarded by lock: the running requests that {@link #join} waits for. */
  private final Set<Run> joinable = new HashSet<>();

  private final RequestRunner runner;

  RequestThreads(RequestRunner runner) {
    this.runner = runner;
  }

  /**
   * Starts a request in a thread.
   *
   * @param task the request
   * @param daemon whether the process may end before the request
   * @param join whether {@link #join} waits for it
   * @throws IOException if the system gives no more threads
   */
  void start(RequestTask task, boolean daemon, boolean join) throws IOException {
    Run run = new Run(task, Thread.currentThread().getContextClassLoader());
    if (join && !daemon) {
      lock.lock();
      try {
        joinable.add(run);
      } finally {
        lock.unlock();
      }
    }
    try {
      runner.run(run, task, daemon);
    } catch (OutOfMemoryError e) {
      // the JVM's way to say that the system refused a thread
      ended(run);
      throw new IOException("can't start new thread: " + e.getMessage(), e);
    } catch (RuntimeException | Error e) {
      ended(run);
      throw e;
    }
  }

  /**
   * Waits until the requests that are to be waited for have ended.
   *
   * @throws IllegalStateException if one of them is what calls
   */
  void join() {
    lock.lock();
    try {
      for (Run run : joinable) {
        if (run.thread == Thread.currentThread()) {
          throw new IllegalStateException(
              "cannot join current thread: serverClose() in a handler would wait for the handler;"
                  + " call it on another thread, or set blockOnClose(false)");
        }
      }
      while (!joinable.isEmpty()) {
        finished.await();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
    releaseIdle();
  }

  /** Lets the threads go that wait for a request, and those that work as soon as they are done. */
  void releaseIdle() {
    runner.releaseIdle();
  }

  private void ended(Run run) {
    lock.lock();
    try {
      if (joinable.remove(run)) {
        finished.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** A request in its thread. */
  private final class Run implements Runnable {
    private final RequestTask task;
    private final ClassLoader contextLoader;

    /** Guarded by lock where others read it. */
    private Thread thread;

    Run(RequestTask task, ClassLoader contextLoader) {
      this.task = task;
      this.contextLoader = contextLoader;
    }

    @Override
    public void run() {
      Thread current = Thread.currentThread();
      lock.lock();
      try {
        thread = current;
      } finally {
        lock.unlock();
      }
      current.setName(ThreadNames.next());
      current.setContextClassLoader(contextLoader);
      try {
        task.runInThread();
      } finally {
        ended(this);
      }
    }
  }
}
