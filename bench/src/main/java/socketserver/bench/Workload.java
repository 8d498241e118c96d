package socketserver.bench;

import java.util.List;

/**
 * What servers are compared in.
 *
 * @param name by which it is chosen
 * @param title what it is
 * @param protocol that the servers speak
 * @param unit what is counted
 * @param connections that are open at the same time
 * @param measuring how a round goes
 * @param contestants in the order in which they are shown
 * @param jvmFlags of the servers in Java
 * @param handler class of the user's own handler; else null
 */
record Workload(
    String name,
    String title,
    String protocol,
    String unit,
    int connections,
    Measuring measuring,
    List<Contestant> contestants,
    List<String> jvmFlags,
    String handler) {
  static final String REQUESTS = "requests";
  static final String MIB = "MiB";
  private static final double BYTES = 1 << 20;

  Workload(
      String name,
      String title,
      String protocol,
      int connections,
      Measuring measuring,
      List<Contestant> contestants) {
    this(name, title, protocol, REQUESTS, connections, measuring, contestants, List.of(), null);
  }

  Workload countedInMib() {
    return new Workload(
        name, title, protocol, MIB, connections, measuring, contestants, jvmFlags, handler);
  }

  Workload with(List<String> flags) {
    return new Workload(
        name, title, protocol, unit, connections, measuring, contestants, flags, handler);
  }

  Workload by(String ownHandler) {
    return new Workload(
        name, title, protocol, unit, connections, measuring, contestants, jvmFlags, ownHandler);
  }

  /** How much of its unit so many requests and bytes are. */
  double amount(long requests, long bytes) {
    return unit.equals(MIB) ? bytes / BYTES : requests;
  }
}
