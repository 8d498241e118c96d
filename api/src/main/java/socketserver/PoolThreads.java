package socketserver;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** So many threads of the platform at the most, which requests share. */
final class PoolThreads implements RequestRunner {
  /** A thread that is no daemon keeps the process alive, so an idle one must go soon. */
  private static final long IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  /** As good as none, which these executors do not allow. */
  private static final long AT_ONCE_NANOS = 1;

  private final ThreadPoolExecutor userThreads;
  private final ThreadPoolExecutor daemonThreads;

  PoolThreads(int most) {
    this.userThreads = executor(most, false);
    this.daemonThreads = executor(most, true);
  }

  private static ThreadPoolExecutor executor(int most, boolean daemon) {
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            most,
            most,
            IDLE_NANOS,
            TimeUnit.NANOSECONDS,
            // for those only whose thread is about to be free
            new LinkedBlockingQueue<>(),
            work -> PlatformThreads.thread(work, daemon));
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }

  @Override
  public void run(Runnable request, RequestTask task, boolean daemon) {
    ThreadPoolExecutor executor = daemon ? daemonThreads : userThreads;
    if (executor.getKeepAliveTime(TimeUnit.NANOSECONDS) == AT_ONCE_NANOS) {
      executor.setKeepAliveTime(IDLE_NANOS, TimeUnit.NANOSECONDS);
    }
    executor.execute(request);
  }

  @Override
  public void releaseIdle() {
    userThreads.setKeepAliveTime(AT_ONCE_NANOS, TimeUnit.NANOSECONDS);
    daemonThreads.setKeepAliveTime(AT_ONCE_NANOS, TimeUnit.NANOSECONDS);
  }
}
