package socketserver.bench;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The state of servers that have nothing to do, and whose spare children are ready. */
final class Rest {
  private static final long LOOK_MILLIS = 100;
  private static final long LONGEST_MILLIS = 5_000;

  /** What the system counts processor time in. */
  private static final Duration TICK = Duration.ofMillis(10);

  private Rest() {}

  /**
   * Waits until the servers and their children use no processor time, for 100 ms at least; for a
   * time that is long enough, if they never do.
   */
  static void await(List<Running> servers) throws InterruptedException {
    long begin = System.nanoTime();
    Duration used = cpu(servers);
    Duration growth;
    do {
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
      growth = cpu(servers).minus(used);
      used = used.plus(growth);
    } while (growth.abs().compareTo(TICK) > 0
        && System.nanoTime() - begin < TimeUnit.MILLISECONDS.toNanos(LONGEST_MILLIS));
  }

  private static Duration cpu(List<Running> servers) {
    return servers.stream().map(Running::cpuOfAll).reduce(Duration.ZERO, Duration::plus);
  }
}
