package socketserver.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** The programs that some tests talk to; without them those tests are skipped, and say so. */
final class Programs {
  private static final long SECONDS = 60;

  private Programs() {}

  static void assumeThereIs(String program) {
    for (String folder : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)) {
      if (!folder.isEmpty() && Files.isExecutable(Path.of(folder, program))) {
        return;
      }
    }
    String message = "SKIPPED: there is no " + program + " on the path to test TLS against";
    System.err.println(message);
    Assumptions.abort(message);
  }

  /** Runs a program to its end in a folder and returns what it printed; it must succeed. */
  static String run(Path folder, String input, String... command)
      throws IOException, InterruptedException {
    Path in = Files.writeString(folder.resolve("input"), input);
    Path out = folder.resolve("output");
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectInput(in.toFile())
            .redirectOutput(out.toFile())
            .start();
    boolean ended;
    try {
      ended = process.waitFor(SECONDS, TimeUnit.SECONDS);
    } finally {
      process.destroyForcibly();
    }
    String output = Files.readString(out, StandardCharsets.UTF_8);
    assertTrue(ended, () -> "it does not end: " + List.of(command) + ": " + output);
    assertEquals(0, process.exitValue(), () -> List.of(command) + ": " + output);
    return output;
  }
}
