package socketserver.bench;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Compares servers that handle each request in a process: how long one request takes when a child
 * waits for it, how many they answer in a second, and what a child that waits takes of memory.
 */
final class Forking {
  private static final int REQUESTS = 4;
  private static final int CLIENTS = 4;
  private static final Duration WARM_UP = Duration.ofMillis(2000);
  private static final Duration RUN_UP = Duration.ofMillis(500);
  private static final Duration MEASURED = Duration.ofMillis(1000);
  private static final String PYTHON = "CPython ForkingTCPServer";

  private Forking() {}

  static void run(int rounds) throws IOException, InterruptedException {
    String jars = JarPath.of(System.getProperty("java.class.path"));
    Contestant alone = java("a request a child", jars, 1);
    Contestant hundred = java("100 requests a child", jars, 100);
    Contestant unlimited = java("requests without limit", jars, 0);
    Contestant python = Contestant.python(PYTHON, "forking.py");
    System.out.printf("Java %s, %d rounds%n", Runtime.version(), rounds);
    one(alone, python, rounds);
    sustained(List.of(alone, hundred, unlimited, python), rounds);
  }

  private static Contestant java(String name, String jars, int requests) {
    return Contestant.java(
        "ForkingTCPServer, " + name, jars, ForkingEchoServer.class, String.valueOf(requests));
  }

  /** One request at a time, and the memory between them. */
  private static void one(Contestant java, Contestant python, int rounds)
      throws IOException, InterruptedException {
    Table latency = new Table("One request, with all servers at rest before it", " ms", 2);
    List<Table> memory =
        List.of(
            new Table("Memory, resident", " MiB", 1),
            new Table("Memory, a page of n processes counted as an nth", " MiB", 1),
            new Table("Memory, pages of no other process", " MiB", 1));
    try (Running ours = java.start();
        Running peer = python.start()) {
      List<Running> both = List.of(ours, peer);
      for (Running server : both) {
        SustainedLoad.perSecond(server.port(), CLIENTS, Duration.ZERO, WARM_UP);
      }
      for (int round = 1; round <= rounds; round++) {
        Progress.show("one request", round, rounds, "in turns");
        for (int i = 0; i < REQUESTS; i++) {
          latency.add(java.name(), PYTHON, millis(ours, both));
          latency.add(PYTHON, PYTHON, millis(peer, both));
        }
        weigh(memory, ours, peer);
      }
    }
    latency.print();
    memory.forEach(Table::print);
  }

  private static double millis(Running server, List<Running> all)
      throws IOException, InterruptedException {
    Rest.await(all);
    long begin = System.nanoTime();
    new Client(server.port()).ask();
    return (System.nanoTime() - begin) / 1e6;
  }

  private static void weigh(List<Table> tables, Running ours, Running peer)
      throws IOException, InterruptedException {
    List<Running> both = List.of(ours, peer);
    Rest.await(both);
    // a child of Python's waits for nothing but its client
    try (Socket silent = new Client(peer.port()).connect()) {
      Rest.await(both);
      add(tables, "socketserver, spare child", "CPython, child", child(ours));
      add(tables, "CPython, child", "CPython, child", child(peer));
      add(tables, "socketserver, parent", "CPython, parent", ours.process().toHandle());
      add(tables, "CPython, parent", "CPython, parent", peer.process().toHandle());
      silent.shutdownOutput();
    }
  }

  /** The one that was started last: others may be about to end. */
  private static ProcessHandle child(Running server) throws IOException {
    return server
        .process()
        .children()
        .max(Comparator.comparing(child -> child.info().startInstant().orElse(Instant.EPOCH)))
        .orElseThrow(() -> new IOException("the server has no child that waits"));
  }

  private static void add(List<Table> tables, String name, String peer, ProcessHandle process)
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
  private static void sustained(List<Contestant> contestants, int rounds)
      throws IOException, InterruptedException {
    String title = CLIENTS + " clients, a connection for each request";
    Table table = new Table(title, "/s", 1);
    Map<Contestant, Running> servers = new LinkedHashMap<>();
    try {
      for (Contestant contestant : contestants) {
        Progress.show(title, 0, rounds, contestant.name());
        Running server = contestant.start();
        servers.put(contestant, server);
        SustainedLoad.perSecond(server.port(), CLIENTS, Duration.ZERO, WARM_UP);
      }
      for (int round = 1; round <= rounds; round++) {
        for (Contestant contestant : contestants) {
          Progress.show(title, round, rounds, contestant.name());
          Rest.await(List.copyOf(servers.values()));
          int port = servers.get(contestant).port();
          table.add(
              contestant.name(), PYTHON, SustainedLoad.perSecond(port, CLIENTS, RUN_UP, MEASURED));
        }
      }
    } finally {
      servers.values().forEach(Running::close);
    }
    table.print();
  }
}
