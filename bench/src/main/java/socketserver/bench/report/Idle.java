package socketserver.bench.report;

import java.util.List;

/**
 * What connections that do nothing cost a server.
 *
 * @param steps its memory as they become more, the first without any
 * @param restMillis processor time, in milliseconds a second, that it uses while nobody asks
 */
public record Idle(List<Step> steps, double restMillis) {
  /**
   * Some connections and their memory.
   *
   * @param connections that are open
   * @param residentKib memory of the server that is in RAM, after a full collection
   */
  public record Step(int connections, long residentKib) {}

  /** What a connection takes, in KiB: the growth from the first step to the last. */
  double kibEach() {
    Step first = steps.get(0);
    Step last = steps.get(steps.size() - 1);
    return (double) (last.residentKib() - first.residentKib())
        / (last.connections() - first.connections());
  }
}
