package socketserver.bench.micro;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs the micro-benchmarks, with JMH's allocation profiler, and prints for each what a call takes:
 * nanoseconds, and bytes allocated by all threads.
 */
public final class Micro {
  private static final String USAGE =
      """
      usage: mvn -q compile exec:exec -pl bench -am \\
               -Dexec.mainClass=socketserver.bench.micro.Micro [-Dexec.args="[NAME...] [OPTION...]"]
        NAME     runs the benchmarks whose name has this (a regular expression) in it: readline
        OPTION   one of JMH's: -f 3 in three JVMs each, -wi 5 -w 2 warms up for five times two
                 seconds, -i 10 -r 2 measures ten times two seconds, -p length=67 one of the lengths;
                 if not given: -f 1 -wi 3 -w 1 -i 5 -r 1
      """;

  private Micro() {}

  /**
   * Runs benchmarks.
   *
   * @param words see {@code --help}
   * @throws RunnerException if a benchmark fails
   */
  public static void main(String[] words) throws RunnerException {
    if (List.of(words).contains("--help") || List.of(words).contains("-h")) {
      System.out.print(USAGE);
      return;
    }
    try {
      List<String> names = new CommandLineOptions(words).getIncludes();
      // each benchmark is run by its own name: JMH would add these to it
      String[] options =
          Stream.of(words).filter(word -> !names.contains(word)).toArray(String[]::new);
      run(names, new CommandLineOptions(options));
    } catch (CommandLineOptionException e) {
      System.err.println(e.getMessage());
      System.err.print(USAGE);
      System.exit(2);
    }
  }

  private static void run(List<String> names, CommandLineOptions given) throws RunnerException {
    System.out.printf(
        "Java %s%n%-56s %12s %10s %10s%n", Runtime.version(), "", "ns/op", "+/-", "B/op");
    for (String benchmark : benchmarks(names)) {
      for (RunResult result : new Runner(options(given, benchmark)).run()) {
        print(result);
      }
    }
  }

  /** The names of those that are asked for: all if none is. */
  private static Collection<String> benchmarks(List<String> wanted) throws RunnerException {
    OutputFormat silent = OutputFormatFactory.createFormatInstance(System.out, VerboseMode.SILENT);
    List<String> names = wanted.isEmpty() ? List.of(".*") : wanted;
    return BenchmarkList.defaultList().find(silent, names, List.of()).stream()
        .map(BenchmarkListEntry::getUsername)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Options options(CommandLineOptions given, String benchmark) {
    return new OptionsBuilder()
        .parent(given)
        .include("^" + Pattern.quote(benchmark) + "$")
        .forks(given.getForkCount().orElse(1))
        .warmupIterations(given.getWarmupIterations().orElse(3))
        .warmupTime(given.getWarmupTime().orElse(TimeValue.seconds(1)))
        .measurementIterations(given.getMeasurementIterations().orElse(5))
        .measurementTime(given.getMeasurementTime().orElse(TimeValue.seconds(1)))
        .timeout(given.getTimeout().orElse(TimeValue.seconds(60)))
        .shouldFailOnError(true)
        .addProfiler(GCProfiler.class)
        .verbosity(given.verbosity().orElse(VerboseMode.SILENT))
        .build();
  }

  private static void print(RunResult result) {
    Result<?> time = result.getPrimaryResult();
    double bytes = result.getSecondaryResults().get("gc.alloc.rate.norm").getScore();
    System.out.printf(
        Locale.ROOT,
        "%-56s %,12.1f %,10.1f %,10.1f%n",
        name(result.getParams()),
        time.getScore(),
        time.getScoreError(),
        bytes);
  }

  private static String name(BenchmarkParams benchmark) {
    String name = benchmark.getBenchmark().replace(Micro.class.getPackageName() + ".", "");
    return benchmark.getParamsKeys().stream()
        .map(key -> " " + key + "=" + benchmark.getParam(key))
        .collect(Collectors.joining("", name, ""));
  }
}
