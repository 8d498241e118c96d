package socketserver.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What a server says that went wrong. */
final class Complaint {
  private static final int LONGEST = 160;

  private Complaint() {}

  /** The line of a file that says most: an exception, the end of a traceback, or the first. */
  static String in(Path errors) {
    try {
      return in(Files.readAllLines(errors));
    } catch (IOException e) {
      return "what it said cannot be read: " + e.getMessage();
    }
  }

  static String in(List<String> lines) {
    List<String> said =
        lines.stream()
            .map(String::strip)
            .filter(line -> !line.isEmpty() && !line.contains("WARN"))
            .toList();
    if (said.isEmpty()) {
      return "it said nothing";
    }
    String line =
        said.stream()
            .filter(one -> one.startsWith("Exception in thread"))
            .findFirst()
            .orElse(said.get(0).startsWith("Traceback") ? said.get(said.size() - 1) : said.get(0))
            .replaceFirst("^Exception in thread \"[^\"]*\" ", "");
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
  }
}
