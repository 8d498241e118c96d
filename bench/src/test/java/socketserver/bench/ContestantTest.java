package socketserver.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A server to be measured. */
class ContestantTest {
  private static final Commands COMMANDS = new Commands("a.jar", Path.of("serve.py"));

  private static Jdk jdk(int feature) {
    return new Jdk(feature, Path.of("jdk"));
  }

  private static Workload workload(String handler) {
    return new Workload("w", "W", "lines", 1, null, List.of()).by(handler);
  }

  @ParameterizedTest
  @CsvSource({
    "SOCKETSERVER, threading, 17, socketserver threading (17)",
    "JAVA_NET, virtual, 25, java.net virtual (25)",
    "NETTY, eventloop, 25, Netty by hand (25)",
    "DIESEL, eventloop, 25, Diesel eventloop (25)",
    "CPYTHON, sync, 0, CPython sync"
  })
  void hasANameWithItsJava(Peer peer, String strategy, int java, String name) {
    assertEquals(name, new Contestant(peer, strategy, java == 0 ? null : jdk(java)).name());
  }

  @ParameterizedTest
  @CsvSource({
    "SOCKETSERVER, virtual, 17, false",
    "SOCKETSERVER, eventloop, 17, false",
    "JAVA_NET, virtual, 20, false",
    "DIESEL, virtual, 17, false",
    "DIESEL, eventloop, 17, false",
    "DIESEL, threading, 17, true",
    "SOCKETSERVER, virtual, 21, true",
    "SOCKETSERVER, threading, 17, true",
    "NETTY, eventloop, 17, true"
  })
  void cannotRunWithoutTheThreadsItNeeds(Peer peer, String strategy, int java, boolean runs) {
    assertEquals(runs, new Contestant(peer, strategy, jdk(java)).obstacle().isEmpty());
  }

  @Test
  void isStartedByItsWords() {
    var contestant = new Contestant(Peer.JAVA_NET, "threading", jdk(17));
    assertEquals(
        List.of(
            Path.of("jdk/bin/java").toString(),
            "-cp",
            "a.jar",
            "socketserver.bench.server.Serve",
            "java.net",
            "threading",
            "lines"),
        COMMANDS.of(contestant, workload(null)));
  }

  @Test
  void isGivenTheUsersHandler() {
    var contestant = new Contestant(Peer.SOCKETSERVER, "pool", jdk(17));
    List<String> command = COMMANDS.of(contestant, workload("com.acme.Echo"));
    assertEquals("com.acme.Echo", command.get(command.size() - 1));
  }

  @Test
  void hasTheFlagsOfItsJavaAndItsStrategy() {
    String opens = "--add-opens=java.base/java.lang=ALL-UNNAMED";
    String access = "--enable-native-access=ALL-UNNAMED";
    var loop = COMMANDS.of(new Contestant(Peer.SOCKETSERVER, "eventloop", jdk(25)), workload(null));
    var diesel = COMMANDS.of(new Contestant(Peer.DIESEL, "eventloop", jdk(25)), workload(null));
    var netty = COMMANDS.of(new Contestant(Peer.NETTY, "eventloop", jdk(25)), workload(null));
    var old = COMMANDS.of(new Contestant(Peer.NETTY, "eventloop", jdk(17)), workload(null));
    assertTrue(loop.contains(opens) && loop.contains(access));
    assertTrue(diesel.contains(opens) && diesel.contains("diesel"));
    assertTrue(!netty.contains(opens) && netty.contains(access));
    assertFalse(old.contains(access));
  }

  @Test
  void isPythonsWithItsScript() {
    assertEquals(
        List.of("python3", "serve.py", "forking", "lines"),
        COMMANDS.of(new Contestant(Peer.CPYTHON, "forking", null), workload(null)));
  }
}
