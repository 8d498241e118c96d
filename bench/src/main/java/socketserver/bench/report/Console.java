package socketserver.bench.report;

import static socketserver.bench.report.Numbers.text;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Prints figures on a terminal. */
public final class Console {
  private static final List<Metric> COLUMNS =
      List.of(
          Metric.P50,
          Metric.P99,
          Metric.P999,
          Metric.CPU,
          Metric.RESIDENT,
          Metric.THREADS,
          Metric.DESCRIPTORS);

  private final PrintStream out;

  /** Prints to a stream. */
  public Console(PrintStream out) {
    this.out = out;
  }

  /** Prints where and how it is measured. */
  public void print(Machine machine) {
    out.printf(
        Locale.ROOT,
        "%s, %d cores, %,d MiB, %s%n%s%n",
        machine.processor(),
        machine.cores(),
        machine.memoryMib(),
        machine.system(),
        String.join(", ", machine.runtimes()));
    out.printf(Locale.ROOT, "rounds: %d of %s s each%n", machine.rounds(), text(machine.seconds()));
    printLook(machine);
  }

  /** Prints what the figures of a quick run are worth. */
  public void printLook(Machine machine) {
    if (machine.look()) {
      out.println("--quick is a look and no comparison: leave it out to compare servers");
    }
  }

  /** Prints the figures of a workload, and ours beside each peer's. */
  public void print(Result result) {
    boolean idle = result.outcomes().stream().anyMatch(one -> Metric.KIB_EACH.of(one).isPresent());
    out.printf("%n%s: %s%n", result.workload(), result.title());
    out.printf("  %-34s %12s %-22s", "", result.unit() + "/s", " (least to most)");
    COLUMNS.forEach(metric -> out.printf(" %9s", metric.title()));
    out.println(idle ? "  KiB each  rest ms/s" : "");
    for (Outcome outcome : result.outcomes()) {
      print(outcome, idle);
    }
    result.ours().forEach(outcome -> printRatios(result, outcome));
  }

  private void print(Outcome outcome, boolean idle) {
    Optional<Spread> rate = Metric.RATE.of(outcome);
    if (rate.isEmpty()) {
      out.printf("  %-34s %s%n", outcome.contestant(), outcome.failure());
      return;
    }
    Spread spread = rate.get();
    out.printf(
        "  %-34s %12s %-22s",
        outcome.contestant(),
        text(spread.median()),
        " (" + text(spread.least()) + " to " + text(spread.most()) + ")");
    COLUMNS.forEach(metric -> out.printf(" %9s", cell(metric, outcome)));
    if (idle) {
      out.printf(" %9s  %9s", cell(Metric.KIB_EACH, outcome), cell(Metric.REST, outcome));
    }
    out.println(outcome.failure() == null ? "" : "  then: " + outcome.failure());
  }

  private static String cell(Metric metric, Outcome outcome) {
    return metric.of(outcome).map(spread -> text(spread.median())).orElse("");
  }

  private void printRatios(Result result, Outcome ours) {
    List<String> ratios =
        result.peers().stream()
            .filter(peer -> peer != ours)
            .flatMap(
                peer ->
                    Result.ratio(Metric.RATE, ours, peer)
                        .map(ratio -> text(ratio) + " x " + peer.contestant())
                        .stream())
            .toList();
    if (!ratios.isEmpty()) {
      out.printf("  %s is %s%n", ours.contestant(), String.join(", ", ratios));
    }
  }

  /** Prints a comparison that is no workload. */
  public void print(Table table) {
    out.printf("%n%s%n", table.title());
    for (Table.Row row : table.rows()) {
      Spread spread = row.spread();
      out.printf(
          "  %-42s %10s %s  (%s to %s)  %s%n",
          row.contestant(),
          text(spread.median()),
          table.unit(),
          text(spread.least()),
          text(spread.most()),
          row.contestant().equals(row.peer()) ? "" : text(table.ratio(row)) + " x " + row.peer());
    }
  }

  /** Prints what was to be reached beside what was, in the medians of the rounds. */
  public void print(Machine machine, List<Verdict> verdicts) {
    out.printf(
        Locale.ROOT,
        "%nTargets: medians of %d interleaved rounds of %s s%n",
        machine.rounds(),
        text(machine.seconds()));
    print("", "workload", "figure", "ours", "median", "beside", "median", "times", "target", "");
    for (Verdict verdict : verdicts) {
      Goal goal = verdict.goal();
      print(
          goal.letter(),
          goal.workload(),
          goal.metric().title(),
          verdict.ours() == null ? Goal.words(goal.ours()) : verdict.ours(),
          figure(verdict.ourMedian()),
          verdict.peer() == null ? Goal.words(goal.peers()) : verdict.peer(),
          figure(verdict.peerMedian()),
          goal.peers().isEmpty() ? "" : figure(verdict.measured()),
          (goal.metric().moreIsBetter() ? ">= " : "<= ") + text(goal.limit()),
          verdict.word());
    }
  }

  private void print(Object... target) {
    out.printf("  %1s  %-15s %-12s %-28s %10s  %-28s %10s %8s  %-8s %s%n", target);
  }

  private static String figure(Double figure) {
    return figure == null ? "-" : text(figure);
  }
}
