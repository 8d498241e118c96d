package socketserver.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a process uses. */
class UsageTest {
  @Test
  void isReadBehindANameThatLooksLikeMore() {
    String stat = "42 (a) b 7 (c) S 1 2 3 4 5 6 7 8 9 10 11 22 33 44 20 0 9 0";
    assertEquals((11 + 22 + 33 + 44) * 10_000, Usage.cpuMicros(stat));
  }

  @Test
  void isMoreThanNothingOfThisProcess() {
    if (!Files.isDirectory(Path.of("/proc/self/fd"))) {
      System.err.println("SKIPPED: no /proc on this system");
    }
    assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "no /proc on this system");
    Usage usage = Usage.of(List.of(ProcessHandle.current()));
    assertTrue(usage.cpuMicros() > 0, usage.toString());
    assertTrue(usage.residentKib() > 1_000, usage.toString());
    assertTrue(usage.threads() > 1, usage.toString());
    assertTrue(usage.descriptors() > 1, usage.toString());
  }

  @Test
  void isBoundedByTheDescriptorsThatMayBeOpen() {
    String limits =
        """
        Limit                     Soft Limit           Hard Limit           Units
        Max processes             95000                95000                processes
        Max open files            20000                1048576              files
        """;
    assertEquals(20_000, Idling.openFiles(limits));
    assertEquals(Long.MAX_VALUE, Idling.openFiles("Max open files  unlimited  unlimited  files"));
  }
}
