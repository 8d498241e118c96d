package socketserver.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** The command: measures what its arguments ask for, prints it and writes the report. */
public final class Bench {
  static final String FORKING = "forking";
  private static final int WRONG_ARGUMENT = 2;
  private static final List<String> OWN_STRATEGIES = List.of("threading", "virtual");
  private static final int OWN_CONNECTIONS = 64;

  private Bench() {}

  /**
   * Runs the command. Status 2 is a wrong argument, 1 that no server could be measured, unless this
   * Java has none of them.
   *
   * @param words see {@code --help}
   * @throws IOException if the report cannot be written
   * @throws InterruptedException never
   */
  public static void main(String[] words) throws IOException, InterruptedException {
    var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    System.exit(run(out, System.err, words));
  }

  static int run(PrintStream out, PrintStream errors, String... words)
      throws IOException, InterruptedException {
    Options options = new Options();
    CommandLine line = new CommandLine(options);
    try {
      line.parseArgs(words);
      if (options.help) {
        line.usage(out);
        return 0;
      }
      return run(options, out, errors);
    } catch (ParameterException e) {
      errors.println("bench: " + e.getMessage());
      errors.println("try --help");
      return WRONG_ARGUMENT;
    }
  }

  private static int run(Options options, PrintStream out, PrintStream errors)
      throws IOException, InterruptedException {
    options.check();
    Effort effort = options.effort();
    Jdks jdks = options.jdks();
    Roster roster = new Roster(jdks);
    Catalogue catalogue = new Catalogue(roster, effort);
    List<Workload> all = catalogue.workloads();
    if (options.list) {
      list(all, out);
      return 0;
    }
    Set<String> names = names(all, options);
    List<Workload> chosen =
        options.handler == null
            ? all.stream().filter(workload -> names.contains(workload.name())).toList()
            : List.of(own(catalogue, options));
    Session session = new Session(options, effort, jdks, out, errors);
    return session.run(chosen, names.contains(FORKING), new Targets(roster).goals());
  }

  /** The workloads that are asked for: all, if none is named. */
  private static Set<String> names(List<Workload> all, Options options) {
    Set<String> names = new LinkedHashSet<>(all.stream().map(Workload::name).toList());
    names.add(FORKING);
    options.checkWorkloads(names);
    if (options.handler != null) {
      return Set.of();
    }
    if (!options.workloads.isEmpty()) {
      names.retainAll(options.workloads);
    } else if (options.quick) {
      names.removeAll(Catalogue.NOT_AT_A_GLANCE);
    }
    return names;
  }

  private static Workload own(Catalogue catalogue, Options options) {
    return catalogue.own(
        options.handler,
        options.strategies.isEmpty() ? OWN_STRATEGIES : options.strategies,
        options.connections == null ? OWN_CONNECTIONS : options.connections,
        options.depth == null ? 1 : options.depth);
  }

  private static void list(List<Workload> workloads, PrintStream out) {
    for (Workload workload : workloads) {
      List<String> names = workload.contestants().stream().map(Contestant::name).toList();
      String mark =
          Catalogue.NOT_AT_A_GLANCE.contains(workload.name()) ? " (not in a --quick run)" : "";
      out.printf(
          "%-15s %s%s%n%-15s   %s%n",
          workload.name(), workload.title(), mark, "", String.join(", ", names));
    }
    out.printf("%-15s %s%n", FORKING, "a process for each request, beside CPython's");
  }
}
