package socketserver.bench.report;

import java.util.List;
import java.util.Optional;

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

  /** How many times a figure of one is that of the other; nothing where one has none. */
  static Optional<Double> ratio(Metric metric, Outcome one, Outcome other) {
    return metric
        .of(one)
        .flatMap(mine -> metric.of(other).map(theirs -> mine.median() / theirs.median()))
        .filter(ratio -> !ratio.isNaN() && !ratio.isInfinite());
  }
}
