package socketserver.differential;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicNode;

/** Starts CPython for a suite, or skips the suite and says so where nobody can overlook it. */
final class PythonAssumption {
  private PythonAssumption() {}

  static Stream<DynamicNode> with(Function<PythonProcess, Stream<DynamicNode>> suite) {
    try {
      return suite.apply(PythonProcess.start());
    } catch (IOException e) {
      String message = "SKIPPED: the comparison with CPython did not run: " + e.getMessage();
      System.err.println(message);
      // a test of its own, so that the report counts it
      return Stream.of(dynamicTest(message, () -> Assumptions.abort(message)));
    }
  }
}
