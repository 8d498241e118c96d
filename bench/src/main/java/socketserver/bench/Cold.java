package socketserver.bench;

import java.io.IOException;
import java.time.Duration;
import socketserver.bench.load.Load;
import socketserver.bench.report.Sample;

/**
 * Drives a server from the moment when it listens, which is new in each round. Only the clients are
 * warm: they have driven another server like it.
 *
 * @param driving drives the other server
 * @param measured how much of a server's life counts
 */
record Cold(Driving driving, Duration measured) implements Measuring {
  @Override
  public boolean fresh() {
    return true;
  }

  @Override
  public void warmUp(ServerProcess server, Contestant contestant) throws IOException {
    driving.warmUp(server, contestant);
  }

  @Override
  public Sample measure(ServerProcess server, Workload workload, Contestant contestant, int round)
      throws IOException {
    try (Load load = driving.opener().open(server.target())) {
      return Driving.measure(server, workload, load, round, measured);
    }
  }
}
