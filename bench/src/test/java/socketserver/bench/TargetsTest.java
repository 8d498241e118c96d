package socketserver.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import socketserver.bench.report.Goal;

/** The targets name what the catalogue measures. */
class TargetsTest {
  private static Roster roster(int base, int newest) {
    return new Roster(new Jdks(new Jdk(base, Path.of("base")), new Jdk(newest, Path.of("newest"))));
  }

  @ParameterizedTest
  @CsvSource({"17, 25", "17, 17", "25, 25"})
  void whateverTheJdksAre(int base, int newest) {
    Roster roster = roster(base, newest);
    Map<String, Workload> workloads =
        new Catalogue(roster, Effort.full(null, null))
            .workloads().stream().collect(Collectors.toMap(Workload::name, Function.identity()));
    List<Goal> goals = new Targets(roster).goals();
    for (Goal goal : goals) {
      List<String> names =
          workloads.get(goal.workload()).contestants().stream().map(Contestant::name).toList();
      assertTrue(names.containsAll(goal.ours()), goal.toString());
      assertTrue(names.containsAll(goal.peers()), goal.toString());
    }
    assertEquals(
        "abcdefghijklmnopq",
        String.join("", new TreeSet<>(goals.stream().map(Goal::letter).toList())));
  }
}
