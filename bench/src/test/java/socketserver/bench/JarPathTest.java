package socketserver.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A class path without folders. */
class JarPathTest {
  @TempDir Path place;

  private static List<String> pack(Path... entries) throws IOException {
    List<String> path = List.of(entries).stream().map(Path::toString).toList();
    return List.of(JarPath.of(String.join(File.pathSeparator, path)).split(File.pathSeparator));
  }

  @Test
  void hasAJarWithAllFilesOfAFolder() throws IOException {
    Path folder = Files.createDirectories(place.resolve("classes"));
    Path deep = Files.createDirectories(folder.resolve("META-INF/services"));
    Files.writeString(folder.resolve("A.class"), "a");
    Files.writeString(deep.resolve("some.Service"), "some.Provider");

    List<String> packed = pack(folder);

    assertEquals(1, packed.size());
    try (JarFile jar = new JarFile(packed.get(0))) {
      assertEquals(2, jar.size());
      assertNotNull(jar.getJarEntry("A.class"));
      try (InputStream in = jar.getInputStream(jar.getEntry("META-INF/services/some.Service"))) {
        assertArrayEquals("some.Provider".getBytes(UTF_8), in.readAllBytes());
      }
    }
  }

  @Test
  void keepsJarsAndTheirOrder() throws IOException {
    Path folder = Files.createDirectories(place.resolve("classes"));
    Path first = Files.createFile(place.resolve("first.jar"));
    Path last = Files.createFile(place.resolve("last.jar"));

    List<String> packed = pack(first, folder, last);

    assertEquals(3, packed.size());
    assertEquals(first.toString(), packed.get(0));
    assertEquals(last.toString(), packed.get(2));
  }

  @Test
  void leavesOutWhatDoesNotExist() throws IOException {
    Path jar = Files.createFile(place.resolve("a.jar"));
    assertEquals(List.of(jar.toString()), pack(place.resolve("missing"), jar));
  }
}
