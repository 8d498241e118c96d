package socketserver.bench.report;

import java.util.List;
import java.util.OptionalDouble;

/**
 * What one round measured of one server.
 *
 * @param round from 1
 * @param requests answered
 * @param amount of what the workload counts: the requests, or the MiB carried
 * @param seconds that it took
 * @param latencyMicros for each of {@link #PERCENTILES} the longest time, in microseconds, that so
 *     many requests took; empty where that means nothing
 * @param cpuMicros processor time that the server and its children used, in microseconds
 * @param residentKib memory of the server and its children that is in RAM
 * @param threads of the server and its children
 * @param descriptors that they have open
 * @param idle what connections that do nothing cost; null where that is not asked
 */
public record Sample(
    int round,
    long requests,
    double amount,
    double seconds,
    List<Double> latencyMicros,
    double cpuMicros,
    long residentKib,
    int threads,
    int descriptors,
    Idle idle) {
  /** The percentiles that are kept of the latencies. */
  public static final List<Double> PERCENTILES = List.of(50d, 75d, 90d, 95d, 99d, 99.5, 99.9);

  /** The time within which so many of a hundred requests were answered. */
  OptionalDouble latency(double percentile) {
    int index = PERCENTILES.indexOf(percentile);
    return latencyMicros.isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(latencyMicros.get(index));
  }

  /** The same, with what idle connections cost. */
  public Sample with(Idle cost) {
    return new Sample(
        round,
        requests,
        amount,
        seconds,
        latencyMicros,
        cpuMicros,
        residentKib,
        threads,
        descriptors,
        cost);
  }
}
