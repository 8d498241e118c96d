package socketserver.bench;

import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.TimeUnit;

/** The state of servers that have nothing to do. */
public final class Rest {
  private static final long LONGEST_MILLIS = 5_000;

  /** What the system counts processor time in. */
  private static final double TICK_MICROS = 10_000;

  private Rest() {}

  /**
   * Waits until the servers and their children use next to no processor time; for a time that is
   * long enough, if they never do.
   *
   * @param look how long they must have been at rest
   */
  public static void await(Collection<ServerProcess> servers, Duration look)
      throws InterruptedException {
    long begin = System.nanoTime();
    double used = cpu(servers);
    double growth;
    do {
      TimeUnit.MILLISECONDS.sleep(look.toMillis());
      growth = cpu(servers) - used;
      used += growth;
    } while (Math.abs(growth) > TICK_MICROS
        && System.nanoTime() - begin < TimeUnit.MILLISECONDS.toNanos(LONGEST_MILLIS));
  }

  private static double cpu(Collection<ServerProcess> servers) {
    return servers.stream().mapToDouble(server -> server.usage().cpuMicros()).sum();
  }
}
