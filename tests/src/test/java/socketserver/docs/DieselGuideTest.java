package socketserver.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import socketserver.diesel.Diesel;

/** The porting guide's section on Diesel names what a program uses of it. */
class DieselGuideTest {
  private static final String FOLDER = "socketserver/diesel";

  @Test
  void everyPublicClassIsNamed() throws Exception {
    String section = section();
    List<String> missing = new ArrayList<>();
    for (String name : classes()) {
      Class<?> type = Class.forName("socketserver.diesel." + name);
      if (Modifier.isPublic(type.getModifiers()) && !section.contains(name)) {
        missing.add(name);
      }
    }

    assertEquals(List.of(), missing);
  }

  @Test
  void everyFunctionIsNamed() throws Exception {
    String section = section();
    TreeSet<String> missing = new TreeSet<>();
    for (Method method : Diesel.class.getDeclaredMethods()) {
      if (Modifier.isPublic(method.getModifiers()) && !section.contains(method.getName() + "(")) {
        missing.add(method.getName());
      }
    }

    assertEquals(new TreeSet<>(), missing);
  }

  private static String section() throws IOException {
    List<String> section = MarkdownTable.section(Documents.porting(), "## Diesel");
    assertTrue(section.size() > 30, "the section is not found");
    return String.join("\n", section);
  }

  /** The names of the package's classes but those that are in others. */
  private static List<String> classes() throws IOException, URISyntaxException {
    Path place = Path.of(Diesel.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    List<String> names;
    if (Files.isDirectory(place)) {
      names = list(place.resolve(FOLDER));
    } else {
      try (FileSystem jar = FileSystems.newFileSystem(place)) {
        names = list(jar.getPath(FOLDER));
      }
    }
    assertTrue(names.size() > 20, "the classes are not found");
    return names;
  }

  private static List<String> list(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".class") && !name.contains("$"))
          .filter(name -> !name.startsWith("package-info"))
          .map(name -> name.substring(0, name.length() - ".class".length()))
          .sorted()
          .toList();
    }
  }
}
