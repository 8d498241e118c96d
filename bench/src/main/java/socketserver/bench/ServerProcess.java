package socketserver.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import socketserver.bench.load.Target;

/**
 * A server that runs in a process of its own until this is closed.
 *
 * @param process the server's, whose children are taken to be the server's as well
 * @param target where it listens
 * @param errors a file of what it has complained about
 */
public record ServerProcess(Process process, Target target, Path errors) implements AutoCloseable {
  private static final Pattern PORT =
      Pattern.compile("(?:port|localhost|127\\.0\\.0\\.1)[ :]+([0-9]{1,5})");
  private static final long START_SECONDS = 60;
  private static final long FAREWELL_SECONDS = 5;

  /**
   * Starts a server and waits until it says where it listens.
   *
   * @throws IOException if it does not; the message has what it complained about
   */
  public static ServerProcess start(List<String> command) throws IOException {
    Path errors = Files.createTempFile("bench", ".err");
    errors.toFile().deleteOnExit();
    Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
    var first = new CompletableFuture<String>();
    Thread reader = new Thread(() -> drain(process.getInputStream(), first), "server-output");
    reader.setDaemon(true);
    reader.start();
    try {
      return new ServerProcess(process, target(first.get(START_SECONDS, TimeUnit.SECONDS)), errors);
    } catch (TimeoutException e) {
      process.destroyForcibly();
      throw new IOException("said nothing in " + START_SECONDS + " s", e);
    } catch (ExecutionException | IllegalArgumentException e) {
      process.destroyForcibly();
      throw new IOException("did not start: " + Complaint.in(errors), e);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while it started", e);
    }
  }

  /** Examples say the port in a sentence. */
  private static Target target(String line) {
    Matcher port = PORT.matcher(line == null ? "" : line);
    return port.find() ? Target.of("port " + port.group(1)) : Target.of(line);
  }

  private static void drain(InputStream output, CompletableFuture<String> first) {
    try (var lines = new BufferedReader(new InputStreamReader(output, StandardCharsets.UTF_8))) {
      first.complete(lines.readLine());
      lines.transferTo(Writer.nullWriter());
    } catch (IOException e) {
      first.completeExceptionally(e);
    }
  }

  /** What the server and its children use. */
  Usage usage() {
    return Usage.of(all());
  }

  private List<ProcessHandle> all() {
    List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
    all.add(process.toHandle());
    return all;
  }

  /** Ends the server in the way that lets it clean up, and waits until its children are gone. */
  @Override
  public void close() {
    List<ProcessHandle> all = all();
    process.destroy();
    for (ProcessHandle handle : all) {
      handle
          .onExit()
          .completeOnTimeout(handle, FAREWELL_SECONDS, TimeUnit.SECONDS)
          .thenAccept(ProcessHandle::destroyForcibly)
          .join();
    }
    process.onExit().join();
  }
}
