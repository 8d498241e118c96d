package socketserver.differential;

import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/**
 * Streams cut at random and read with random calls, by CPython and by us. The cases are the same in
 * every build; {@code -Dsocketserver.random.seed=...} and {@code -Dsocketserver.random.cases=...}
 * try others.
 */
class RandomDifferentialTest {
  private static final long SEED = Long.getLong("socketserver.random.seed", 20260101);
  private static final int CASES = Integer.getInteger("socketserver.random.cases", 200);

  private static PythonProcess python;

  @AfterAll
  static void stopPython() throws IOException {
    if (python != null) {
      python.close();
    }
  }

  @TestFactory
  Stream<DynamicNode> readsAsCPythonDoes() {
    return PythonAssumption.with(
        started -> {
          python = started;
          return Stream.of(Family.values())
              .map(family -> dynamicContainer(family.title, tests(family)));
        });
  }

  private static Stream<DynamicNode> tests(Family family) {
    return IntStream.range(0, CASES).mapToObj(number -> test(number, family));
  }

  private static DynamicNode test(int number, Family family) {
    String name = "case " + number + " of -Dsocketserver.random.seed=" + SEED;
    return dynamicTest(name, () -> check(name, number, family));
  }

  private static void check(String name, int number, Family family) throws Exception {
    RandomCase random = RandomCase.of(SEED, number);
    try {
      new Comparison(python).check(RandomReading.scenario(name, random), family);
    } catch (AssertionError e) {
      throw new AssertionError(name + ": " + random + "\n" + e.getMessage(), e);
    }
  }
}
