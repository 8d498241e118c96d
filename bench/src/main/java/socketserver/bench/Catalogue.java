package socketserver.bench;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import socketserver.bench.load.BulkInLoad;
import socketserver.bench.load.BulkOutLoad;
import socketserver.bench.load.ChatLoad;
import socketserver.bench.load.ConnectionLoad;
import socketserver.bench.load.ConnectionLoad.FirstToClose;
import socketserver.bench.load.DatagramLoad;
import socketserver.bench.load.LineLoad;
import socketserver.bench.load.MixLoad;
import socketserver.bench.load.TlsLineLoad;
import socketserver.bench.load.UnixDatagramLoad;

/** The workloads, and who takes part in each. */
record Catalogue(Roster roster, Effort effort) {
  /**
   * What a quick run leaves out, unless it is named: it wants servers that no other does, and has
   * to warm each.
   */
  static final Set<String> NOT_AT_A_GLANCE =
      Set.of(
          "bulk-out",
          "chat",
          "cold",
          "connect-one",
          "diesel-1",
          "diesel-64",
          "diesel-1000",
          "epoll-1",
          "epoll-64",
          "epoll-1000",
          "epoll-pipelined",
          "mix",
          "unix-datagrams");

  private static final Duration COLD = Duration.ofSeconds(2);
  private static final int CONNECTIONS = 64;
  private static final int SHORT = 60;
  private static final int LONG = 4;
  private static final int PIPELINED = 16;
  private static final int CLIENTS = 16;
  private static final int SOCKETS = 16;

  List<Workload> workloads() {
    return Stream.of(
            lines(),
            cold(),
            chat(),
            mix(),
            epoll(),
            diesel(),
            connect(),
            bulk(),
            datagrams(),
            unix(),
            others(),
            redis())
        .flatMap(List::stream)
        .toList();
  }

  private List<Workload> lines() {
    return List.of(
        lines("lines-1", 1, 1, roster.oneConnection()),
        lines("lines-64", CONNECTIONS, 1, roster.lines()),
        lines("lines-1000", 1_000, 1, roster.manyLines()),
        lines("pipelined-64", CONNECTIONS, PIPELINED, roster.lines()));
  }

  private List<Workload> cold() {
    return List.of(
        new Workload(
            "cold",
            "the first %d seconds of a process, %s"
                .formatted(COLD.toSeconds(), title(CONNECTIONS, 1)),
            "lines",
            CONNECTIONS,
            new Cold(driven(target -> new LineLoad(target, CONNECTIONS, 1)), COLD),
            roster.cold()));
  }

  private List<Workload> chat() {
    return List.of(
        new Workload(
            "chat",
            "a chat of 64 clients: each line of one goes to all",
            "chat",
            CONNECTIONS,
            driven(target -> new ChatLoad(target, CONNECTIONS)),
            roster.chat()));
  }

  private List<Workload> mix() {
    return List.of(
        new Workload(
                "mix",
                title(SHORT, 1) + "; beside %d whose lines take 20 ms of computing".formatted(LONG),
                "mix",
                SHORT + LONG,
                driven(target -> new MixLoad(target, SHORT, LONG)),
                roster.mix())
            .with(List.of(Commands.OPEN)));
  }

  private List<Workload> diesel() {
    return Stream.of(1, CONNECTIONS, 1_000).map(this::diesel).toList();
  }

  private Workload diesel(int connections) {
    return new Workload(
        "diesel-" + connections,
        "Diesel, " + title(connections, 1),
        "lines",
        connections,
        driven(target -> new LineLoad(target, connections, 1)),
        roster.diesel());
  }

  private Workload lines(String name, int connections, int depth, List<Contestant> contestants) {
    return new Workload(
        name,
        title(connections, depth),
        "lines",
        connections,
        driven(target -> new LineLoad(target, connections, depth)),
        contestants);
  }

  private List<Workload> epoll() {
    return List.of(
        epoll("epoll-1", 1, 1),
        epoll("epoll-64", CONNECTIONS, 1),
        epoll("epoll-1000", 1_000, 1),
        epoll("epoll-pipelined", CONNECTIONS, PIPELINED));
  }

  private Workload epoll(String name, int connections, int depth) {
    return new Workload(
        name,
        "a loop on epoll, " + title(connections, depth),
        "lines",
        connections,
        driven(target -> new LineLoad(target, connections, depth)),
        roster.epoll());
  }

  private static String title(int connections, int depth) {
    String lines = depth == 1 ? "a line of 64 bytes at a time" : depth + " lines at a time";
    return connections == 1
        ? "one connection, " + lines
        : "%,d connections, %s".formatted(connections, lines);
  }

  private List<Workload> connect() {
    return List.of(
        new Workload(
            "connect",
            "a connection for each request, 16 clients, which close",
            "lines",
            CLIENTS,
            driven(target -> new ConnectionLoad(target, CLIENTS, FirstToClose.CLIENT)),
            roster.connect()),
        new Workload(
            "connect-one",
            "a connection for each request, 16 clients; the server closes",
            "line",
            CLIENTS,
            driven(target -> new ConnectionLoad(target, CLIENTS, FirstToClose.SERVER)),
            roster.connect()));
  }

  private List<Workload> bulk() {
    long bytes = effort.bulkBytes();
    String size = "%,d MiB".formatted(bytes >> 20);
    return List.of(
        new Workload(
                "bulk-in",
                size + " to the server",
                "sink",
                1,
                driven(target -> new BulkInLoad(target, bytes)),
                roster.bulk())
            .countedInMib(),
        new Workload(
                "bulk-out",
                size + " from the server",
                "source",
                1,
                driven(target -> new BulkOutLoad(target, bytes)),
                roster.bulk())
            .countedInMib());
  }

  private List<Workload> datagrams() {
    return List.of(
        new Workload(
            "udp",
            "UDP, 16 sockets, a datagram at a time",
            "datagrams",
            SOCKETS,
            driven(target -> new DatagramLoad(target, SOCKETS)),
            roster.datagrams()));
  }

  private List<Workload> unix() {
    return List.of(
        new Workload(
            "unix-lines-64",
            "Unix sockets, " + title(CONNECTIONS, 1),
            "unix-lines",
            CONNECTIONS,
            driven(target -> new LineLoad(target, CONNECTIONS, 1)),
            roster.unix()),
        new Workload(
            "unix-pipelined",
            "Unix sockets, " + title(CONNECTIONS, PIPELINED),
            "unix-lines",
            CONNECTIONS,
            driven(target -> new LineLoad(target, CONNECTIONS, PIPELINED)),
            roster.unix()),
        new Workload(
            "unix-datagrams",
            "Unix datagrams, 16 sockets, one at a time",
            "unix-datagrams",
            SOCKETS,
            driven(target -> new UnixDatagramLoad(target, SOCKETS)),
            roster.unixDatagrams()));
  }

  private List<Workload> others() {
    return List.of(
        new Workload(
                "idle",
                "%,d idle connections, one busy".formatted(effort.idle()),
                "lines",
                effort.idle(),
                new Idling(effort),
                roster.idle())
            .with(Idling.FLAGS),
        new Workload(
            "tls-64",
            "TLS, " + title(CONNECTIONS, 1),
            "tls-lines",
            CONNECTIONS,
            driven(target -> new TlsLineLoad(target, CONNECTIONS, 1)),
            roster.tls()));
  }

  /** Only where the tool that drives it is on the path. */
  private List<Workload> redis() {
    if (!RedisLoad.isThere()) {
      return List.of();
    }
    return Stream.of(1, PIPELINED).map(this::redis).toList();
  }

  private Workload redis(int depth) {
    return new Workload(
        "redis-" + depth,
        "redis-benchmark, SET and GET, 50 connections" + (depth == 1 ? "" : ", " + depth + " deep"),
        Commands.REDIS,
        RedisLoad.CONNECTIONS,
        driven(target -> new RedisLoad(target, depth)),
        roster.redis());
  }

  /** The user's own handler, on each of some strategies. */
  Workload own(String handler, List<String> strategies, int connections, int depth) {
    return new Workload(
            "handler",
            handler + ", " + title(connections, depth),
            "lines",
            connections,
            driven(target -> new LineLoad(target, connections, depth)),
            roster.own(strategies))
        .by(handler);
  }

  private Driving driven(Driving.Opener opener) {
    return new Driving(opener, effort);
  }
}
