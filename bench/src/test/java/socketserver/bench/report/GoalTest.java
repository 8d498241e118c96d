package socketserver.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How what was measured is judged. */
class GoalTest {
  /** Rates of rounds of a second, each with the same processor time. */
  static Outcome outcome(String name, boolean ours, double cpu, double... rates) {
    List<Sample> samples =
        IntStream.range(0, rates.length)
            .mapToObj(
                i ->
                    new Sample(
                        i + 1,
                        (long) rates[i],
                        rates[i],
                        1,
                        List.of(1d, 2d, 3d, 4d, 5d, 6d, 7d),
                        cpu * rates[i],
                        2_048,
                        3,
                        4,
                        null))
            .toList();
    return new Outcome(name, ours, samples, null);
  }

  static final Result RESULT =
      new Result(
          "lines",
          "some lines",
          "requests",
          64,
          List.of(
              outcome("ours", true, 10, 300, 100, 200),
              outcome("ours too", true, 20, 240),
              outcome("peer", false, 8, 100),
              new Outcome("absent", false, List.of(), "did not start")));

  private static Verdict judge(String ours, String peer, Metric metric, double limit) {
    return new Goal("a", "lines", List.of(ours), List.of(peer), metric, limit)
        .judge(List.of(RESULT));
  }

  @Test
  void isTheRatioOfTheMedians() {
    Verdict verdict = judge("ours", "peer", Metric.RATE, 2);
    assertEquals(200.0, verdict.ourMedian());
    assertEquals(100.0, verdict.peerMedian());
    assertEquals(2.0, verdict.measured());
    assertTrue(verdict.met());
    assertFalse(judge("ours", "peer", Metric.RATE, 2.01).met());
  }

  @Test
  void isMetByLessWhereLessIsBetter() {
    assertEquals(1.25, judge("ours", "peer", Metric.CPU, 1.25).measured());
    assertTrue(judge("ours", "peer", Metric.CPU, 1.25).met());
    assertFalse(judge("ours", "peer", Metric.CPU, 1.2).met());
  }

  @Test
  void isThatOfTheBestWhereAnyCounts() {
    var both = List.of("ours", "ours too");
    Verdict rate =
        new Goal("h", "lines", both, List.of("peer", "absent"), Metric.RATE, 1)
            .judge(List.of(RESULT));
    assertEquals("ours too", rate.ours());
    assertEquals("peer", rate.peer());
    Verdict cpu =
        new Goal("h", "lines", both, List.of("peer"), Metric.CPU, 1).judge(List.of(RESULT));
    assertEquals("ours", cpu.ours());
  }

  @Test
  void isTheFigureItselfWithoutAPeer() {
    Verdict verdict =
        new Goal("k", "lines", List.of("ours"), List.of(), Metric.CPU, 12).judge(List.of(RESULT));
    assertEquals(10.0, verdict.measured());
    assertNull(verdict.peerMedian());
    assertEquals("met", verdict.word());
  }

  @Test
  void isNoneWhereOneWasNotMeasured() {
    for (Verdict verdict :
        List.of(
            judge("ours", "absent", Metric.RATE, 1),
            judge("nobody", "peer", Metric.RATE, 1),
            new Goal("z", "elsewhere", List.of("ours"), List.of("peer"), Metric.RATE, 1)
                .judge(List.of(RESULT)))) {
      assertNull(verdict.measured());
      assertFalse(verdict.met());
      assertEquals("not measured", verdict.word());
    }
  }
}
