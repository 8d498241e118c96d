package socketserver.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The JDKs that run the servers. */
class JdksTest {
  @TempDir Path place;

  private Path jdk(String version) throws IOException {
    return jdk(place, version);
  }

  /** A folder that looks like a JDK. */
  static Path jdk(Path place, String version) throws IOException {
    Path home = Files.createDirectories(place.resolve("jdk-" + version));
    Path compiler = Files.createDirectories(home.resolve("bin")).resolve("javac");
    Files.createFile(compiler);
    assertTrue(compiler.toFile().setExecutable(true));
    Files.writeString(
        home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
    return home;
  }

  @Test
  void areTheOldestAndTheNewestOfThoseThatAreNamed() throws IOException {
    Jdks jdks = Jdks.of(List.of(jdk("21.0.1"), jdk("25"), jdk("17.0.9")));
    assertEquals(17, jdks.base().feature());
    assertEquals(25, jdks.newest().feature());
    assertEquals("Java 17.0.9", jdks.base().title());
  }

  @Test
  void mayBeOne() throws IOException {
    Path home = jdk("21");
    assertEquals(new Jdks(new Jdk(21, home), new Jdk(21, home)), Jdks.of(List.of(home)));
  }

  @Test
  void knowTheOldWayToCountVersions() throws IOException {
    assertEquals(Optional.of(8), Jdk.in(jdk("1.8.0_392")).map(Jdk::feature));
  }

  @Test
  void areNotFoldersWithoutACompiler() throws IOException {
    Path home = jdk("17");
    Files.delete(home.resolve("bin/javac"));
    assertEquals(Optional.empty(), Jdk.in(home));
    assertThrows(IllegalArgumentException.class, () -> Jdks.of(List.of(home)));
  }

  @Test
  void areAtLeastTheOneThatRunsThis() {
    Jdks found = Jdks.found();
    assertEquals(Runtime.version().feature(), found.base().feature());
    assertTrue(found.newest().feature() >= found.base().feature());
  }
}
