package socketserver.bench.forking;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import socketserver.bench.Progress;
import socketserver.bench.Rest;
import socketserver.bench.Scripts;
import socketserver.bench.ServerProcess;
import socketserver.bench.report.Table;

/**
 * Compares servers that handle each request in a process: how long one request takes when a child
 * waits for it, how many they answer in a second, and what a child that waits takes of memory.
 */
public final class Forking {
  private static final int CLIENTS = 4;
  private static final Duration LOOK = Duration.ofMillis(100);
  private static final String PYTHON = "CPython ForkingTCPServer";

  private final Function<List<String>, List<String>> java;
  private final Progress progress;

  /**
   * The comparison.
   *
   * @param java the command that runs a class with its arguments
   * @param progress shows what is being done
   */
  public Forking(Function<List<String>, List<String>> java, Progress progress) {
    this.java = java;
    this.progress = progress;
  }

  /**
   * How much is asked for.
   *
   * @param rounds how often each server has its turn
   * @param requests in a round, one at a time
   * @param warmUp how long each is driven before
   * @param runUp how long in each round before the sustained load is measured
   * @param measured how long it is measured: less than children wait that have nothing to do
   */
  public record Pace(
      int rounds, int requests, Duration warmUp, Duration runUp, Duration measured) {}

  private record Server(String name, List<String> command) {
    ServerProcess start() throws IOException {
      try {
        return ServerProcess.start(command);
      } catch (IOException e) {
        throw new IOException(name + " " + e.getMessage(), e);
      }
    }
  }

  /** How many steps of progress some rounds are. */
  public static int steps(int rounds) {
    return rounds + 4 * (rounds + 1);
  }

  /**
   * Measures.
   *
   * @param pace how often and how long
   * @return what it found
   * @throws IOException if a server does not start or fails a client
   * @throws InterruptedException if the thread is interrupted
   */
  public List<Table> run(Pace pace) throws IOException, InterruptedException {
    Server alone = java("a request a child", 1);
    Server hundred = java("100 requests a child", 100);
    Server unlimited = java("requests without limit", 0);
    Path script = Scripts.write("/socketserver/bench/forking/forking.py");
    Server python = new Server(PYTHON, List.of("python3", script.toString()));
    List<Table> one = one(alone, python, pace);
    Table sustained = sustained(List.of(alone, hundred, unlimited, python), pace);
    return Stream.concat(one.stream(), Stream.of(sustained)).toList();
  }

  private Server java(String name, int requests) {
    String main = ForkingEchoServer.class.getName();
    return new Server(
        "ForkingTCPServer, " + name, java.apply(List.of(main, String.valueOf(requests))));
  }

  /** One request at a time, and the memory between them. */
  private List<Table> one(Server java, Server python, Pace pace)
      throws IOException, InterruptedException {
    var latency = new Table.Builder("One request, with all servers at rest before it", "ms");
    List<Table.Builder> memory =
        List.of(
            new Table.Builder("Memory, resident", "MiB"),
            new Table.Builder("Memory, a page of n processes counted as an nth", "MiB"),
            new Table.Builder("Memory, pages of no other process", "MiB"));
    try (ServerProcess ours = java.start();
        ServerProcess peer = python.start()) {
      List<ServerProcess> both = List.of(ours, peer);
      for (ServerProcess server : both) {
        SustainedLoad.perSecond(server.target().port(), CLIENTS, Duration.ZERO, pace.warmUp());
      }
      for (int round = 1; round <= pace.rounds(); round++) {
        progress.next(
            "forking: one request, round %d of %d".formatted(round, pace.rounds()), "in turns");
        for (int i = 0; i < pace.requests(); i++) {
          latency.add(java.name(), PYTHON, millis(ours, both));
          latency.add(PYTHON, PYTHON, millis(peer, both));
        }
        weigh(memory, ours, peer);
      }
    }
    return Stream.concat(Stream.of(latency), memory.stream()).map(Table.Builder::table).toList();
  }

  private static double millis(ServerProcess server, List<ServerProcess> all)
      throws IOException, InterruptedException {
    Rest.await(all, LOOK);
    long begin = System.nanoTime();
    new Client(server.target().port()).ask();
    return (System.nanoTime() - begin) / 1e6;
  }

  private static void weigh(List<Table.Builder> tables, ServerProcess ours, ServerProcess peer)
      throws IOException, InterruptedException {
    List<ServerProcess> both = List.of(ours, peer);
    Rest.await(both, LOOK);
    // a child of Python's waits for nothing but its client
    try (Socket silent = new Client(peer.target().port()).connect()) {
      Rest.await(both, LOOK);
      add(tables, "socketserver, spare child", "CPython, child", child(ours));
      add(tables, "CPython, child", "CPython, child", child(peer));
      add(tables, "socketserver, parent", "CPython, parent", ours.process().toHandle());
      add(tables, "CPython, parent", "CPython, parent", peer.process().toHandle());
      silent.shutdownOutput();
    }
  }

  /** The one that was started last: others may be about to end. */
  private static ProcessHandle child(ServerProcess server) throws IOException {
    return server
        .process()
        .children()
        .max(Comparator.comparing(child -> child.info().startInstant().orElse(Instant.EPOCH)))
        .orElseThrow(() -> new IOException("the server has no child that waits"));
  }

  private static void add(
      List<Table.Builder> tables, String name, String peer, ProcessHandle process)
      throws IOException {
    Memory memory = Memory.of(process);
    tables.get(0).add(name, peer, memory.resident());
    tables.get(1).add(name, peer, memory.proportional());
    tables.get(2).add(name, peer, memory.own());
  }

  /**
   * The servers stay from round to round, as their first seconds are not what is asked for; and a
   * round is short, as children that have nothing to do for ten seconds leave.
   */
  private Table sustained(List<Server> servers, Pace pace)
      throws IOException, InterruptedException {
    String title = CLIENTS + " clients, a connection for each request";
    var table = new Table.Builder(title, "/s");
    Map<Server, ServerProcess> running = new LinkedHashMap<>();
    try {
      for (Server server : servers) {
        progress.next("forking: warm-up", server.name());
        ServerProcess process = server.start();
        running.put(server, process);
        SustainedLoad.perSecond(process.target().port(), CLIENTS, Duration.ZERO, pace.warmUp());
      }
      for (int round = 1; round <= pace.rounds(); round++) {
        for (Server server : servers) {
          progress.next("forking: round %d of %d".formatted(round, pace.rounds()), server.name());
          Rest.await(running.values(), LOOK);
          int port = running.get(server).target().port();
          table.add(
              server.name(),
              PYTHON,
              SustainedLoad.perSecond(port, CLIENTS, pace.runUp(), pace.measured()));
        }
      }
    } finally {
      running.values().parallelStream().forEach(ServerProcess::close);
    }
    return table.table();
  }
}
