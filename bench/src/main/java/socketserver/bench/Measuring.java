package socketserver.bench;

import java.io.IOException;
import socketserver.bench.report.Sample;

/** How a round of a workload goes. */
interface Measuring {
  /** Drives a server that has just started, before any round, until it is warm. */
  void warmUp(ServerProcess server, Contestant contestant) throws IOException, InterruptedException;

  /** Measures a server. */
  Sample measure(ServerProcess server, Workload workload, Contestant contestant, int round)
      throws IOException, InterruptedException;

  /** Whether each round wants a server that has just started, as the warm-up does. */
  default boolean fresh() {
    return false;
  }
}
