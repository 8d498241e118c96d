package socketserver.bench;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The servers that run, each started when it is first asked for. */
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

  /** Whether the server of a contestant runs. */
  boolean has(Contestant contestant, Workload workload) {
    return running.containsKey(commands.of(contestant, workload));
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
    running.values().forEach(ServerProcess::close);
    running.clear();
  }
}
