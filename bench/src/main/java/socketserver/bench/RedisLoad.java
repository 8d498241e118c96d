package socketserver.bench;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import socketserver.bench.load.Count;
import socketserver.bench.load.Load;
import socketserver.bench.load.Target;

/**
 * The load of {@code redis-benchmark}, of SET and GET. It counts whole runs of so many requests:
 * how many the time asked for has room for is known from the run before.
 */
final class RedisLoad implements Load {
  static final String TOOL = "redis-benchmark";
  static final int CONNECTIONS = 50;
  private static final int FIRST = 5_000;
  private static final int MOST = 5_000_000;
  private static final long LIMIT_SECONDS = 120;

  private final Target target;
  private final int depth;
  private double perSecond;

  /**
   * A load that has not begun.
   *
   * @param target the server
   * @param depth how many requests are sent at once
   */
  RedisLoad(Target target, int depth) {
    this.target = target;
    this.depth = depth;
  }

  /** Whether the tool is on the path. */
  static boolean isThere() {
    String path = System.getenv().getOrDefault("PATH", "");
    for (String folder : path.split(File.pathSeparator)) {
      if (!folder.isEmpty() && Files.isExecutable(Path.of(folder, TOOL))) {
        return true;
      }
    }
    return false;
  }

  @Override
  public Count run(Duration time) throws IOException {
    double seconds = time.toNanos() / 1e9;
    // the time is for two tests
    long requests = perSecond == 0 ? FIRST : Math.max(FIRST, Math.round(perSecond * seconds / 2));
    requests = Math.min(requests, MOST);
    List<Double> rates = rates(run(requests));
    double nanos = 0;
    for (double rate : rates) {
      nanos += requests / rate * 1e9;
    }
    long answered = requests * rates.size();
    perSecond = answered / nanos * 1e9;
    return new Count(answered, 0, Math.round(nanos), new Histogram(1));
  }

  private String run(long requests) throws IOException {
    List<String> command = new ArrayList<>(List.of(TOOL, "-p", String.valueOf(target.port())));
    command.addAll(List.of("-c", String.valueOf(CONNECTIONS), "-P", String.valueOf(depth)));
    command.addAll(List.of("-n", String.valueOf(requests), "-t", "set,get", "--csv"));
    Path said = Files.createTempFile("bench", ".csv");
    try {
      Process tool =
          new ProcessBuilder(command)
              .redirectOutput(said.toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!tool.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        tool.destroyForcibly();
        throw new IOException(TOOL + " did not end in " + LIMIT_SECONDS + " s");
      }
      if (tool.exitValue() != 0) {
        throw new IOException(TOOL + " ended with status " + tool.exitValue());
      }
      return Files.readString(said, StandardCharsets.UTF_8);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      Files.delete(said);
    }
  }

  /** The second of each line's quoted words, but for the first line. */
  static List<Double> rates(String csv) throws IOException {
    try {
      List<Double> rates =
          csv.lines()
              .skip(1)
              .filter(line -> line.startsWith("\""))
              .map(line -> Double.parseDouble(line.split("\"")[3]))
              .toList();
      if (!rates.isEmpty()) {
        return rates;
      }
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
      // said below
    }
    throw new IOException(TOOL + " said: " + csv.strip());
  }

  @Override
  public void close() {
    // each run has its own connections
  }
}
