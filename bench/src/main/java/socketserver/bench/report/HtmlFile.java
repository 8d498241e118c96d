package socketserver.bench.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A page that shows a run in charts and tables, and loads nothing from anywhere. */
public final class HtmlFile {
  private static final String LIBRARY =
      "/META-INF/resources/webjars/chart.js/4.5.1/dist/chart.umd.min.js";

  private static final Pattern PART = Pattern.compile("\\{\\{(\\w+)}}");

  private HtmlFile() {}

  /** Writes the page to a file, whose folders are made. */
  public static void write(Run run, List<Verdict> verdicts, Path file) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.writeString(file, page(run, verdicts));
  }

  static String page(Run run, List<Verdict> verdicts) throws IOException {
    Map<String, String> parts =
        Map.of(
            "style", resource("report.css"),
            "library", library(),
            "data", data(Page.of(run, verdicts)),
            "script", resource("charts.js") + resource("report.js"));
    return PART.matcher(resource("report.html"))
        .replaceAll(part -> Matcher.quoteReplacement(parts.get(part.group(1))));
  }

  /** The chart library, without the address of what it was made of. */
  private static String library() throws IOException {
    return resource(LIBRARY).replaceAll("(?m)^//# sourceMappingURL=.*$", "");
  }

  /** As JSON in which no character can end the element that it stands in. */
  private static String data(Page page) throws JsonProcessingException {
    return new ObjectMapper().writeValueAsString(page).replace("<", "\\u003c");
  }

  private static String resource(String name) throws IOException {
    String path = name.startsWith("/") ? name : "/socketserver/bench/report/" + name;
    try (InputStream in = HtmlFile.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new FileNotFoundException("not on the class path: " + path);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
