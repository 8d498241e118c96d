package socketserver.differential;

import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/** Every scenario of the tables, on CPython's socketserver and on ours. */
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
          return Tables.ALL.entrySet().stream()
              .map(
                  table ->
                      dynamicContainer(
                          table.getKey(),
                          table.getValue().stream()
                              .map(
                                  scenario ->
                                      dynamicTest(
                                          scenario.name,
                                          () -> new Comparison(started).check(scenario)))));
        });
  }
}
