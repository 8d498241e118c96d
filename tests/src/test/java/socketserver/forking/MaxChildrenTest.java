package socketserver.forking;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import socketserver.Accepted;
import socketserver.ForkingTCPServer;
import socketserver.StreamSocket;
import socketserver.fixture.Answering;
import socketserver.fixture.Background;
import socketserver.fixture.Bounds;
import socketserver.fixture.Eventually;
import socketserver.fixture.RunningServer;
import socketserver.fixture.TcpClient;

/** {@code maxChildren}: so many requests run, and no other is taken meanwhile. */
@Timeout(120)
class MaxChildrenTest {
  /** Handles a request for as long as its client stays, in one of a few children. */
  static final class Limited extends ForkingTCPServer {
    private final transient AtomicInteger accepted = new AtomicInteger();

    Limited(int most) throws IOException {
      super(RunningServer.anyPort(), Answering.with((line, handler) -> pid()));
      maxChildren(most);
      spareChildren(0);
      maxRequestsPerChild(0);
    }

    private static long pid() {
      return ProcessHandle.current().pid();
    }

    @Override
    public Accepted<StreamSocket> getRequest() throws IOException {
      Accepted<StreamSocket> request = super.getRequest();
      accepted.incrementAndGet();
      return request;
    }
  }

  private static long ask(TcpClient client) throws IOException {
    return Long.parseLong(client.send("\n").line().strip());
  }

  @Test
  void isFortyUnlessSet() throws Exception {
    try (ForkingTCPServer server =
        new ForkingTCPServer(RunningServer.anyPort(), Answering.with((line, handler) -> line))) {
      assertEquals(40, server.maxChildren());
      server.maxChildren(1);
      assertEquals(1, server.maxChildren());
      assertThrows(IllegalArgumentException.class, () -> server.maxChildren(0));
      assertEquals(1, server.maxChildren());
    }
  }

  @Test
  void isHowManyRequestsAServerThatServesTakesUntilOneEnds() throws Exception {
    Limited server = new Limited(2);
    try (var running = RunningServer.start(server);
        TcpClient first = TcpClient.to(server);
        TcpClient second = TcpClient.to(server)) {
      Set<Long> two = Set.of(ask(first), ask(second));
      assertEquals(two, server.activeChildren());
      try (TcpClient third = TcpClient.to(server)) {
        third.send("\n");
        Eventually.waitsIn(running.thread(), "collectChildren");
        assertEquals(2, server.accepted.get());
        first.end();
        long pid = Long.parseLong(third.line().strip());
        assertTrue(two.contains(pid), pid + " is not one of " + two);
        Eventually.waitsIn(running.thread(), "collectChildren");
        assertEquals(2, server.activeChildren().size());
        assertEquals(3, server.accepted.get());
      }
    }
  }

  @Test
  void isHowManyRequestsAServerTakesOneByOneUntilOneEnds() throws Exception {
    try (Limited server = new Limited(1);
        TcpClient first = TcpClient.to(server);
        TcpClient second = TcpClient.to(server)) {
      server.handleRequest();
      ask(first);
      Thread next = Background.start("takes the second request", server::handleRequest);
      second.send("\n");
      Eventually.waitsIn(next, "dispatchRequest");
      assertEquals(1, server.activeChildren().size());
      first.end();
      second.line();
      Eventually.ends(next);
      second.end();
      server.collectChildren(true);
      assertEquals(Set.of(), server.activeChildren());
    }
  }

  @Test
  void doesNotKeepAServerFromBeingShutDownOrClosed() throws Exception {
    Limited server = new Limited(1);
    try (var running = RunningServer.start(server);
        TcpClient client = TcpClient.to(running)) {
      long pid = ask(client);
      Eventually.waitsIn(running.thread(), "collectChildren");
      running.shutdown();
      // what runs goes on, also when the server is closed without waiting for it
      assertEquals(pid, ask(client));
      server.blockOnClose(false);
      Eventually.ends(Background.start("closes", server::serverClose));
      assertEquals(pid, ask(client));
    }
  }

  @Test
  void doesNotKeepAServerThatServesFromBeingClosed() throws Exception {
    Limited server = new Limited(1);
    var running = RunningServer.start(server);
    try (TcpClient client = TcpClient.to(server)) {
      long pid = ask(client);
      Eventually.waitsIn(running.thread(), "collectChildren");
      Thread closer = Background.start("closes", server::serverClose);
      Eventually.ends(running.thread());
      Eventually.waitsIn(closer, "serverClose");
      assertEquals(pid, ask(client));
      client.end();
      Eventually.ends(closer);
      assertEquals(Set.of(), server.activeChildren());
    } finally {
      running.close();
    }
  }

  // Others' children

  @Test
  void hasNothingToDoWithProcessesThatOthersHaveStarted() throws Exception {
    Limited server = new Limited(1);
    try (var running = RunningServer.start(server)) {
      Process ended = new ProcessBuilder("sh", "-c", "exit 72").start();
      Process waiting = new ProcessBuilder("cat").start();
      try (TcpClient client = TcpClient.to(server)) {
        assertTrue(ended.waitFor(Bounds.WAIT.toMillis(), TimeUnit.MILLISECONDS));
        long pid = ask(client);
        Eventually.waitsIn(running.thread(), "collectChildren");
        assertEquals(Set.of(pid), server.activeChildren());
      } finally {
        server.collectChildren(true);
        assertTrue(waiting.isAlive());
        waiting.destroyForcibly();
      }
      assertEquals(72, ended.exitValue());
      assertTrue(waiting.waitFor(Bounds.WAIT.toMillis(), TimeUnit.MILLISECONDS));
      assertFalse(waiting.isAlive());
    }
  }
}
