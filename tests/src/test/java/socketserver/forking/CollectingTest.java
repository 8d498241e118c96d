package socketserver.forking;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import socketserver.ForkingTCPServer;
import socketserver.StreamSocket;
import socketserver.fixture.Answering;
import socketserver.fixture.Background;
import socketserver.fixture.Calls;
import socketserver.fixture.Eventually;
import socketserver.fixture.LogCapture;
import socketserver.fixture.Processes;
import socketserver.fixture.RunningServer;
import socketserver.fixture.TcpClient;

/** {@code activeChildren}, and how those that have ended leave it. */
@Timeout(120)
class CollectingTest {
  /** Handles a request for as long as its client stays, each in a process. */
  static final class Server extends ForkingTCPServer {
    private final transient Calls calls = new Calls();

    Server() throws IOException {
      super(RunningServer.anyPort(), Answering.with(Server::answer));
      spareChildren(0);
    }

    private static long answer(String line, Answering handler) {
      if (line.equals("fail")) {
        throw new IllegalStateException("as the client wants it");
      }
      return ProcessHandle.current().pid();
    }

    @Override
    public void collectChildren(boolean blocking) {
      calls.add("collect" + (blocking ? " blocking" : ""));
      super.collectChildren(blocking);
    }

    @Override
    public void handleTimeout() throws Exception {
      calls.add("timeout");
      super.handleTimeout();
    }

    @Override
    public void handleError(StreamSocket request, SocketAddress client, Throwable error) {
      // nothing to print: it was wanted
    }
  }

  private Server server;

  @BeforeEach
  void open() throws IOException {
    server = new Server();
  }

  @AfterEach
  void close() {
    server.serverClose();
    assertEquals(Set.of(), server.activeChildren());
  }

  private static long ask(TcpClient client) throws IOException {
    return Long.parseLong(client.send("\n").line().strip());
  }

  @Test
  void waitsFiveMinutesForARequestUnlessTheServerSaysSo() {
    assertEquals(Duration.ofSeconds(300), server.timeout());
    server.timeout(Duration.ofSeconds(1));
    assertEquals(Duration.ofSeconds(1), server.timeout());
  }

  @Test
  void blocksOnCloseUnlessTheServerSaysSo() {
    assertTrue(server.blockOnClose());
  }

  @Test
  void refusesSettingsThatCannotBe() {
    assertThrows(IllegalArgumentException.class, () -> server.spareChildren(-1));
    assertThrows(IllegalArgumentException.class, () -> server.maxStarting(0));
    assertThrows(IllegalArgumentException.class, () -> server.maxRequestsPerChild(-1));
    assertThrows(IllegalArgumentException.class, () -> server.childTimeout(Duration.ZERO));
    assertThrows(IllegalArgumentException.class, () -> server.childTimeout(Duration.ofSeconds(-1)));
  }

  @Test
  void isByHandByTimeOutsAndByTheClose() throws Exception {
    assertEquals(Set.of(), server.activeChildren());
    server.collectChildren();
    server.collectChildren(true);
    try (LogCapture log = new LogCapture();
        TcpClient client = TcpClient.to(server)) {
      server.handleRequest();
      long pid = ask(client);
      assertEquals(Set.of(pid), server.activeChildren());
      server.collectChildren();
      assertEquals(Set.of(pid), server.activeChildren());
      client.end();
      Processes.awaitEnd(pid);
      log.await(Level.DEBUG, "child process " + pid + " ended with status 0");
      // like a zombie of Python's: it is there until it is collected
      assertEquals(Set.of(pid), server.activeChildren());
      server.timeout(Duration.ZERO);
      Eventually.holds(
          "the time-out collects what has ended",
          () -> {
            server.handleRequest();
            return server.activeChildren().isEmpty();
          });
      assertTrue(server.calls.count("timeout") >= 1);
      assertEquals(1, server.calls.count("collect blocking"));
      assertEquals(List.of(), log.at(Level.WARN));
    }
    try (LogCapture log = new LogCapture();
        TcpClient client = TcpClient.to(server)) {
      server.timeout(null);
      server.handleRequest();
      long pid = ask(client);
      // a failure is the handler's affair; whoever waits is told the status alone
      client.send("fail\n");
      assertEquals("", client.rest());
      log.await(Level.DEBUG, "child process " + pid + " ended with status 1");
      server.serverClose();
      assertEquals(Set.of(), server.activeChildren());
      assertEquals(2, server.calls.count("collect blocking"));
      assertEquals(List.of(), log.at(Level.WARN));
    }
  }

  @Test
  void isDoneByAServerThatServesWhetherOrNotThereAreRequests() throws Exception {
    server.maxRequestsPerChild(0);
    try (var running = RunningServer.start(server, Duration.ofMillis(10))) {
      try (TcpClient first = TcpClient.to(running);
          TcpClient second = TcpClient.to(running)) {
        assertEquals(Set.of(ask(first), ask(second)), server.activeChildren());
        first.end();
        Eventually.holds(
            "one is collected while the other runs", () -> server.activeChildren().size() == 1);
        second.end();
        Eventually.holds("both are collected", () -> server.activeChildren().isEmpty());
      }
      // closing waits for the requests that run
      try (TcpClient last = TcpClient.to(running)) {
        long pid = ask(last);
        running.shutdown();
        Thread closing = Background.start("closes the server", server::serverClose);
        Eventually.waitsIn(closing, "collectChildren");
        assertEquals(pid, ask(last));
        last.end();
        Eventually.ends(closing);
        Processes.awaitEnd(pid);
      }
    }
  }
}
