package socketserver.examples;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program of the machine that a test needs, and is skipped without. */
enum Tool {
  PYTHON("python3", "-c", "import sys; sys.exit(sys.version_info < (3, 7))"),
  /** Names its threads as the examples expect. */
  PYTHON_3_10("python3", "-c", "import sys; sys.exit(sys.version_info < (3, 10))"),
  CURL("curl", "--version"),
  SOCAT("socat", "-V"),
  /** That of util-linux. */
  LOGGER("logger", "--socket-errors=on", "--version"),
  OPENSSL("openssl", "version"),
  REDIS_CLI("redis-cli", "--version"),
  REDIS_BENCHMARK("redis-benchmark", "--version");

  private final List<String> check;
  private Boolean present;

  Tool(String... check) {
    this.check = List.of(check);
  }

  /** Skips the test, and says so, if the tool is missing. */
  synchronized void required() {
    if (present == null) {
      present = runs();
    }
    if (!present) {
      String message = "SKIPPED: " + String.join(" ", check) + " does not run on this machine";
      System.err.println(message);
      assumeTrue(false, message);
    }
  }

  private boolean runs() {
    try {
      Process process =
          new ProcessBuilder(check)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!process.waitFor(Output.LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
        return false;
      }
      return process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
