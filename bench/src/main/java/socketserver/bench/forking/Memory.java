package socketserver.bench.forking;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The memory of a process, in MiB, as Linux counts it.
 *
 * @param resident all of its pages that are in memory
 * @param proportional the same, of which a page that n processes share counts as a part of n
 * @param own the pages that no other process shares: what one process more costs
 */
record Memory(double resident, double proportional, double own) {
  static Memory of(ProcessHandle process) throws IOException {
    double[] sums = new double[3];
    Path rollup = Path.of("/proc", String.valueOf(process.pid()), "smaps_rollup");
    for (String line : Files.readAllLines(rollup)) {
      String[] words = line.split(" +");
      switch (words[0]) {
        case "Rss:" -> sums[0] += mib(words[1]);
        case "Pss:" -> sums[1] += mib(words[1]);
        case "Private_Clean:", "Private_Dirty:" -> sums[2] += mib(words[1]);
        default -> {}
      }
    }
    return new Memory(sums[0], sums[1], sums[2]);
  }

  private static double mib(String kib) {
    return Double.parseDouble(kib) / 1024;
  }
}
