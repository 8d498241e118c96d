package socketserver.bench.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import socketserver.StreamRequestHandler;
import socketserver.bench.load.BulkInLoad;
import socketserver.bench.load.BulkOutLoad;
import socketserver.bench.load.ChatLoad;
import socketserver.bench.load.ConnectionLoad;
import socketserver.bench.load.ConnectionLoad.FirstToClose;
import socketserver.bench.load.Count;
import socketserver.bench.load.DatagramLoad;
import socketserver.bench.load.IdleLoad;
import socketserver.bench.load.LineLoad;
import socketserver.bench.load.Load;
import socketserver.bench.load.MixLoad;
import socketserver.bench.load.Target;
import socketserver.bench.load.TlsLineLoad;
import socketserver.bench.load.UnixDatagramLoad;

/** Every server that there is, in a process of its own, under a short load of its protocol. */
class ServersTest {
  private static final Duration SHORT = Duration.ofMillis(5);
  private static final long BULK = (1 << 20) + 1;
  private static final int UNUSABLE = 2;

  private static final Set<String> NEED_VIRTUAL_THREADS = Set.of("virtual", "eventloop");
  private static final boolean VIRTUAL_THREADS = Runtime.version().feature() >= 21;

  @TempDir private Path temp;

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("inJava")
  void answerTheirLoadsAndLeaveNothing(String peer, String strategy, List<String> protocols)
      throws Exception {
    try (ServerProcess servers =
        ServerProcess.java(ServeAll.class, temp, peer, strategy, String.join(" ", protocols))) {
      List<Target> targets = new ArrayList<>();
      for (String protocol : protocols) {
        targets.add(servers.target());
        answersItsLoad(servers, targets.get(targets.size() - 1), strategy, protocol);
      }
      assertEquals(0, servers.end(), servers::errors);
      targets.forEach(ServersTest::assertLeavesNoSocket);
    }
  }

  static Stream<Arguments> inJava() {
    return Serve.PEERS.stream()
        .flatMap(
            peer ->
                peer.servers().entrySet().stream()
                    .filter(entry -> VIRTUAL_THREADS || !needsThem(peer.name(), entry.getKey()))
                    .map(entry -> Arguments.of(peer.name(), entry.getKey(), entry.getValue())));
  }

  private static boolean needsThem(String peer, String strategy) {
    return !peer.equals("netty") && NEED_VIRTUAL_THREADS.contains(strategy);
  }

  @ParameterizedTest(name = "python {0} {1}")
  @MethodSource("inPython")
  void answersItsLoadInPythonAndLeavesNothing(String strategy, String protocol) throws Exception {
    assumePython();
    try (ServerProcess server = ServerProcess.python(temp, strategy, protocol)) {
      Target target = server.target();
      answersItsLoad(server, target, strategy, protocol);
      assertEquals(0, server.end(), server::errors);
      assertLeavesNoSocket(target);
    }
  }

  static Stream<Arguments> inPython() {
    return Stream.of("sync", "threading", "forking")
        .flatMap(
            strategy ->
                Stream.of(
                        "lines",
                        "line",
                        "sink",
                        "source",
                        "datagrams",
                        "unix-lines",
                        "unix-datagrams")
                    .map(protocol -> Arguments.of(strategy, protocol)));
  }

  private static void answersItsLoad(
      ServerProcess server, Target target, String strategy, String protocol) {
    boolean alone = strategy.equals("sync");
    try {
      try (Load load = load(target, protocol, alone ? 1 : 3)) {
        assertAnswers(load, server);
      }
      if (protocol.equals("lines")) {
        try (Load load = new ConnectionLoad(target, 2, FirstToClose.CLIENT)) {
          assertAnswers(load, server);
        }
      }
    } catch (IOException e) {
      throw new AssertionError(protocol + ": " + e.getMessage() + "\n" + server.errors(), e);
    }
  }

  private static Load load(Target target, String protocol, int clients) throws IOException {
    return switch (protocol) {
      case "lines", "unix-lines" -> new LineLoad(target, clients, 2);
      case "line" -> new ConnectionLoad(target, 2, FirstToClose.SERVER);
      case "mix" -> new MixLoad(target, clients, clients - 1);
      case "chat" -> new ChatLoad(target, clients);
      case "tls-lines" -> new TlsLineLoad(target, clients, 2);
      case "sink" -> new BulkInLoad(target, BULK);
      case "source" -> new BulkOutLoad(target, BULK);
      case "datagrams" -> new DatagramLoad(target, clients);
      case "unix-datagrams" -> new UnixDatagramLoad(target, clients);
      default -> throw new IllegalArgumentException(protocol);
    };
  }

  /**
   * Runs it for longer and longer until there is an answer, which its own limit bounds: a server
   * may be slow to begin, and a machine busy.
   */
  private static void assertAnswers(Load load, ServerProcess server) throws IOException {
    Duration time = SHORT;
    Count count = load.run(time);
    for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        count.requests() == 0 && System.nanoTime() < end; ) {
      time = time.multipliedBy(2);
      count = load.run(time);
    }
    assertTrue(count.requests() > 0, server::errors);
    assertTrue(count.nanos() > 0);
  }

  private static void assertLeavesNoSocket(Target target) {
    if (target.path() != null) {
      assertFalse(Files.exists(Path.of(target.path()).getParent()), target.path());
    }
  }

  @Test
  void servesWithTheHandlerThatIsNamed() throws Exception {
    String handler = Twice.class.getName();
    try (ServerProcess server =
        ServerProcess.java(Serve.class, temp, "socketserver", "threading", "source", handler)) {
      try (Load load = new BulkOutLoad(server.target(), Twice.LENGTH)) {
        assertEquals(Twice.LENGTH, load.run(Duration.ZERO).bytes());
      }
      assertEquals(0, server.end(), server::errors);
    }
  }

  /** Answers the eight bytes of a count with themselves, twice. */
  static final class Twice extends StreamRequestHandler {
    static final int LENGTH = 16;

    @Override
    public void handle() throws IOException {
      byte[] count = rfile.readNBytes(LENGTH / 2);
      wfile.write(count);
      wfile.write(count);
    }
  }

  @Test
  void endsWhenItIsToldTo() throws Exception {
    try (ServerProcess server =
        ServerProcess.java(Serve.class, temp, "socketserver", "sync", "unix-lines")) {
      Target target = server.target();
      server.process().destroy();
      assertTrue(server.process().waitFor(60, TimeUnit.SECONDS));
      assertLeavesNoSocket(target);
    }
  }

  @Test
  void endsInPythonWhenItIsToldTo() throws Exception {
    assumePython();
    try (ServerProcess server = ServerProcess.python(temp, "sync", "unix-lines")) {
      Target target = server.target();
      server.process().destroy();
      assertTrue(server.process().waitFor(60, TimeUnit.SECONDS));
      assertLeavesNoSocket(target);
    }
  }

  @Test
  void tellsWhatThereIsInsteadOfWhatThereIsNot() throws Exception {
    try (ServerProcess server =
        ServerProcess.java(Serve.class, temp, "netty", "forking", "lines")) {
      assertEquals(UNUSABLE, server.end());
      assertTrue(server.errors().contains("no such server: netty forking lines"), server::errors);
      assertTrue(server.errors().contains("netty eventloop: lines"), server::errors);
    }
  }

  @Test
  void keepsConnectionsSilentBesideABusyOne() throws Exception {
    try (ServerProcess server =
        ServerProcess.java(Serve.class, temp, "netty", "eventloop", "lines")) {
      try (Load load = new IdleLoad(server.target(), 250)) {
        assertAnswers(load, server);
      }
      assertEquals(0, server.end(), server::errors);
    }
  }

  private static void assumePython() {
    boolean there;
    try {
      Process python =
          new ProcessBuilder(List.of("python3", "--version"))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      there = python.waitFor(60, TimeUnit.SECONDS) && python.exitValue() == 0;
    } catch (IOException | InterruptedException e) {
      there = false;
    }
    if (!there) {
      System.err.println("SKIPPED: no python3 on the path: its servers are not tried");
    }
    Assumptions.assumeTrue(there, "no python3 on the path");
  }
}
