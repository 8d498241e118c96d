package socketserver.bench.report;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Something to be reached: a figure of ours in one workload, as a multiple of a peer's or as it is.
 *
 * @param letter of the target that it is a part of
 * @param workload its name
 * @param ours names of the contestants of which the best one counts
 * @param peers names of those with the best of which it is compared; none if the figure counts
 * @param metric which figure
 * @param limit the least ratio or figure; the greatest, where less is better
 */
public record Goal(
    String letter,
    String workload,
    List<String> ours,
    List<String> peers,
    Metric metric,
    double limit) {
  /** Judges what was measured. */
  public Verdict judge(List<Result> results) {
    Optional<Result> result =
        results.stream().filter(one -> one.workload().equals(workload)).findFirst();
    Optional<Outcome> mine = result.flatMap(one -> best(one, ours));
    Optional<Outcome> theirs = result.flatMap(one -> best(one, peers));
    Optional<Double> ourMedian = mine.flatMap(metric::of).map(Spread::median);
    Optional<Double> measured =
        peers.isEmpty()
            ? ourMedian
            : mine.flatMap(one -> theirs.flatMap(other -> Result.ratio(metric, one, other)));
    return new Verdict(
        this,
        mine.map(Outcome::contestant).orElse(null),
        theirs.map(Outcome::contestant).orElse(null),
        ourMedian.orElse(null),
        theirs.flatMap(metric::of).map(Spread::median).orElse(null),
        measured.orElse(null));
  }

  /** Some names in few words. */
  static String words(List<String> names) {
    if (names.size() < 2) {
      return String.join("", names);
    }
    return "the best of " + names.get(0).split(" ")[0];
  }

  private Optional<Outcome> best(Result result, List<String> names) {
    Comparator<Outcome> byMedian =
        Comparator.comparing(outcome -> metric.of(outcome).orElseThrow().median());
    return names.stream()
        .flatMap(name -> result.of(name).stream())
        .filter(outcome -> metric.of(outcome).isPresent())
        .max(metric.moreIsBetter() ? byMedian : byMedian.reversed());
  }
}
