package socketserver.unix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import socketserver.fixture.Bounds;

/** A CPython at the other end. */
final class Python {
  private Python() {}

  /** Starts a script with an argument, or skips the test, loudly, where there is no Python. */
  static Process start(String script, Object argument) {
    try {
      return new ProcessBuilder("python3", "-u", "-c", script, argument.toString())
          .redirectErrorStream(true)
          .start();
    } catch (IOException e) {
      String reason = "SKIPPED: no python3 on the path: passing descriptors to it is not checked";
      System.err.println(reason);
      return Assumptions.abort(reason);
    }
  }

  /** Waits for its end, and returns what it has printed. */
  static String output(Process process) throws IOException, InterruptedException {
    try {
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(
          process.waitFor(Bounds.WAIT.toSeconds(), TimeUnit.SECONDS), "python3 does not end");
      assertEquals(0, process.exitValue(), output);
      return output;
    } finally {
      process.destroyForcibly();
    }
  }
}
