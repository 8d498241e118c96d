package socketserver.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.JavaFileObject;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** What the documents show as Java is Java. */
class DocumentedJavaTest {
  @TestFactory
  Stream<DynamicTest> everyJavaSnippetOfTheDocumentsCompiles(@TempDir Path classes)
      throws IOException {
    List<SnippetSource> sources = new ArrayList<>();
    for (Block block : Documents.blocks("java")) {
      sources.add(new SnippetSource(block, sources.size()));
    }
    assertFalse(sources.isEmpty(), "the documents have no Java");
    var found = SnippetCompiler.compile(sources, classes);
    Stream<DynamicTest> snippets =
        sources.stream()
            .map(
                source ->
                    dynamicTest(
                        source.block().toString(),
                        () -> assertEquals("", errors(source, found), source.block().text())));
    // what javac says without a file, such as an option that it refuses
    DynamicTest others =
        dynamicTest(
            "the compiler itself has no complaint", () -> assertEquals("", errors(null, found)));
    return Stream.concat(snippets, Stream.of(others));
  }

  private static String errors(
      SnippetSource source, List<Diagnostic<? extends JavaFileObject>> found) {
    StringBuilder errors = new StringBuilder();
    for (var diagnostic : found) {
      if (diagnostic.getSource() == source) {
        long line = source == null ? 0 : source.documentLine(diagnostic.getLineNumber());
        errors.append("line ").append(line).append(": ");
        errors.append(diagnostic.getMessage(Locale.ROOT)).append('\n');
      }
    }
    return errors.toString();
  }
}
