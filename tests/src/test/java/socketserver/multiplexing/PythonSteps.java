package socketserver.multiplexing;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import socketserver.fixture.Background;
import socketserver.fixture.Bounds;

/** CPython, which does each step with its select.epoll. */
final class PythonSteps implements AutoCloseable {
  private static final String PYTHON = System.getProperty("socketserver.python", "python3");

  private final Process process;
  private final Writer commands;
  private final BufferedReader answers;

  private PythonSteps(Process process) {
    this.process = process;
    this.commands =
        new BufferedWriter(
            new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
    this.answers =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /** Starts it, or skips the test and says so. */
  static PythonSteps start() throws IOException {
    String script;
    try (InputStream source = PythonSteps.class.getResourceAsStream("/python/epoll_steps.py")) {
      script = new String(source.readAllBytes(), StandardCharsets.UTF_8);
    }
    try {
      return new PythonSteps(
          new ProcessBuilder(PYTHON, "-c", script)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start());
    } catch (IOException e) {
      String message = "SKIPPED: no comparison with CPython's epoll: no " + PYTHON;
      System.err.println(message);
      Assumptions.abort(message);
      throw e;
    }
  }

  /** Does a step; returns what its epoll tells after that. */
  String step(String step) throws IOException {
    commands.write(step + "\n");
    commands.flush();
    String told = Background.result(Background.ask("reads what is told", answers::readLine));
    if (told == null) {
      throw new IOException("python has ended at: " + step);
    }
    return told;
  }

  @Override
  public void close() throws IOException {
    try {
      commands.close();
      process.waitFor(Bounds.WAIT.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      process.destroyForcibly();
    }
  }
}
