package socketserver.tls;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** The programs that some tests talk to; without them those tests are skipped, and say so. */
final class Programs {
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
}
