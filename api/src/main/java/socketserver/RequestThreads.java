package socketserver;

import java.io.IOException;

/**
 * Starts the requests of a server that run beside the thread that serves, and says which of them
 * are waited for.
 */
final class RequestThreads {
  private final RunningRequests running;
  private final RequestRunner runner;

  RequestThreads(RunningRequests running, RequestRunner runner) {
    this.running = running;
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
    task.join(join && !daemon);
    boolean started = false;
    try {
      runner.run(run, task, daemon);
      started = true;
    } catch (OutOfMemoryError e) {
      // the JVM's way to say that the system refused a thread
      throw new IOException("can't start new thread: " + e.getMessage(), e);
    } finally {
      if (!started) {
        task.join(false);
      }
    }
  }

  /**
   * Waits until the requests that are to be waited for have ended.
   *
   * @throws IllegalStateException if one of them is what calls
   */
  void join() {
    running.join();
    releaseIdle();
  }

  /** Lets the threads go that wait for a request, and those that work as soon as they are done. */
  void releaseIdle() {
    runner.releaseIdle();
  }

  /**
   * A request in its thread.
   *
   * @param task the request
   * @param contextLoader the class loader of the thread that has started it
   */
  private record Run(RequestTask task, ClassLoader contextLoader) implements Runnable {
    @Override
    public void run() {
      Thread current = Thread.currentThread();
      current.setName(ThreadNames.next());
      current.setContextClassLoader(contextLoader);
      task.runInThread();
    }
  }
}
