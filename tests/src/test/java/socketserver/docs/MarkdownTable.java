package socketserver.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the sections of a document and the tables in them. */
final class MarkdownTable {
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");

  private MarkdownTable() {}

  /**
   * Returns the lines under a heading, to the next heading that is not below it.
   *
   * @param heading the heading with its number signs
   */
  static List<String> section(Path document, String heading) throws IOException {
    List<String> lines = Files.readAllLines(document);
    int start = lines.indexOf(heading);
    if (start < 0) {
      throw new AssertionError(document.getFileName() + " has no heading " + heading);
    }
    Pattern next = Pattern.compile("#{1," + heading.indexOf(' ') + "} .*");
    int end = start + 1;
    while (end < lines.size() && !next.matcher(lines.get(end)).matches()) {
      end++;
    }
    return lines.subList(start + 1, end);
  }

  /** Returns the rows of the tables among some lines, without their headings, as cells. */
  static List<List<String>> rows(List<String> lines) {
    List<List<String>> rows = new ArrayList<>();
    boolean body = false;
    for (String line : lines) {
      if (!line.startsWith("|")) {
        body = false;
      } else if (line.startsWith("| ---")) {
        body = true;
      } else if (body) {
        String[] cells = line.substring(1).split("\\|");
        rows.add(Arrays.stream(cells).map(String::strip).toList());
      }
    }
    return rows;
  }

  /** Returns what stands between back quotes in a cell. */
  static List<String> code(String cell) {
    return CODE.matcher(cell).results().map(match -> match.group(1)).toList();
  }

  /** Returns a name without what follows it: its arguments or its default value. */
  static String bare(String code) {
    Matcher name = Pattern.compile("[A-Za-z_]+").matcher(code);
    return name.lookingAt() ? name.group() : code;
  }
}
