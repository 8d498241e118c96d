package socketserver.forking;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import socketserver.ForkingTCPServer;
import socketserver.fixture.Answering;
import socketserver.fixture.Eventually;
import socketserver.fixture.LogCapture;
import socketserver.fixture.Processes;
import socketserver.fixture.RunningServer;
import socketserver.fixture.TcpClient;

/**
 * A child that ends in the middle of a request: its own client sees the end, the parent says so,
 * and others are served.
 */
@Timeout(120)
class ChildrenThatEndTest {
  private static RunningServer<ForkingTCPServer> running;
  private LogCapture log;

  @BeforeAll
  static void serve() throws IOException {
    ForkingTCPServer server =
        new ForkingTCPServer(RunningServer.anyPort(), Answering.with(ChildrenThatEndTest::answer));
    // one that is ready for the next test, and no more than needed
    server.spareChildren(1);
    server.maxRequestsPerChild(0);
    running = RunningServer.start(server, Duration.ofMillis(50));
  }

  @AfterAll
  static void close() {
    running.close();
  }

  private static Object answer(String line, Answering handler) throws Exception {
    switch (line) {
      case "pid":
        return ProcessHandle.current().pid();
      case "exit":
        System.exit(3);
        return "unreachable";
      case "halt":
        Runtime.getRuntime().halt(4);
        return "unreachable";
      case "hang":
        new CountDownLatch(1).await();
        return "unreachable";
      case "interrupt":
        Thread.currentThread().interrupt();
        return "interrupted";
      default:
        throw new IllegalArgumentException(line);
    }
  }

  @BeforeEach
  void begin() {
    log = new LogCapture();
  }

  @AfterEach
  void end() throws Exception {
    log.close();
    // whatever has happened, the next one is served
    Set<Long> none = Set.of();
    try (TcpClient next = TcpClient.to(running)) {
      assertTrue(Processes.isAlive(pid(next)));
    }
    Eventually.holds(
        () -> "no request runs; there are " + running.server().activeChildren(),
        () -> running.server().activeChildren().equals(none));
  }

  private static long pid(TcpClient client) throws IOException {
    return Long.parseLong(client.send("pid\n").line().strip());
  }

  private interface Deed {
    void to(long pid, TcpClient client) throws Exception;
  }

  /** A child handles a request until something is done to it; another goes on. */
  private void ends(String how, Deed deed) throws Exception {
    try (TcpClient client = TcpClient.to(running);
        TcpClient other = TcpClient.to(running)) {
      long pid = pid(client);
      long untouched = pid(other);
      assertNotEquals(pid, untouched);
      deed.to(pid, client);
      assertEquals("", client.rest());
      Processes.awaitEnd(pid);
      log.await(
          Level.WARN,
          "child process "
              + pid
              + " "
              + how
              + " while it handled the request from "
              + client.address());
      assertEquals(untouched, pid(other));
      assertEquals(List.of(), log.at(Level.ERROR));
    }
  }

  @Test
  void killed() throws Exception {
    ends("was ended by signal 9", (pid, client) -> Processes.signal("KILL", pid));
    assertEquals(1, log.at(Level.WARN).size());
  }

  @Test
  void terminated() throws Exception {
    ends("was ended by signal 15", (pid, client) -> Processes.signal("TERM", pid));
  }

  @Test
  void exitingByItself() throws Exception {
    ends("ended with status 3", (pid, client) -> client.send("exit\n"));
  }

  @Test
  void halting() throws Exception {
    ends("ended with status 4", (pid, client) -> client.send("halt\n"));
  }

  @Test
  void hangingForLongerThanItMay() throws Exception {
    try (TcpClient client = TcpClient.to(running)) {
      long pid = pid(client);
      client.send("hang\n");
      running.server().childTimeout(Duration.ofSeconds(1));
      try (TcpClient other = TcpClient.to(running)) {
        pid(other);
        assertEquals("", client.rest());
      }
      running.server().childTimeout(null);
      log.await(Level.WARN, "child process " + pid + " is killed: it has taken too long");
      log.await(Level.WARN, "child process " + pid + " was ended by signal 9 while it handled");
    }
  }

  // What does not end a child

  @Test
  void unlessItWasOnlyInterrupted() throws Exception {
    try (TcpClient client = TcpClient.to(running)) {
      long pid = pid(client);
      client.send("interrupt\n").end();
      // the answer needs no wait, in which the interrupt would be noticed
      assertEquals("interrupted\n", client.rest());
      Eventually.holds(
          () -> "the request ends; there are " + running.server().activeChildren(),
          () -> running.server().activeChildren().isEmpty());
      assertTrue(Processes.isAlive(pid));
    }
    assertEquals(List.of(), log.at(Level.WARN));
  }
}
