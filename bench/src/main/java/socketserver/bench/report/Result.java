package socketserver.bench.report;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How all contestants did in one workload.
 *
 * @param workload its name
 * @param title what it is
 * @param unit what is counted: requests, MiB
 * @param connections that were open at the same time
 * @param outcomes of its contestants
 */
public record Result(
    String workload, String title, String unit, int connections, List<Outcome> outcomes) {
  /** The outcome of a contestant, if it has been measured. */
  Optional<Outcome> of(String contestant) {
    return outcomes.stream()
        .filter(outcome -> outcome.contestant().equals(contestant))
        .filter(outcome -> !outcome.samples().isEmpty())
        .findFirst();
  }

  List<Outcome> ours() {
    return outcomes.stream().filter(Outcome::ours).toList();
  }

  /** What ours are compared with: the others, or the first of ours where there are no others. */
  List<Outcome> peers() {
    List<Outcome> others = outcomes.stream().filter(outcome -> !outcome.ours()).toList();
    return others.isEmpty() ? outcomes.subList(0, Math.min(1, outcomes.size())) : others;
  }

  /**
   * The throughput of one of ours beside that of a peer.
   *
   * @param ours its name
   * @param peer the peer's
   * @param times how many times the peer's median ours is
   */
  record Ratio(String ours, String peer, double times) {}

  /** Each of ours beside each peer, where both have been measured. */
  @JsonProperty
  List<Ratio> ratios() {
    return ours().stream()
        .flatMap(
            one -> peers().stream().filter(peer -> peer != one).flatMap(peer -> beside(one, peer)))
        .toList();
  }

  private static Stream<Ratio> beside(Outcome one, Outcome peer) {
    return ratio(Metric.RATE, one, peer)
        .map(times -> new Ratio(one.contestant(), peer.contestant(), times))
        .stream();
  }

  /** How many times a figure of one is that of the other; nothing where one has none. */
  static Optional<Double> ratio(Metric metric, Outcome one, Outcome other) {
    return metric
        .of(one)
        .flatMap(mine -> metric.of(other).map(theirs -> mine.median() / theirs.median()))
        .filter(ratio -> !ratio.isNaN() && !ratio.isInfinite());
  }
}
