package socketserver.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What processes use of a machine. On systems other than Linux only the processor time is told.
 *
 * @param cpuMicros processor time, that of ended children included, in microseconds: Linux counts
 *     it in hundredths of a second
 * @param residentKib memory in RAM; what processes share counts for each
 * @param threads that they have
 * @param descriptors that they have open
 */
record Usage(double cpuMicros, long residentKib, int threads, int descriptors) {
  private static final double TICK_MICROS = 10_000;
  private static final Usage NONE = new Usage(0, 0, 0, 0);

  static Usage of(List<ProcessHandle> processes) {
    return processes.stream().map(Usage::of).reduce(NONE, Usage::plus);
  }

  private static Usage of(ProcessHandle process) {
    Path folder = Path.of("/proc", String.valueOf(process.pid()));
    if (!Files.isDirectory(folder)) {
      double micros =
          process.info().totalCpuDuration().map(time -> time.toNanos() / 1000.0).orElse(0.0);
      return new Usage(micros, 0, 0, 0);
    }
    try {
      String status = Files.readString(folder.resolve("status"));
      return new Usage(
          cpuMicros(Files.readString(folder.resolve("stat"))),
          field(status, "VmRSS:"),
          (int) field(status, "Threads:"),
          entries(folder.resolve("fd")));
    } catch (IOException e) {
      // a child that has just ended
      return NONE;
    }
  }

  /** User and system time, its own and that of the children it has waited for. */
  static double cpuMicros(String stat) {
    // the name in parentheses may have blanks; the state follows it
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    double ticks = 0;
    for (int field = 11; field <= 14; field++) {
      ticks += Long.parseLong(fields[field]);
    }
    return ticks * TICK_MICROS;
  }

  private static long field(String status, String name) {
    return status
        .lines()
        .filter(line -> line.startsWith(name))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElse(0);
  }

  private static int entries(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return (int) entries.count();
    }
  }

  private Usage plus(Usage other) {
    return new Usage(
        cpuMicros + other.cpuMicros,
        residentKib + other.residentKib,
        threads + other.threads,
        descriptors + other.descriptors);
  }
}
