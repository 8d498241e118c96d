package socketserver.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import socketserver.bench.load.IdleLoad;
import socketserver.bench.load.Load;
import socketserver.bench.report.Idle;
import socketserver.bench.report.Sample;

/**
 * Weighs a server as connections that do nothing become more, looks whether it uses processor time
 * when nobody asks, then drives one connection beside the idle ones.
 *
 * <p>Memory is what is in RAM after a full collection; the servers run with {@link #FLAGS}, so that
 * the heap is as large as what is in it, and no garbage is counted. Each round has a server of its
 * own: a heap that has been large would hide what the next connections take.
 *
 * @param effort how many, how long
 */
record Idling(Effort effort) implements Measuring {
  /** A heap that shrinks to what it holds. */
  static final List<String> FLAGS =
      List.of("-Xms8m", "-XX:MinHeapFreeRatio=5", "-XX:MaxHeapFreeRatio=10");

  /** Connections that show the server all there is to load and to allocate once. */
  private static final int FIRST = 200;

  /** Descriptors that a program has open for other things. */
  private static final int OTHERS = 300;

  private static final Duration LOOK = Duration.ofMillis(200);

  @Override
  public boolean fresh() {
    return true;
  }

  /** Each server is warmed in its round. */
  @Override
  public void warmUp(ServerProcess server, Contestant contestant) throws IOException {
    requireDescriptors();
  }

  @Override
  public Sample measure(ServerProcess server, Workload workload, Contestant contestant, int round)
      throws IOException, InterruptedException {
    try (Load load = new IdleLoad(server.target(), FIRST)) {
      Warming.warm(server, contestant, load, effort);
    }
    Deque<Load> loads = new ArrayDeque<>();
    try {
      List<Idle.Step> steps = new ArrayList<>();
      steps.add(step(server, contestant, 0));
      int more = effort.idle() / effort.steps();
      for (int i = 1; i <= effort.steps(); i++) {
        loads.push(new IdleLoad(server.target(), more));
        // a load has a connection more, the busy one
        steps.add(step(server, contestant, i * (more + 1)));
      }
      double rest = restMillis(server, effort.atRest());
      Load last = loads.peek();
      last.run(effort.runUp());
      Sample sample = Driving.measure(server, workload, last, round, effort.measured());
      return sample.with(new Idle(steps, rest));
    } finally {
      for (Load load : loads) {
        load.close();
      }
    }
  }

  private static Idle.Step step(ServerProcess server, Contestant contestant, int connections)
      throws IOException, InterruptedException {
    Rest.await(List.of(server), LOOK);
    collect(server, contestant);
    return new Idle.Step(connections, server.usage().residentKib());
  }

  private static void collect(ServerProcess server, Contestant contestant)
      throws IOException, InterruptedException {
    if (contestant.jdk() == null) {
      return;
    }
    String pid = String.valueOf(server.process().pid());
    Process collection =
        new ProcessBuilder(contestant.jdk().program("jcmd"), pid, "GC.run")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (collection.waitFor() != 0) {
      throw new IOException("jcmd GC.run failed with status " + collection.exitValue());
    }
  }

  /** Processor time in a second, of a time in which nobody asks. */
  private static double restMillis(ServerProcess server, Duration time)
      throws InterruptedException {
    Rest.await(List.of(server), LOOK);
    double before = server.usage().cpuMicros();
    TimeUnit.NANOSECONDS.sleep(time.toNanos());
    return (server.usage().cpuMicros() - before) / 1000 * 1e9 / time.toNanos();
  }

  /** This process has the other ends, and a limit that a server inherits. */
  private void requireDescriptors() throws IOException {
    Path limits = Path.of("/proc/self/limits");
    if (!Files.isReadable(limits)) {
      return;
    }
    long limit = openFiles(Files.readString(limits));
    if (limit < effort.idle() + OTHERS) {
      throw new IOException(
          "%,d connections need %,d descriptors, and there are %,d: raise ulimit -n"
              .formatted(effort.idle(), effort.idle() + OTHERS, limit));
    }
  }

  static long openFiles(String limits) {
    return limits
        .lines()
        .filter(line -> line.startsWith("Max open files"))
        .map(line -> line.substring("Max open files".length()).strip().split(" +")[0])
        .mapToLong(word -> word.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(word))
        .findFirst()
        .orElse(Long.MAX_VALUE);
  }
}
