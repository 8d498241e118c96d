package socketserver.differential;

import java.io.IOException;
import org.junit.jupiter.api.Assumptions;

/** Starts CPython, or skips the suite and says so where nobody can overlook it. */
final class PythonAssumption {
  private PythonAssumption() {}

  static PythonProcess start() {
    try {
      return PythonProcess.start();
    } catch (IOException e) {
      String message = "SKIPPED: the comparison with CPython did not run: " + e.getMessage();
      System.err.println(message);
      Assumptions.abort(message);
      throw new AssertionError("abort throws", e);
    }
  }
}
