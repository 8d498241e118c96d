package socketserver.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.ToolProvider;

/** Compiles sources for the oldest Java that is supported, against what the tests run with. */
final class SnippetCompiler {
  private SnippetCompiler() {}

  /**
   * Compiles.
   *
   * @param classes the folder for the classes
   * @return the errors and warnings
   */
  static List<Diagnostic<? extends JavaFileObject>> compile(
      List<? extends JavaFileObject> sources, Path classes) {
    var compiler = ToolProvider.getSystemJavaCompiler();
    var found = new DiagnosticCollector<JavaFileObject>();
    try (var files = compiler.getStandardFileManager(found, Locale.ROOT, null)) {
      List<String> options =
          List.of(
              "--release",
              "17",
              "-proc:none",
              "-Xmaxerrs",
              "10000",
              "-classpath",
              System.getProperty("java.class.path"),
              "-d",
              classes.toString());
      compiler.getTask(null, files, found, options, null, sources).call();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found.getDiagnostics().stream()
        .filter(
            diagnostic ->
                diagnostic.getKind() == Diagnostic.Kind.ERROR
                    || diagnostic.getKind() == Diagnostic.Kind.WARNING)
        .toList();
  }
}
