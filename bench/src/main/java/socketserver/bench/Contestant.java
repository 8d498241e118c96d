package socketserver.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A server to be measured.
 *
 * @param name its name in the report
 * @param command the command that starts it
 */
record Contestant(String name, List<String> command) {
  static Contestant java(String name, String kind) {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    List<String> command = new ArrayList<>(List.of(java));
    if (Runtime.version().feature() >= 24) {
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(EchoServer.class.getName(), kind));
    return new Contestant(name, command);
  }

  static Contestant python(String name, Path script) {
    return new Contestant(name, List.of("python3", script.toString()));
  }

  /** Writes CPython's server to a file that ends with this process. */
  static Path pythonScript() throws IOException {
    Path script = Files.createTempFile("echo", ".py");
    script.toFile().deleteOnExit();
    try (InputStream source = Contestant.class.getResourceAsStream("echo.py")) {
      Files.write(script, source.readAllBytes());
    }
    return script;
  }

  /** Starts the server and waits for its port. */
  Running start() throws IOException {
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
    String line = out.readLine();
    if (line == null || !line.startsWith("port ")) {
      process.destroyForcibly();
      throw new IOException(name + " did not start: " + line);
    }
    return new Running(process, Integer.parseInt(line.substring(5).trim()));
  }

  /** A server that runs in a process of its own until this is closed. */
  record Running(Process process, int port) implements AutoCloseable {
    /** The processor time that the server has used, in microseconds; -1 where it is not told. */
    long cpuMicros() {
      return process.info().totalCpuDuration().map(time -> time.toNanos() / 1000).orElse(-1L);
    }

    @Override
    public void close() {
      process.destroyForcibly();
      process.onExit().join();
    }
  }
}
