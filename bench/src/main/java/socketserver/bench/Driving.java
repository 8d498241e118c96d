package socketserver.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.HdrHistogram.Histogram;
import socketserver.bench.load.Count;
import socketserver.bench.load.Load;
import socketserver.bench.load.Target;
import socketserver.bench.report.Sample;

/**
 * Drives a server with all its connections, for a moment first, then for the time that is measured.
 * What the server uses is read just before and just after, while the connections are open.
 *
 * @param opener opens the load
 * @param effort how long
 */
record Driving(Opener opener, Effort effort) implements Measuring {
  /** How long a server has that answered nothing in the time that should be measured. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** Opens a load. */
  interface Opener {
    Load open(Target target) throws IOException;
  }

  @Override
  public void warmUp(ServerProcess server, Contestant contestant) throws IOException {
    try (Load load = opener.open(server.target())) {
      Warming.warm(server, contestant, load, effort);
    }
  }

  @Override
  public Sample measure(ServerProcess server, Workload workload, Contestant contestant, int round)
      throws IOException {
    try (Load load = opener.open(server.target())) {
      load.run(effort.runUp());
      return measure(server, workload, load, round, effort.measured());
    }
  }

  static Sample measure(
      ServerProcess server, Workload workload, Load load, int round, Duration time)
      throws IOException {
    Usage before = server.usage();
    Count count = load.run(time);
    if (workload.amount(count.requests(), count.bytes()) == 0) {
      // another program had the machine
      before = server.usage();
      count = load.run(PATIENCE);
    }
    Usage after = server.usage();
    double amount = workload.amount(count.requests(), count.bytes());
    if (amount == 0) {
      throw new IOException("answered nothing in " + PATIENCE.toSeconds() + " s");
    }
    return new Sample(
        round,
        count.requests(),
        amount,
        count.nanos() / 1e9,
        micros(count.latencies()),
        Math.max(after.cpuMicros() - before.cpuMicros(), 0),
        after.residentKib(),
        after.threads(),
        after.descriptors(),
        null);
  }

  private static List<Double> micros(Histogram latencies) {
    return latencies.getTotalCount() == 0
        ? List.of()
        : Sample.PERCENTILES.stream()
            .map(percentile -> latencies.getValueAtPercentile(percentile) / 1000.0)
            .toList();
  }
}
