package socketserver.bench;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The JDKs that run the servers; they may be one.
 *
 * @param base for what runs on every Java that the library runs on
 * @param newest for virtual threads and what is compared with them
 */
record Jdks(Jdk base, Jdk newest) {
  /** From which Java on there are virtual threads. */
  static final int VIRTUAL_THREADS = 21;

  private static final Comparator<Jdk> BY_AGE = Comparator.comparing(Jdk::feature);

  /**
   * The oldest and the newest of some.
   *
   * @throws IllegalArgumentException if one is no JDK; the message says which
   */
  static Jdks of(List<Path> homes) {
    List<Jdk> jdks = new ArrayList<>();
    for (Path home : homes) {
      jdks.add(Jdk.in(home).orElseThrow(() -> new IllegalArgumentException("no JDK in: " + home)));
    }
    return new Jdks(
        jdks.stream().min(BY_AGE).orElseThrow(), jdks.stream().max(BY_AGE).orElseThrow());
  }

  /**
   * The running one, and the newest that is newer and has virtual threads: beside the running one,
   * where the environment says, or where people and tools keep theirs.
   */
  static Jdks found() {
    Jdk running = Jdk.running();
    Jdk newest =
        places(running)
            .flatMap(home -> Jdk.in(home).stream())
            .filter(jdk -> jdk.feature() >= VIRTUAL_THREADS && jdk.feature() > running.feature())
            .max(BY_AGE)
            .orElse(running);
    return new Jdks(running, newest);
  }

  private static Stream<Path> places(Jdk running) {
    Path user = Path.of(System.getProperty("user.home"));
    Stream<Path> folders =
        Stream.of(
                running.home().toAbsolutePath().getParent(),
                Path.of("/opt"),
                Path.of("/opt/java"),
                user.resolve(".jdks"),
                user.resolve(".sdkman/candidates/java"))
            .flatMap(Jdks::within);
    Stream<Path> macOs =
        within(Path.of("/Library/Java/JavaVirtualMachines"))
            .map(bundle -> bundle.resolve("Contents/Home"));
    Stream<Path> named =
        System.getenv().entrySet().stream()
            .filter(variable -> variable.getKey().startsWith("JAVA_HOME_"))
            .map(Map.Entry::getValue)
            .filter(value -> !value.isEmpty() && !value.contains(File.pathSeparator))
            .map(Path::of);
    return Stream.of(folders, macOs, named).flatMap(stream -> stream);
  }

  private static Stream<Path> within(Path folder) {
    if (folder == null || !Files.isDirectory(folder)) {
      return Stream.empty();
    }
    List<Path> entries = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
      stream.forEach(entries::add);
    } catch (IOException | DirectoryIteratorException e) {
      // a folder that cannot be read has no JDK for us
    }
    return entries.stream();
  }
}
