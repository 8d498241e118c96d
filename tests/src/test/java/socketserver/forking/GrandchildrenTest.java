package socketserver.forking;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import socketserver.ForkingTCPServer;
import socketserver.fixture.Answering;
import socketserver.fixture.Eventually;
import socketserver.fixture.Processes;
import socketserver.fixture.RunningServer;
import socketserver.fixture.TcpClient;

/** The processes that a handler starts in a child. */
@Timeout(120)
class GrandchildrenTest {
  private static RunningServer<ForkingTCPServer> running;

  @BeforeAll
  static void serve() throws IOException {
    ForkingTCPServer server =
        new ForkingTCPServer(RunningServer.anyPort(), Answering.with(GrandchildrenTest::answer));
    server.spareChildren(1);
    running = RunningServer.start(server);
  }

  @AfterAll
  static void close() {
    running.close();
  }

  private static Object answer(String line, Answering handler) throws IOException {
    return switch (line) {
      case "input" -> printed("readlink /proc/$$/fd/0");
      case "sockets" -> printed("ls -l /proc/$$/fd | grep -c socket");
      case "rest" -> printed("cat | wc -c");
      case "pid" -> ProcessHandle.current().pid();
      case "sleeper" ->
          new ProcessBuilder("sleep", "1000")
              .redirectInput(Redirect.INHERIT)
              .redirectOutput(Redirect.DISCARD)
              .redirectError(Redirect.DISCARD)
              .start()
              .pid();
      default -> throw new IllegalArgumentException(line);
    };
  }

  private static String printed(String script) throws IOException {
    Process shell =
        new ProcessBuilder("sh", "-c", script)
            .redirectInput(Redirect.INHERIT)
            .redirectErrorStream(true)
            .start();
    try (var in = shell.getInputStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    }
  }

  @Test
  void doNotGetWhatConnectsTheChildWithItsParentOrItsClient() throws Exception {
    try (TcpClient client = TcpClient.to(running)) {
      assertEquals("/dev/null\n", client.send("input\n").line());
      assertEquals("0\n", client.send("sockets\n").line());
      assertEquals("0\n", client.send("rest\n").line());
    }
  }

  @Test
  void outliveTheChildWithoutKeepingItsEndFromTheParentOrTheClient() throws Exception {
    try (TcpClient client = TcpClient.to(running)) {
      long child = Long.parseLong(client.send("pid\n").line().strip());
      long sleeper = Long.parseLong(client.send("sleeper\n").line().strip());
      try {
        client.end();
        assertEquals("", client.rest());
        Processes.awaitEnd(child);
        Eventually.holds(
            () -> "no request runs; there are " + running.server().activeChildren(),
            () -> {
              running.server().collectChildren();
              return running.server().activeChildren().equals(Set.of());
            });
        assertTrue(Processes.isAlive(sleeper));
      } finally {
        Processes.signal("KILL", sleeper);
      }
      Processes.awaitEnd(sleeper);
    }
  }
}
