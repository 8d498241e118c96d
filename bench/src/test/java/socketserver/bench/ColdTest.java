package socketserver.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import socketserver.bench.load.LineLoad;
import socketserver.bench.load.Target;
import socketserver.bench.report.Outcome;

/** The first moments of a server. */
class ColdTest {
  private static final Duration SHORT = Duration.ofMillis(100);

  @Test
  void countInEachRoundWithoutAWarmUp() throws Exception {
    List<Target> driven = new ArrayList<>();
    Driving.Opener opener =
        target -> {
          driven.add(target);
          return new LineLoad(target, 3, 1);
        };
    var contestant = new Contestant(Peer.JAVA_NET, "threading", Jdk.running());
    Effort effort = Effort.quick(2, null);
    Cold cold = new Cold(new Driving(opener, effort), SHORT);
    var workload = new Workload("w", "W", "lines", 3, cold, List.of(contestant));
    var progress = new Progress(new PrintStream(new ByteArrayOutputStream()), 1);
    Commands commands = new Commands(System.getProperty("java.class.path"), Path.of("none.py"));
    Outcome outcome =
        new Matrix(commands, effort, progress)
            .run(List.of(workload), result -> {})
            .get(0)
            .outcomes()
            .get(0);
    assertEquals(3, driven.size(), "the clients' warm-up, and a load for each round");
    assertEquals(2, outcome.samples().size(), outcome.toString());
    assertTrue(outcome.samples().stream().allMatch(sample -> sample.requests() > 0));
  }
}
