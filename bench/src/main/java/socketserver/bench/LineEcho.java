package socketserver.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Compares line echo servers: each in a process of its own, in rounds that take turns, on this
 * machine. Prints medians, the server's processor time for a request, and the ratio to each peer.
 */
final class LineEcho {
  private static final Duration WARM_UP = Duration.ofMillis(1500);
  private static final Duration MEASURED = Duration.ofMillis(1500);

  private record Sample(double perSecond, double cpuMicros) {}

  private LineEcho() {}

  static void run(int rounds) throws IOException {
    String classPath = System.getProperty("java.class.path");
    List<Contestant> contestants =
        List.of(
            Contestant.java(
                "socketserver ThreadingTCPServer", classPath, EchoServer.class, "threading"),
            Contestant.java("java.net, a thread each", classPath, EchoServer.class, "java.net"),
            Contestant.java("Netty by hand", classPath, EchoServer.class, "netty"),
            Contestant.python("CPython ThreadingTCPServer", "echo.py"));
    System.out.printf("Java %s, %d rounds%n", Runtime.version(), rounds);
    compare("64 connections, a line at a time", contestants, rounds, 64, 1);
    compare("64 connections, 16 lines at a time", contestants, rounds, 64, 16);
  }

  private static void compare(
      String title, List<Contestant> contestants, int rounds, int connections, int depth)
      throws IOException {
    Map<Contestant, List<Sample>> samples = new LinkedHashMap<>();
    for (int round = 1; round <= rounds; round++) {
      for (Contestant contestant : contestants) {
        Progress.show(title, round, rounds, contestant.name());
        samples
            .computeIfAbsent(contestant, key -> new ArrayList<>())
            .add(measure(contestant, connections, depth));
      }
    }
    Progress.clear();
    System.out.printf("%n%s%n", title);
    double ours = median(samples.get(contestants.get(0)).stream().map(Sample::perSecond).toList());
    for (Contestant contestant : contestants) {
      List<Double> rates = samples.get(contestant).stream().map(Sample::perSecond).toList();
      double rate = median(rates);
      double cpu = median(samples.get(contestant).stream().map(Sample::cpuMicros).toList());
      System.out.printf(
          Locale.ROOT,
          "  %-34s %,9.0f/s (%,.0f to %,.0f)  %5.1f us cpu  ours is %.2f x%n",
          contestant.name(),
          rate,
          rates.stream().min(Double::compare).orElseThrow(),
          rates.stream().max(Double::compare).orElseThrow(),
          cpu,
          ours / rate);
    }
  }

  private static Sample measure(Contestant contestant, int connections, int depth)
      throws IOException {
    try (Running server = contestant.start();
        var load = new LineLoad(server.port(), connections, depth)) {
      load.run(WARM_UP);
      long cpu = server.cpuMicros();
      long begin = System.nanoTime();
      long lines = load.run(MEASURED);
      double seconds = (System.nanoTime() - begin) / 1e9;
      return new Sample(lines / seconds, (double) (server.cpuMicros() - cpu) / lines);
    }
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    return sorted.get(sorted.size() / 2);
  }
}
