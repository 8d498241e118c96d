package socketserver.bench.report;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Each sample of each round, and ratios of their medians, for other programs. */
public final class JsonFile {
  private JsonFile() {}

  /** Writes a run to a file, whose folders are made. */
  public static void write(Run run, Path file) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    var json = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    Files.write(file, json.writeValueAsBytes(run));
  }
}
