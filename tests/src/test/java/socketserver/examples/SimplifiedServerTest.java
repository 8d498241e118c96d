package socketserver.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The accept loop written by hand. */
@Timeout(120)
class SimplifiedServerTest {
  private final Output out = new Output();

  @Test
  void loopsWithoutClientsAndTalksWithTwoAtOnce() throws Exception {
    ExecutorService thread = Executors.newSingleThreadExecutor();
    Future<?> loop;
    try (var server = new SimplifiedServer(Serving.anyPort(), out.stream())) {
      loop =
          thread.submit(
              () -> {
                server.serveForever();
                return null;
              });
      int port = server.port();
      assertEquals("looping\n", out.until("looping\n"));
      assertEquals("looping\n", out.until("looping\n"));
      try (var first = new Peer(port)) {
        assertTrue(out.until("get request\n").endsWith("looping\nget request\n"));
        assertEquals(VoiceMenuTest.WELCOME, first.readLike(VoiceMenuTest.WELCOME));
        out.until(" " + first.address() + "\n");
        VoiceMenuTest.callUntilExit(port);
        first.send("exit");
        assertEquals("", first.readToEnd());
      }
      assertTrue(out.until("get request\n").endsWith("looping\nget request\n"));
    } finally {
      thread.shutdown();
    }
    loop.get(Output.LIMIT.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Test
  void theProgramAnswersAsPythonDoes() throws Exception {
    try (var program = Program.java(SimplifiedServer.class, "0");
        var python = Program.python("simplified_server.py", "0")) {
      for (Program server : new Program[] {python, program}) {
        int port = server.port();
        assertEquals("looping\n", server.output.until("looping\n"));
        VoiceMenuTest.callUntilExit(port);
        assertTrue(server.output.until("get request\n").endsWith("looping\nget request\n"));
      }
    }
  }
}
