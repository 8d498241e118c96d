package socketserver;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The threads of a server's requests: a thread for each, without a limit, used again by later
 * requests while it is still warm. Finished requests leave nothing behind.
 */
final class RequestThreads {
  /** A thread that is no daemon keeps the process alive, so an idle one must go soon. */
  private static final long IDLE_MILLIS = 500;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition finished = lock.newCondition();

  /** Guarded by lock: the running requests that {@link #join} waits for. */
  private final Set<Run> joinable = new HashSet<>();

  private final Pool userThreads = new Pool(false);
  private final Pool daemonThreads = new Pool(true);

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
      (daemon ? daemonThreads : userThreads).run(run);
    } catch (OutOfMemoryError e) {
      // the JVM's way to say that the system refused a thread
      ended(run);
      throw new IOException("can't start new thread: " + e.getMessage(), e);
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
    userThreads.releaseIdle();
    daemonThreads.releaseIdle();
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

  /** Threads of one kind, since a thread cannot become a daemon once it runs. */
  private static final class Pool {
    private final ThreadPoolExecutor executor;

    Pool(boolean daemon) {
      executor =
          new ThreadPoolExecutor(
              0,
              Integer.MAX_VALUE,
              IDLE_MILLIS,
              TimeUnit.MILLISECONDS,
              new SynchronousQueue<>(),
              work -> {
                Thread thread = new Thread(null, work, "socketserver-request", 0, false);
                thread.setDaemon(daemon);
                return thread;
              });
    }

    void run(Runnable request) {
      if (executor.getKeepAliveTime(TimeUnit.MILLISECONDS) == 0) {
        executor.setKeepAliveTime(IDLE_MILLIS, TimeUnit.MILLISECONDS);
      }
      executor.execute(request);
    }

    void releaseIdle() {
      executor.setKeepAliveTime(0, TimeUnit.MILLISECONDS);
    }
  }
}
