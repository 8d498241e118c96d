package socketserver.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A server that runs in a process of its own until this is closed.
 *
 * @param process the server's, whose children are taken to be the server's as well
 * @param port where it listens
 */
record Running(Process process, int port) implements AutoCloseable {
  private static final long FAREWELL_SECONDS = 5;

  /** The processor time that the server has used, in microseconds; -1 where it is not told. */
  long cpuMicros() {
    return process.info().totalCpuDuration().map(time -> time.toNanos() / 1000).orElse(-1L);
  }

  /** The processor time of the server and of the children that it has now. */
  Duration cpuOfAll() {
    return all().stream()
        .map(handle -> handle.info().totalCpuDuration().orElse(Duration.ZERO))
        .reduce(Duration.ZERO, Duration::plus);
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
