package socketserver.differential;

import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/**
 * Every scenario of the tables, over each family of sockets that it is for, on CPython's
 * socketserver and on ours.
 */
class DifferentialTest {
  private static PythonProcess python;

  @AfterAll
  static void stopPython() throws IOException {
    if (python != null) {
      python.close();
    }
  }

  @TestFactory
  Stream<DynamicNode> behavesAsCPythonDoes() {
    return PythonAssumption.with(
        started -> {
          python = started;
          return Stream.of(Family.values())
              .map(family -> dynamicContainer(family.title, tables(family)));
        });
  }

  private static Stream<DynamicNode> tables(Family family) {
    return Tables.ALL.entrySet().stream()
        .map(table -> dynamicContainer(table.getKey(), tests(table.getValue(), family)));
  }

  private static Stream<DynamicNode> tests(List<Scenario<?, ?>> scenarios, Family family) {
    return scenarios.stream()
        .filter(scenario -> scenario.runsOver(family))
        .map(
            scenario ->
                dynamicTest(scenario.name, () -> new Comparison(python).check(scenario, family)));
  }
}
