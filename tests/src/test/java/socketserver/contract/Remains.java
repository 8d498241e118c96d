package socketserver.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What the library could leave behind in this process: threads and descriptors. */
public final class Remains {
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

  private Remains() {}

  /** Waits until the event loops have ended, which they do when the last socket has closed. */
  public static void awaitNoEngine() {
    Eventually.equal(List.of(), Remains::threads, "threads of the library");
  }

  /** Waits until the event loops have ended, unless a listener keeps them. */
  static void awaitNoThreadButTheListeners(boolean listening) {
    if (!listening) {
      awaitNoEngine();
    }
  }

  /** The names of the threads that the library has running now. */
  public static List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("socketserver-"))
        .sorted()
        .toList();
  }

  /** How many descriptors this process has open. */
  static int descriptors() {
    try (Stream<Path> open = Files.list(DESCRIPTORS)) {
      return (int) open.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether this system lists the descriptors of a process. */
  static boolean listsDescriptors() {
    return Files.isDirectory(DESCRIPTORS);
  }
}
