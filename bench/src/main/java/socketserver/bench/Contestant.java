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
  /** A server in Java, which prints {@code port N} when it serves. */
  static Contestant java(String name, String classPath, Class<?> server, String... arguments) {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    List<String> command = new ArrayList<>(List.of(java));
    if (Runtime.version().feature() >= 24) {
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    command.addAll(List.of("-cp", classPath, server.getName()));
    command.addAll(List.of(arguments));
    return new Contestant(name, command);
  }

  /** A server in Python, whose script is written to a file that ends with this process. */
  static Contestant python(String name, String resource) throws IOException {
    Path script = Files.createTempFile("bench", ".py");
    script.toFile().deleteOnExit();
    try (InputStream source = Contestant.class.getResourceAsStream(resource)) {
      Files.write(script, source.readAllBytes());
    }
    return new Contestant(name, List.of("python3", script.toString()));
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
}
