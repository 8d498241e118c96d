package socketserver.bench.server;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import socketserver.bench.load.Target;

/** A server in a process of its own, whose temporary files are in a folder of the test's. */
final class ServerProcess implements AutoCloseable {
  private static final int LIMIT_SECONDS = 60;

  private final Process process;
  private final Path errors;
  private final BufferedReader out;

  private ServerProcess(ProcessBuilder command, Path temp) throws IOException {
    errors = temp.resolve("errors");
    command.environment().put("TMPDIR", temp.toString());
    process = command.redirectError(errors.toFile()).start();
    out = process.inputReader(StandardCharsets.UTF_8);
  }

  static ServerProcess java(Class<?> main, Path temp, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // it lives for a moment
    command.add("-XX:TieredStopAtLevel=1");
    command.add("-XX:+UseSerialGC");
    command.add("-Djava.io.tmpdir=" + temp);
    if (Runtime.version().feature() >= 24) {
      command.add("--enable-native-access=ALL-UNNAMED");
      command.add("--sun-misc-unsafe-memory-access=allow");
      command.add("--add-opens=java.base/java.lang=ALL-UNNAMED");
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    return new ServerProcess(new ProcessBuilder(command), temp);
  }

  static ServerProcess python(Path temp, String... arguments) throws IOException {
    Path script = temp.resolve("serve.py");
    try (InputStream source = Serve.class.getResourceAsStream("serve.py")) {
      Files.write(script, source.readAllBytes());
    }
    List<String> command = new ArrayList<>(List.of("python3", script.toString()));
    command.addAll(List.of(arguments));
    return new ServerProcess(new ProcessBuilder(command), temp);
  }

  /** Where it is, or the next of them if they are several, as it says. */
  Target target() throws Exception {
    String line =
        CompletableFuture.supplyAsync(
                () -> {
                  try {
                    return out.readLine();
                  } catch (IOException e) {
                    return e.toString();
                  }
                })
            .get(LIMIT_SECONDS, TimeUnit.SECONDS);
    assertTrue(line != null, () -> "nothing but " + errors());
    return Target.of(line);
  }

  /** Lets go of it, and waits for its end. */
  int end() throws Exception {
    process.getOutputStream().close();
    assertTrue(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS), "it goes on without its input");
    return process.exitValue();
  }

  /** What it complained of. */
  String errors() {
    try {
      return Files.readString(errors);
    } catch (IOException e) {
      return e.toString();
    }
  }

  Process process() {
    return process;
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
