package socketserver.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

/** The servers that run, each started when it is first asked for, or together with others. */
final class Servers implements AutoCloseable {
  private final Commands commands;

  // by its command: what is started in the same way can serve again
  private final Map<List<String>, ServerProcess> running = new LinkedHashMap<>();
  private final Map<List<String>, IOException> failed = new LinkedHashMap<>();

  Servers(Commands commands) {
    this.commands = commands;
  }

  /**
   * The server of a contestant.
   *
   * @throws IOException if it does not start, now or before
   */
  ServerProcess of(Contestant contestant, Workload workload) throws IOException {
    List<String> command = commands.of(contestant, workload);
    ServerProcess server = running.get(command);
    if (server != null) {
      return server;
    }
    if (failed.containsKey(command)) {
      throw failed.get(command);
    }
    try {
      server = ServerProcess.start(command);
    } catch (IOException e) {
      failed.put(command, e);
      throw e;
    }
    running.put(command, server);
    return server;
  }

  /**
   * Starts the servers of a workload that do not run yet, as many at a time as there are cores.
   * Those that do not start tell why when they are asked for.
   */
  void startTogether(Workload workload) throws InterruptedException {
    List<List<String>> missing =
        workload.contestants().stream()
            .filter(contestant -> contestant.obstacle().isEmpty())
            .map(contestant -> commands.of(contestant, workload))
            .filter(command -> !running.containsKey(command) && !failed.containsKey(command))
            .toList();
    int cores = Runtime.getRuntime().availableProcessors();
    ExecutorService threads = Executors.newFixedThreadPool(cores);
    try {
      List<Callable<ServerProcess>> starts = new ArrayList<>();
      missing.forEach(command -> starts.add(() -> ServerProcess.start(command)));
      List<Future<ServerProcess>> started = threads.invokeAll(starts);
      for (int i = 0; i < started.size(); i++) {
        try {
          running.put(missing.get(i), started.get(i).get());
        } catch (ExecutionException e) {
          failed.put(missing.get(i), new IOException(e.getCause().getMessage(), e));
        }
      }
    } finally {
      threads.shutdown();
    }
  }

  /** Ends the servers that none of some workloads needs. */
  void endAllBut(List<Workload> workloads) {
    Set<List<String>> needed =
        workloads.stream()
            .flatMap(
                workload -> workload.contestants().stream().map(one -> commands.of(one, workload)))
            .collect(Collectors.toSet());
    List<ServerProcess> others =
        running.entrySet().stream()
            .filter(entry -> !needed.contains(entry.getKey()))
            .map(Map.Entry::getValue)
            .toList();
    running.values().removeAll(others);
    others.parallelStream().forEach(ServerProcess::close);
  }

  /** Ends the server of a contestant, if it runs. */
  void end(Contestant contestant, Workload workload) {
    ServerProcess server = running.remove(commands.of(contestant, workload));
    if (server != null) {
      server.close();
    }
  }

  @Override
  public void close() {
    endAllBut(List.of());
  }
}
