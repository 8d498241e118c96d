package socketserver.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What the command line asks for. */
@Command(
    name = "bench",
    sortOptions = false,
    usageHelpWidth = 100,
    description = {
      "Measures this library's servers and their peers, each in a process of its own, in rounds in"
          + " which they take turns; prints medians and ratios, and writes a report.",
      ""
    },
    customSynopsis = "mvn -q compile exec:exec -pl bench -am [-Dexec.args=\"OPTION...\"]",
    footer = {
      "",
      "A handler of your own speaks lines: it answers each line with a line of the same length.",
      "  --handler com.acme.Echo --class-path target/classes --strategy threading,virtual",
      "Paths are relative to the folder in which Maven runs."
    })
final class Options {
  private static final Set<String> STRATEGIES =
      Set.of("sync", "threading", "pool", "virtual", "eventloop", "forking");
  private static final int MOST_ROUNDS = 99;
  private static final double LONGEST_SECONDS = 600;
  private static final int MOST_CONNECTIONS = 50_000;
  private static final int MOST_DEPTH = 1_000;

  @Spec private CommandSpec spec;

  @Option(
      names = "--workload",
      split = ",",
      paramLabel = "NAME",
      description = "only these workloads, with commas between: --list shows them")
  List<String> workloads = new ArrayList<>();

  @Option(names = "--list", description = "show the workloads and who takes part, and end")
  boolean list;

  @Option(
      names = "--quick",
      description =
          "a look in about two minutes, no comparison: one short round, without what --list marks")
  boolean quick;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "how often each contestant has its turn: 5, or 1 with --quick")
  Integer rounds;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      description = "how long each turn is measured: 2, or 0.3 with --quick")
  Double seconds;

  @Option(
      names = "--jdk",
      paramLabel = "DIR",
      description =
          "a JDK to run the servers in Java on; the oldest and the newest of several are used."
              + " Without: the running one, and the newest that is found")
  List<Path> jdks = new ArrayList<>();

  @Option(
      names = "--check",
      description = "print the targets: each with the medians that it compares, met or missed")
  boolean check;

  @Option(
      names = "--report",
      paramLabel = "FILE",
      defaultValue = "bench/report.html",
      description = "the page with the charts: ${DEFAULT-VALUE}")
  Path report;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      defaultValue = "bench/report.json",
      description = "each sample of each round, and the ratios: ${DEFAULT-VALUE}")
  Path json;

  @Option(
      names = "--handler",
      paramLabel = "CLASS",
      description = "measure a StreamRequestHandler of your own, and nothing else")
  String handler;

  @Option(
      names = "--strategy",
      split = ",",
      paramLabel = "NAME",
      description =
          "what handles its requests: sync, threading, pool, virtual, eventloop, forking;"
              + " threading and virtual if not given")
  List<String> strategies = new ArrayList<>();

  @Option(
      names = "--connections",
      paramLabel = "N",
      description = "connections to your handler at the same time: 64")
  Integer connections;

  @Option(
      names = "--depth",
      paramLabel = "N",
      description = "lines that each connection sends at once: 1")
  Integer depth;

  @Option(names = "--class-path", paramLabel = "PATH", description = "where your handler is")
  String classPath;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "show this, and end")
  boolean help;

  /** Refuses a workload that is not known, with an exception that names it. */
  void checkWorkloads(Set<String> known) {
    for (String name : workloads) {
      require(known.contains(name), "--workload", name, "no such workload; --list shows them");
    }
  }

  /**
   * Looks for what cannot be meant.
   *
   * @throws ParameterException that names what is wrong
   */
  void check() {
    within("--rounds", rounds, 1, MOST_ROUNDS);
    require(
        seconds == null || seconds > 0 && seconds <= LONGEST_SECONDS,
        "--seconds",
        seconds,
        "must be more than 0 and at most 600");
    require(!(quick && check), "--check", "", "does not go with --quick, which is no comparison");
    for (Path home : jdks) {
      require(Jdk.in(home).isPresent(), "--jdk", home, "no JDK is there");
    }
    for (String strategy : strategies) {
      require(STRATEGIES.contains(strategy), "--strategy", strategy, "no such strategy");
    }
    within("--connections", connections, 1, MOST_CONNECTIONS);
    within("--depth", depth, 1, MOST_DEPTH);
    for (Path file : List.of(report, json)) {
      require(!Files.isDirectory(file), "--report, --json", file, "is a folder");
    }
    if (handler == null) {
      boolean own =
          !strategies.isEmpty() || connections != null || depth != null || classPath != null;
      require(!own, "--strategy, --connections, --depth, --class-path", "", "need --handler");
    } else {
      require(workloads.isEmpty(), "--workload", workloads, "does not go with --handler");
    }
  }

  private void within(String option, Integer value, int least, int most) {
    require(
        value == null || value >= least && value <= most,
        option,
        value,
        "must be %,d to %,d".formatted(least, most));
  }

  private void require(boolean holds, String option, Object value, String complaint) {
    if (!holds) {
      String which = value.equals("") ? option : option + " " + value;
      throw new ParameterException(spec.commandLine(), which + ": " + complaint);
    }
  }

  Effort effort() {
    return quick ? Effort.quick(rounds, seconds) : Effort.full(rounds, seconds);
  }

  Jdks jdks() {
    return jdks.isEmpty() ? Jdks.found() : Jdks.of(jdks);
  }
}
