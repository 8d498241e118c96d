package socketserver.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What the page shows, computed: its script has only to lay it out.
 *
 * @param machine where and how
 * @param percentiles of the latency curves
 * @param targets what was to be reached
 * @param workloads their figures
 * @param memory of the servers as connections become more
 * @param tables of the comparisons that are no workloads
 */
record Page(
    Machine machine,
    List<Double> percentiles,
    List<TargetRow> targets,
    List<Section> workloads,
    List<Curve> memory,
    List<Comparison> tables) {
  record TargetRow(
      String letter,
      String workload,
      String metric,
      String ours,
      String limit,
      String peer,
      String measured,
      String word) {}

  record Section(
      String workload, String title, String unit, List<String> peers, List<Line> lines) {}

  /** One contestant: medians, and the ratio of ours to each peer. */
  record Line(
      String contestant,
      boolean ours,
      String failure,
      Spread rate,
      Spread cpu,
      List<Double> latency,
      List<Double> figures,
      List<Double> ratios) {}

  record Curve(String contestant, boolean ours, List<Point> points) {}

  record Point(int x, double y) {}

  record Comparison(String title, String unit, List<Row> rows) {}

  record Row(String contestant, Spread spread, String peer, Double ratio) {}

  /** What a line's figures are, in this order. */
  private static final List<Metric> FIGURES =
      List.of(
          Metric.P50,
          Metric.P99,
          Metric.P999,
          Metric.RESIDENT,
          Metric.THREADS,
          Metric.DESCRIPTORS,
          Metric.KIB_EACH,
          Metric.REST);

  static Page of(Run run, List<Verdict> verdicts) {
    return new Page(
        run.machine(),
        Sample.PERCENTILES,
        verdicts.stream().map(Page::target).toList(),
        run.results().stream().map(Page::section).toList(),
        run.results().stream().flatMap(Page::memory).toList(),
        run.tables().stream().map(Page::comparison).toList());
  }

  private static TargetRow target(Verdict verdict) {
    Goal goal = verdict.goal();
    return new TargetRow(
        goal.letter(),
        goal.workload(),
        goal.metric().title(),
        verdict.ours() == null ? Goal.words(goal.ours()) : verdict.ours(),
        (goal.metric().moreIsBetter() ? "≥ " : "≤ ") + Numbers.text(goal.limit()),
        verdict.peer() == null ? Goal.words(goal.peers()) : verdict.peer(),
        verdict.measured() == null ? "" : Numbers.text(verdict.measured()),
        verdict.word());
  }

  private static Section section(Result result) {
    List<Outcome> peers = result.peers();
    return new Section(
        result.workload(),
        result.title(),
        result.unit(),
        peers.stream().map(Outcome::contestant).toList(),
        result.outcomes().stream().map(outcome -> line(outcome, peers)).toList());
  }

  private static Line line(Outcome outcome, List<Outcome> peers) {
    return new Line(
        outcome.contestant(),
        outcome.ours(),
        outcome.failure(),
        Metric.RATE.of(outcome).orElse(null),
        Metric.CPU.of(outcome).orElse(null),
        latency(outcome),
        FIGURES.stream().map(metric -> median(metric, outcome)).toList(),
        outcome.ours()
            ? peers.stream()
                .map(peer -> Result.ratio(Metric.RATE, outcome, peer).orElse(null))
                .toList()
            : List.of());
  }

  private static Double median(Metric metric, Outcome outcome) {
    return metric.of(outcome).map(Spread::median).orElse(null);
  }

  private static List<Double> latency(Outcome outcome) {
    List<Double> curve = new ArrayList<>();
    for (double percentile : Sample.PERCENTILES) {
      List<Double> rounds =
          outcome.samples().stream()
              .flatMap(sample -> sample.latency(percentile).stream().boxed())
              .toList();
      if (!rounds.isEmpty()) {
        curve.add(Spread.of(rounds).median());
      }
    }
    return curve;
  }

  private static Stream<Curve> memory(Result result) {
    return result.outcomes().stream()
        .filter(outcome -> outcome.samples().stream().anyMatch(sample -> sample.idle() != null))
        .map(outcome -> new Curve(outcome.contestant(), outcome.ours(), points(outcome)));
  }

  /** The medians of the rounds, step by step. */
  private static List<Point> points(Outcome outcome) {
    List<List<Idle.Step>> rounds =
        outcome.samples().stream().map(sample -> sample.idle().steps()).toList();
    return IntStream.range(0, rounds.get(0).size())
        .mapToObj(
            step ->
                new Point(
                    rounds.get(0).get(step).connections(),
                    Spread.of(
                                rounds.stream()
                                    .map(steps -> (double) steps.get(step).residentKib())
                                    .toList())
                            .median()
                        / 1024))
        .toList();
  }

  private static Comparison comparison(Table table) {
    return new Comparison(
        table.title(),
        table.unit(),
        table.rows().stream()
            .map(
                row ->
                    new Row(
                        row.contestant(),
                        row.spread(),
                        row.peer(),
                        row.contestant().equals(row.peer()) ? null : table.ratio(row)))
            .toList());
  }
}
