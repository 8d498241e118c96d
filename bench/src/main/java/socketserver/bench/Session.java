package socketserver.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import socketserver.bench.forking.Forking;
import socketserver.bench.report.Console;
import socketserver.bench.report.Goal;
import socketserver.bench.report.HtmlFile;
import socketserver.bench.report.JsonFile;
import socketserver.bench.report.Machine;
import socketserver.bench.report.Result;
import socketserver.bench.report.Run;
import socketserver.bench.report.Table;
import socketserver.bench.report.Verdict;

/** Measures what was chosen, prints each result as it comes, and writes the files in the end. */
final class Session {
  private static final int NOTHING_MEASURED = 1;

  private final Options options;
  private final Effort effort;
  private final Jdks jdks;
  private final PrintStream out;
  private final PrintStream errors;
  private final Console console;

  Session(Options options, Effort effort, Jdks jdks, PrintStream out, PrintStream errors) {
    this.options = options;
    this.effort = effort;
    this.jdks = jdks;
    this.out = out;
    this.errors = errors;
    this.console = new Console(out);
  }

  int run(List<Workload> workloads, boolean forking, List<Goal> goals)
      throws IOException, InterruptedException {
    Machine machine = Here.machine(jdks, effort);
    console.print(machine);
    Commands commands = Commands.of(options.classPath == null ? "" : options.classPath);
    Progress progress = new Progress(errors, Matrix.steps(workloads, effort));
    List<Result> results =
        new Matrix(commands, effort, progress)
            .run(
                workloads,
                result -> {
                  progress.clear();
                  console.print(result);
                });
    List<Table> tables = forking ? forking(commands) : List.of();
    List<Verdict> verdicts =
        machine.look() ? List.of() : goals.stream().map(goal -> goal.judge(results)).toList();
    if (options.check) {
      console.print(machine, verdicts);
    }
    Run run = new Run(machine, results, tables);
    JsonFile.write(run, options.json);
    HtmlFile.write(run, options.handler == null ? verdicts : List.of(), options.report);
    out.printf("%n%s%n%s%n", options.report.toAbsolutePath(), options.json.toAbsolutePath());
    console.printLook(machine);
    boolean measured =
        !tables.isEmpty()
            || results.stream()
                .flatMap(result -> result.outcomes().stream())
                .anyMatch(outcome -> !outcome.samples().isEmpty());
    return measured || !forking && allSkipped(workloads) ? 0 : NOTHING_MEASURED;
  }

  private static boolean allSkipped(List<Workload> workloads) {
    return workloads.stream()
        .flatMap(workload -> workload.contestants().stream())
        .allMatch(contestant -> contestant.obstacle().isPresent());
  }

  /** A comparison that fails leaves the others' figures as they are. */
  private List<Table> forking(Commands commands) throws InterruptedException {
    Progress progress = new Progress(errors, Forking.steps(effort.rounds()));
    try {
      List<Table> tables =
          new Forking(server -> commands.java(jdks.base(), List.of(), server), progress)
              .run(effort.forking());
      progress.clear();
      tables.forEach(console::print);
      return tables;
    } catch (IOException e) {
      progress.clear();
      out.printf("%n%s: %s%n", Bench.FORKING, e.getMessage());
      return List.of();
    }
  }
}
