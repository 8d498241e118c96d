package socketserver.contract;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Tells an event loop that waits from one that runs in circles. */
final class LoopTime {
  private static final long WATCHED_MILLIS = 200;

  private LoopTime() {}

  /**
   * Watches the event loops, which have nothing to do, for a while. One that spins has the whole
   * time for itself, or what a busy machine leaves of it; one that waits has none.
   */
  static boolean isSpinning() throws InterruptedException {
    long before = processorNanos();
    new CountDownLatch(1).await(WATCHED_MILLIS, TimeUnit.MILLISECONDS);
    long used = processorNanos() - before;
    return used > TimeUnit.MILLISECONDS.toNanos(WATCHED_MILLIS) / 4;
  }

  private static long processorNanos() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long sum = 0;
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().startsWith("socketserver-loop")) {
        sum += Math.max(threads.getThreadCpuTime(thread.getId()), 0);
      }
    }
    return sum;
  }
}
