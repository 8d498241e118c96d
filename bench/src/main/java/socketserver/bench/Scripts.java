package socketserver.bench;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Servers in Python, which are resources of this program. */
public final class Scripts {
  private Scripts() {}

  /** Writes a script to a file, which ends with this process. */
  public static Path write(String resource) throws IOException {
    Path script = Files.createTempFile("bench", ".py");
    script.toFile().deleteOnExit();
    try (InputStream source = Scripts.class.getResourceAsStream(resource)) {
      if (source == null) {
        throw new FileNotFoundException("not on the class path: " + resource);
      }
      Files.write(script, source.readAllBytes());
    }
    return script;
  }
}
