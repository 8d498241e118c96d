package socketserver.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the documents link to, and what messages of the library refer to, is there. */
class DocumentLinksTest {
  private static final Pattern LINK = Pattern.compile("\\]\\(\\s*([^)\\s]+)\\s*\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");
  private static final Pattern FENCED = Pattern.compile("(?ms)^\\s*```.*?^\\s*```$");

  /** How an error message ends: what follows is the heading of a section. */
  private static final Pattern REFERENCE = Pattern.compile("see README, ([A-Z][a-z ]*)");

  @Test
  void everyLinkToAFileOrASectionLeadsSomewhere() throws IOException {
    List<String> broken = new ArrayList<>();
    for (Path document : Documents.all()) {
      for (MatchResult link : LINK.matcher(prose(document)).results().toList()) {
        String target = link.group(1);
        if (!target.contains("://") && !leadsSomewhere(document, target)) {
          broken.add(document.getFileName() + ": " + target);
        }
      }
    }
    assertEquals(List.of(), broken);
  }

  @Test
  void everySectionThatAMessageOfTheLibraryRefersToIsInTheReadme() throws IOException {
    Set<String> named = new TreeSet<>();
    for (String module : List.of("api", "netty-impl", "unix-impl", "diesel")) {
      try (Stream<Path> files = Files.walk(Documents.root().resolve(module).resolve("src"))) {
        for (Path file : files.filter(file -> file.toString().endsWith(".java")).toList()) {
          String joined = Files.readString(file).replaceAll("\"\\s*\\+\\s*\"", "");
          REFERENCE.matcher(joined).results().forEach(found -> named.add(found.group(1)));
        }
      }
    }
    assertTrue(named.contains("Troubleshooting"), "no message refers to the README: " + named);
    // the message about a missing transport puts its section in at run time
    named.add("Unix sockets");

    Set<String> headings = headings(Documents.readme());
    assertFalse(headings.isEmpty());
    for (String section : named) {
      assertTrue(headings.contains(anchor(section)), "the README has no section " + section);
    }
  }

  private static boolean leadsSomewhere(Path document, String target) throws IOException {
    String[] parts = target.split("#", 2);
    Path file = parts[0].isEmpty() ? document : document.resolveSibling(parts[0]).normalize();
    return Files.exists(file) && (parts.length == 1 || headings(file).contains(parts[1]));
  }

  private static Set<String> headings(Path document) throws IOException {
    return HEADING
        .matcher(prose(document))
        .results()
        .map(heading -> anchor(heading.group(1)))
        .collect(Collectors.toSet());
  }

  /** The anchor that a heading gets when it is rendered. */
  private static String anchor(String heading) {
    return heading.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}_ -]", "").replace(' ', '-');
  }

  /** A document without its fenced blocks. */
  private static String prose(Path document) throws IOException {
    return FENCED.matcher(Files.readString(document)).replaceAll("");
  }
}
