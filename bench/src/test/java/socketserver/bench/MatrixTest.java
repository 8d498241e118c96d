package socketserver.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import socketserver.bench.report.Outcome;
import socketserver.bench.report.Result;
import socketserver.bench.report.Sample;

/** The turns of the contestants. */
class MatrixTest {
  private static final Jdk JDK = Jdk.running();
  private static final Contestant FIRST = new Contestant(Peer.JAVA_NET, "threading", JDK);
  private static final Contestant SECOND = new Contestant(Peer.NETTY, "eventloop", JDK);
  private static final Contestant MISSING = new Contestant(Peer.JAVA_NET, "none", JDK);

  private final List<String> turns = new ArrayList<>();

  /** Takes down who has a turn, and fails where it is told to. */
  private final class Recording implements Measuring {
    private final Contestant failing;
    private final boolean fresh;
    private final Set<Long> warmed = new HashSet<>();
    private final Map<Long, Integer> measured = new ConcurrentHashMap<>();

    Recording(Contestant failing, boolean fresh) {
      this.failing = failing;
      this.fresh = fresh;
    }

    @Override
    public void warmUp(ServerProcess server, Contestant contestant) {
      turns.add("warm " + contestant.strategy());
      warmed.add(server.process().pid());
    }

    @Override
    public Sample measure(ServerProcess server, Workload workload, Contestant contestant, int round)
        throws IOException {
      turns.add(round + " " + contestant.strategy());
      if (contestant.equals(failing) && round == 2) {
        throw new IOException("no answer");
      }
      assertEquals(!fresh, warmed.contains(server.process().pid()));
      int servers = measured.merge(server.process().pid(), 1, Integer::sum);
      return new Sample(round, servers, 1, 1, List.of(), 0, 0, 0, 0, null);
    }

    @Override
    public boolean fresh() {
      return fresh;
    }
  }

  private Result run(Measuring measuring, boolean quick, Contestant... contestants)
      throws IOException, InterruptedException {
    Effort effort = quick ? Effort.quick(3, null) : Effort.full(3, null);
    Workload workload = new Workload("w", "W", "lines", 1, measuring, List.of(contestants));
    var progress = new Progress(new PrintStream(new ByteArrayOutputStream()), 1);
    Commands commands = new Commands(System.getProperty("java.class.path"), Path.of("none.py"));
    return new Matrix(commands, effort, progress).run(List.of(workload), result -> {}).get(0);
  }

  private static List<Long> requests(Outcome outcome) {
    return outcome.samples().stream().map(Sample::requests).toList();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void goRoundAmongServersThatStay(boolean quick) throws Exception {
    Result result = run(new Recording(null, false), quick, FIRST, SECOND);
    result.outcomes().forEach(outcome -> assertNull(outcome.failure()));
    assertEquals(
        List.of(
            "warm threading",
            "warm eventloop",
            "1 threading",
            "1 eventloop",
            "2 threading",
            "2 eventloop",
            "3 threading",
            "3 eventloop"),
        turns);
    assertEquals(List.of(1L, 2L, 3L), requests(result.outcomes().get(0)));
  }

  @Test
  void goOnWithoutOneThatDoesNotStart() throws Exception {
    Result result = run(new Recording(null, false), false, MISSING, FIRST);
    assertEquals(0, result.outcomes().get(0).samples().size());
    assertEquals(
        "did not start: no such server: java.net none lines", result.outcomes().get(0).failure());
    assertEquals(3, result.outcomes().get(1).samples().size());
  }

  @Test
  void goOnWithoutOneThatNeedsALaterJava() throws Exception {
    var virtual = new Contestant(Peer.JAVA_NET, "virtual", new Jdk(17, Path.of("nowhere")));
    Result result = run(new Recording(null, false), false, virtual, FIRST);
    assertEquals(0, result.outcomes().get(0).samples().size());
    assertEquals(
        "skipped: needs Java 21 or later, found 17: --jdk", result.outcomes().get(0).failure());
    assertEquals(3, result.outcomes().get(1).samples().size());
  }

  @Test
  void goOnWithoutOneThatFails() throws Exception {
    Result result = run(new Recording(FIRST, false), false, FIRST, SECOND);
    assertEquals(1, result.outcomes().get(0).samples().size());
    assertEquals("no answer", result.outcomes().get(0).failure());
    assertEquals(3, result.outcomes().get(1).samples().size());
  }

  @Test
  void haveAServerEachWhereThatIsWanted() throws Exception {
    Result result = run(new Recording(null, true), false, FIRST);
    assertEquals(List.of(1L, 1L, 1L), requests(result.outcomes().get(0)));
    assertEquals(List.of("warm threading", "1 threading", "2 threading", "3 threading"), turns);
  }
}
