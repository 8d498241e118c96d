package socketserver.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import socketserver.bench.report.Machine;

/** The machine that this runs on. */
final class Here {
  private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm z");

  private Here() {}

  static Machine machine(Jdks jdks, Effort effort) {
    return new Machine(
        ZonedDateTime.now().format(DATE),
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        field("/proc/cpuinfo", "model name").orElse(System.getProperty("os.arch")),
        Runtime.getRuntime().availableProcessors(),
        field("/proc/meminfo", "MemTotal")
            .map(memory -> Long.parseLong(memory.replaceAll("\\D", "")) / 1024)
            .orElse(0L),
        runtimes(jdks),
        effort.rounds(),
        effort.measured().toNanos() / 1e9,
        effort.shared());
  }

  private static Optional<String> field(String file, String name) {
    try {
      return Files.readAllLines(Path.of(file)).stream()
          .filter(line -> line.startsWith(name) && line.contains(":"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static List<String> runtimes(Jdks jdks) {
    List<String> runtimes = new ArrayList<>();
    runtimes.add(jdks.base().title());
    if (!jdks.newest().equals(jdks.base())) {
      runtimes.add(jdks.newest().title());
    } else if (jdks.base().feature() < Jdks.VIRTUAL_THREADS) {
      runtimes.add("no JDK of " + Jdks.VIRTUAL_THREADS + " or more");
    }
    runtimes.add(python());
    return runtimes;
  }

  private static String python() {
    try {
      Process process =
          new ProcessBuilder("python3", "--version").redirectErrorStream(true).start();
      process.getOutputStream().close();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return said.isBlank() ? "no python3" : said.strip();
    } catch (IOException e) {
      return "no python3";
    }
  }
}
