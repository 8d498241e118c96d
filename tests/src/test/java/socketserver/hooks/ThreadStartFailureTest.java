package socketserver.hooks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import socketserver.fixture.ChildJvm;
import socketserver.fixture.Strategy;

/** A system that gives no more threads: one client is turned away, and nothing is left behind. */
@Timeout(120)
class ThreadStartFailureTest {
  @Test
  void clientIsTurnedAwayTheErrorReportedAndTheServerGoesOn() throws IOException {
    assumePrlimit();
    String printed =
        ChildJvm.run(
            OutOfThreads.class,
            // virtual threads have no stacks that the system could refuse
            List.of("-Xss1g", "-Xmx128m", "-XX:+UseSerialGC", Strategy.PLATFORM.options().get(0)));
    List<String> lines = printed.lines().toList();
    assertTrue(lines.contains("turned away"), printed);
    assertTrue(lines.contains("some stay"), printed);
    assertTrue(
        lines.stream()
            .anyMatch(
                line ->
                    line.startsWith("handleError: ") && line.contains("can't start new thread")),
        printed);
    assertTrue(lines.contains("served again"), printed);
    assertEquals("the server is closed", lines.get(lines.size() - 1));
  }

  private static void assumePrlimit() {
    for (String folder : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)) {
      if (new File(folder, "prlimit").canExecute()) {
        return;
      }
    }
    String reason = "SKIPPED: no prlimit on the path to limit a process's memory with";
    System.err.println(reason);
    Assumptions.abort(reason);
  }
}
