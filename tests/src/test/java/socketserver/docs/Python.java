package socketserver.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** Runs what the documents say about Python. */
final class Python {
  private static final long LIMIT_SECONDS = 60;

  private Python() {}

  /** Starts a script, or skips the test where there is no Python. */
  static Process start(String script) throws IOException {
    try {
      return new ProcessBuilder("python3", "-u", "-c", script).redirectErrorStream(true).start();
    } catch (IOException e) {
      String reason = "SKIPPED: no python3 on the path: what the documents say is not checked";
      System.err.println(reason);
      return abort(reason);
    }
  }

  /** Runs a script to its end and returns what it printed. */
  static String run(String script, String input) throws IOException, InterruptedException {
    Process process = start(script);
    try {
      try (var stdin = process.getOutputStream()) {
        stdin.write(input.getBytes(StandardCharsets.UTF_8));
      }
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS), "python3 does not end");
      assertEquals(0, process.exitValue(), output);
      return output;
    } finally {
      process.destroyForcibly();
    }
  }
}
