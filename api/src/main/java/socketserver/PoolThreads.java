package socketserver;

import java.util.concurrent.LinkedTransferQueue;
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
    return new ThreadPoolExecutor(
        0,
        most,
        IDLE_NANOS,
        TimeUnit.NANOSECONDS,
        new IdleFirst(),
        work -> PlatformThreads.thread(work, daemon),
        PoolThreads::queue);
  }

  /** A request for which there may be no thread more, but one is about to be free. */
  private static void queue(Runnable request, ThreadPoolExecutor executor) {
    executor.getQueue().add(request);
    if (executor.getPoolSize() == 0) {
      // the last thread went meanwhile: another one looks into the queue after this
      executor.execute(() -> {});
    }
  }

  /** Takes a request only if a thread waits for it; otherwise the pool starts one, if it may. */
  private static final class IdleFirst extends LinkedTransferQueue<Runnable> {
    private static final long serialVersionUID = 1;

    @Override
    public boolean offer(Runnable request) {
      return tryTransfer(request);
    }
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
