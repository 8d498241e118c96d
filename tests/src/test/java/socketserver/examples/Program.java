package socketserver.examples;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import socketserver.fixture.PlainLogging;
import socketserver.fixture.Strategy;

/** A program in a process of its own, driven by its standard streams. */
final class Program implements AutoCloseable {
  private final Process process;

  /** What it prints. */
  final Output output = new Output();

  /** What it complains about. */
  final Output errors = new Output();

  private Program(ProcessBuilder builder) throws IOException {
    process = builder.start();
    pump(process.getInputStream(), output);
    pump(process.getErrorStream(), errors);
  }

  /** Starts a class's main method in a fresh JVM. */
  static Program java(Class<?> main, String... args) throws IOException {
    return java(main.getName(), args);
  }

  /** Starts a class's main method, or a source file, in a fresh JVM. */
  static Program java(String mainOrSource, String... args) throws IOException {
    return java(List.of(), mainOrSource, args);
  }

  /** The same with folders before the class path. */
  static Program java(List<Path> folders, String mainOrSource, String... args) throws IOException {
    List<String> classPath = new ArrayList<>(folders.stream().map(Path::toString).toList());
    classPath.add(System.getProperty("java.class.path"));
    return javaOn(String.join(File.pathSeparator, classPath), mainOrSource, args);
  }

  /** The same with another class path. */
  static Program javaOn(String classPath, String mainOrSource, String... args) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    if (Runtime.version().feature() >= 24) {
      command.add("--enable-native-access=ALL-UNNAMED");
      command.add("--sun-misc-unsafe-memory-access=allow");
    }
    command.addAll(Strategy.ofThreadingMixIn().options());
    command.add("-XX:TieredStopAtLevel=1");
    command.add("-Dfile.encoding=UTF-8");
    command.add("-Dstdout.encoding=UTF-8");
    command.add("-Dio.netty.leakDetection.level=paranoid");
    command.add("-D" + PlainLogging.ON_STANDARD_ERROR + "=true");
    command.add("-cp");
    command.add(classPath);
    command.add(mainOrSource);
    command.addAll(List.of(args));
    return new Program(new ProcessBuilder(command));
  }

  /** Starts one of the Python originals; the test is skipped where there is no Python. */
  static Program python(String script, String... args) throws IOException {
    Tool.PYTHON.required();
    List<String> command = new ArrayList<>();
    command.add("python3");
    command.add(resource("/python/" + script).toString());
    command.addAll(List.of(args));
    return command(command);
  }

  /** Starts any program. */
  static Program command(List<String> command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("PYTHONIOENCODING", "utf-8");
    builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
    return new Program(builder);
  }

  private static File resource(String name) {
    try {
      return Path.of(Program.class.getResource(name).toURI()).toFile();
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  /** Waits for "... port N" and returns N. */
  int port() {
    output.until(" port ");
    return Integer.parseInt(output.until("\n").strip());
  }

  /** The number of its process. */
  long pid() {
    return process.pid();
  }

  /** Asks it to end, by SIGTERM. */
  void terminate() {
    process.destroy();
  }

  /** Types a line. */
  void type(String line) throws IOException {
    OutputStream in = process.getOutputStream();
    in.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    in.flush();
  }

  /** Says that nothing more will be typed. */
  void endInput() throws IOException {
    process.getOutputStream().close();
  }

  /** Waits for the program's end and returns its status. */
  int status() {
    try {
      if (process.waitFor(Output.LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
        return process.exitValue();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new AssertionError("still running after " + output.text() + errors.text());
  }

  /** Ends the program if it is still running. */
  @Override
  public void close() {
    process.destroyForcibly();
    status();
    // what reads from the process ends with it
    output.rest();
    errors.rest();
    if (errors.text().contains("LEAK")) {
      throw new AssertionError(errors.text());
    }
  }

  private void pump(InputStream from, Output to) {
    Thread pump =
        new Thread(
            () -> {
              try (from;
                  to) {
                from.transferTo(to);
              } catch (IOException e) {
                // the process was ended
              }
            },
            "pump");
    pump.setDaemon(true);
    pump.start();
  }
}
