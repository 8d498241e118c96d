package socketserver.differential;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.net.StandardProtocolFamily;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * One CPython that runs the Python side of all scenarios: commands go to its stdin, what its
 * servers report comes from its stdout (see scenarios.py).
 */
final class PythonProcess implements Closeable {
  /** The interpreter: {@code -Dsocketserver.python=...} names another than the path's. */
  private static final String PYTHON = System.getProperty("socketserver.python", "python3");

  /** Before 3.10 a time-out had another name, and so had the threads. */
  private static final int OLDEST_MINOR = 10;

  private final Gson gson = new Gson();
  private final Process process;
  private final Path script;
  private final Writer commands;
  private final Map<Integer, PythonServer> runs = new ConcurrentHashMap<>();
  private int started;

  private PythonProcess(Process process, Path script) {
    this.process = process;
    this.script = script;
    this.commands =
        new BufferedWriter(
            new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
  }

  /**
   * Starts the interpreter.
   *
   * @throws IOException if there is none, or it is too old; the message says which
   */
  static PythonProcess start() throws IOException {
    Path script = Files.createTempFile("scenarios", ".py");
    try (InputStream source = PythonProcess.class.getResourceAsStream("/python/scenarios.py")) {
      Files.copy(source, script, StandardCopyOption.REPLACE_EXISTING);
    }
    Process process;
    try {
      process =
          new ProcessBuilder(PYTHON, "-u", script.toString())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
    } catch (IOException e) {
      Files.delete(script);
      throw new IOException("no " + PYTHON + " on the path", e);
    }
    PythonProcess python = new PythonProcess(process, script);
    BufferedReader reports =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String first = reports.readLine();
    JsonArray version =
        first == null
            ? null
            : JsonParser.parseString(first).getAsJsonObject().getAsJsonArray("version");
    if (version == null
        || version.get(0).getAsInt() != 3
        || version.get(1).getAsInt() < OLDEST_MINOR) {
      python.close();
      throw new IOException(
          PYTHON + " is " + version + ", and the scenarios need 3." + OLDEST_MINOR + " or newer");
    }
    Thread reading = new Thread(() -> python.read(reports), "python-reports");
    reading.setDaemon(true);
    reading.start();
    return python;
  }

  PythonServer start(Scenario<?, ?> scenario, Sockets sockets) throws Exception {
    int number = ++started;
    PythonServer server = new PythonServer(this, number);
    runs.put(number, server);
    JsonObject command = new JsonObject();
    command.addProperty("command", "start");
    command.addProperty("run", number);
    command.addProperty("source", scenario.python());
    command.addProperty("udp", scenario.udp);
    command.addProperty("unix", sockets.family() == StandardProtocolFamily.UNIX);
    command.addProperty("address", sockets.name(sockets.forServer()));
    command.addProperty("form", scenario.form.name());
    command.add("parameters", scenario.parameters);
    send(command);
    server.awaitStart();
    return server;
  }

  void forget(int number) {
    runs.remove(number);
  }

  synchronized void send(JsonObject command) throws IOException {
    commands.write(gson.toJson(command));
    commands.write('\n');
    commands.flush();
  }

  private void read(BufferedReader reports) {
    try (reports) {
      String line;
      while ((line = reports.readLine()) != null) {
        JsonObject report = JsonParser.parseString(line).getAsJsonObject();
        PythonServer server = runs.get(report.get("run").getAsInt());
        if (server != null) {
          server.reported(report);
        }
      }
    } catch (IOException e) {
      // the process is gone: whoever waits for it says so
    }
  }

  @Override
  public void close() throws IOException {
    try {
      commands.close();
    } catch (IOException e) {
      // it has ended by itself
    }
    process.destroy();
    try {
      process.waitFor(Bound.WAIT.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Files.deleteIfExists(script);
  }
}
