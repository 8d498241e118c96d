package socketserver.bench;

import java.time.Duration;
import socketserver.bench.forking.Forking;

/**
 * How much is done to be sure of the figures.
 *
 * @param rounds how often each contestant takes its turn
 * @param warmUp how long a server is driven before its first round in a workload; in a quick run
 *     how long at a time, until it is warm
 * @param runUp how long in each round before it is measured
 * @param measured how long it is measured
 * @param bulkBytes carried at once where that is what is measured
 * @param idle connections that do nothing, at the most
 * @param steps in which they come
 * @param shared whether a server stays for all workloads of its protocol
 */
record Effort(
    int rounds,
    Duration warmUp,
    Duration runUp,
    Duration measured,
    long bulkBytes,
    int idle,
    int steps,
    boolean shared) {
  private static final int ROUNDS = 5;
  private static final double SECONDS = 2;
  private static final double QUICK_SECONDS = 0.3;

  /** Enough to compare with the targets; null stands for the default. */
  static Effort full(Integer rounds, Double seconds) {
    return new Effort(
        rounds == null ? ROUNDS : rounds,
        Duration.ofMillis(3_000),
        Duration.ofMillis(300),
        duration(seconds == null ? SECONDS : seconds),
        1L << 30,
        10_000,
        4,
        false);
  }

  /**
   * A look in about two minutes on a machine that does nothing else; null stands for the default.
   */
  static Effort quick(Integer rounds, Double seconds) {
    return new Effort(
        rounds == null ? 1 : rounds,
        Duration.ofMillis(100),
        Duration.ofMillis(100),
        duration(seconds == null ? QUICK_SECONDS : seconds),
        1L << 26,
        2_000,
        1,
        true);
  }

  /** How long it is looked whether a server is at rest. */
  Duration atRest() {
    return Duration.ofMillis(shared ? 200 : 1_000);
  }

  /** How much processes are asked for, where each request is handled by one. */
  Forking.Pace forking() {
    return shared
        ? new Forking.Pace(rounds, 1, warmUp, Duration.ofMillis(100), Duration.ofMillis(300))
        : new Forking.Pace(rounds, 4, warmUp, Duration.ofMillis(500), Duration.ofMillis(1_000));
  }

  private static Duration duration(double seconds) {
    return Duration.ofNanos(Math.round(seconds * 1e9));
  }
}
