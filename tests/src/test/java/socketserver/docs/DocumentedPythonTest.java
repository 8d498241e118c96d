package socketserver.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What the documents show as Python is Python. */
class DocumentedPythonTest {
  private static final String COMPILE_EACH =
      """
      import sys
      for snippet in sys.stdin.read().split("\\0"):
          name, source = snippet.split("\\n", 1)
          try:
              compile(source, name, "exec")
          except SyntaxError as error:
              print(name, error)
      """;

  @Test
  void everyPythonSnippetOfTheDocumentsCompiles() throws IOException, InterruptedException {
    List<Block> snippets = Documents.blocks("python");
    assertFalse(snippets.isEmpty(), "the documents have no Python");
    String all =
        snippets.stream()
            .map(block -> block + "\n" + block.text())
            .collect(Collectors.joining("\0"));

    assertEquals("", Python.run(COMPILE_EACH, all));
  }
}
