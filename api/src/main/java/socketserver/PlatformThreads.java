package socketserver;

import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * A thread of the platform for each request, without a limit, used again by later requests while it
 * is still warm.
 */
final class PlatformThreads implements RequestRunner {
  /** A thread that is no daemon keeps the process alive, so an idle one must go soon. */
  private static final long IDLE_MILLIS = 500;

  private final Pool userThreads = new Pool(false);
  private final Pool daemonThreads = new Pool(true);

  /** Makes a thread of the platform for requests. */
  static Thread thread(Runnable work, boolean daemon) {
    Thread thread = new Thread(null, work, "socketserver-request", 0, false);
    thread.setDaemon(daemon);
    return thread;
  }

  @Override
  public void run(Runnable request, RequestTask task, boolean daemon) {
    (daemon ? daemonThreads : userThreads).run(request);
  }

  @Override
  public void releaseIdle() {
    userThreads.releaseIdle();
    daemonThreads.releaseIdle();
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
              work -> thread(work, daemon));
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
