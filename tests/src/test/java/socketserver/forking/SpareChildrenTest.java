package socketserver.forking;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static socketserver.fixture.Answering.number;

import ch.qos.logback.classic.Level;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import socketserver.ForkingTCPServer;
import socketserver.fixture.Answering;
import socketserver.fixture.Eventually;
import socketserver.fixture.LogCapture;
import socketserver.fixture.Processes;
import socketserver.fixture.RunningServer;
import socketserver.fixture.TcpClient;
import socketserver.fixture.UnixTable;

/** The children that wait for a request. */
@Timeout(120)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SpareChildrenTest {
  private static ForkingTCPServer server(int spares, int requests) throws IOException {
    ForkingTCPServer server =
        new ForkingTCPServer(
            RunningServer.anyPort(),
            Answering.with((line, handler) -> ProcessHandle.current().pid()));
    server.spareChildren(spares);
    server.maxRequestsPerChild(requests);
    return server;
  }

  private static long ask(TcpClient client) throws IOException {
    return Long.parseLong(client.send("\n").line().strip());
  }

  // Children that become too many, which takes them a while to see: begun first, looked at last

  private static RunningServer<ForkingTCPServer> busy;
  private static final Set<Long> BUSY = new HashSet<>();

  @BeforeAll
  static void haveTwoChildrenAndNoSpare() throws IOException {
    busy = RunningServer.start(server(0, 0));
    try (TcpClient first = TcpClient.to(busy);
        TcpClient second = TcpClient.to(busy)) {
      BUSY.addAll(List.of(ask(first), ask(second)));
    }
    assertEquals(2, BUSY.size());
  }

  @AfterAll
  static void closeBusy() {
    busy.close();
  }

  @Test
  @Order(Integer.MAX_VALUE)
  void leaveWhenThereAreTooManyOfThem() throws Exception {
    BUSY.forEach(Processes::awaitEnd);
  }

  @Test
  void areGoneWhenTheServerIsClosedWhileTheyStart() throws Exception {
    Set<Long> others = Processes.children();
    for (int i = 0; i < 5; i++) {
      try (RunningServer<ForkingTCPServer> running = RunningServer.start(server(2, 1))) {
        Eventually.holds("a child starts", () -> !others.containsAll(Processes.children()));
        running.server().serverClose();
      }
      Set<Long> left = Processes.children();
      left.removeAll(others);
      assertEquals(Set.of(), left);
    }
  }

  // The others

  private final Set<Long> before = new HashSet<>();
  private LogCapture log;

  @BeforeEach
  void begin() {
    before.addAll(Processes.children());
    before.removeAll(BUSY);
    log = new LogCapture();
  }

  @AfterEach
  void end() {
    log.close();
  }

  private Set<Long> spares() {
    Set<Long> spares = Processes.children();
    spares.removeAll(before);
    spares.removeAll(BUSY);
    return spares;
  }

  /** Waits until there are so many. */
  private Set<Long> awaitSpares(int count) {
    Eventually.holds(
        () -> "there are " + count + " spare children; there are " + spares(),
        () -> spares().size() == count);
    return spares();
  }

  @Test
  void areThereBeforeTheFirstRequestAndReplacedWhenTheyTakeOne() throws Exception {
    ForkingTCPServer server = server(2, 1);
    assertEquals(Set.of(), spares());
    try (var running = RunningServer.start(server)) {
      Set<Long> first = awaitSpares(2);
      try (TcpClient client = TcpClient.to(running)) {
        long taker = ask(client);
        assertTrue(first.contains(taker), taker + " is not one of " + first);
        // one that works, the other that waits, and a new one
        Set<Long> then = awaitSpares(3);
        assertTrue(then.containsAll(first));
        client.end();
        assertEquals("", client.rest());
        Processes.awaitEnd(taker);
      }
      awaitSpares(2);
    }
    assertEquals(Set.of(), spares());
    assertEquals(List.of(), log.at(Level.WARN));
  }

  @Test
  void areTalkedToOverSocketsThatNoOtherProcessCanSee() throws Exception {
    try (var running = RunningServer.start(server(1, 1))) {
      ready(awaitSpares(1).iterator().next());
      assertTrue(running.thread().isAlive());
      UnixTable.assertNoAbstractNames();
    }
  }

  @Test
  void areNoneIfTheServerWantsNone() throws Exception {
    ForkingTCPServer server = server(0, 0);
    try (var running = RunningServer.start(server)) {
      Eventually.waits(running.thread());
      assertEquals(Set.of(), spares());
      long pid = number(server, "");
      assertEquals(Set.of(pid), spares());
    }
    assertEquals(Set.of(), spares());
  }

  @Test
  void areReplacedWhenTheyDieAlsoWithARequestThatTheyHaveNotTaken() throws Exception {
    ForkingTCPServer server = server(1, 1);
    try (var running = RunningServer.start(server)) {
      long first = awaitSpares(1).iterator().next();
      ready(first);
      Processes.signal("KILL", first);
      log.await(Level.WARN, "child process " + first + " was ended by signal 9 while it waited");
      Eventually.holds("there is another", () -> spares().size() == 1 && !spares().contains(first));
      long stopped = spares().iterator().next();
      ready(stopped);
      Processes.stop(stopped);
      try (TcpClient client = TcpClient.to(running)) {
        Eventually.holds(
            () -> stopped + " has the request; the children are " + server.activeChildren(),
            () -> server.activeChildren().contains(stopped));
        // it has not begun with it, and never will
        Processes.signal("KILL", stopped);
        long pid = ask(client);
        assertNotEquals(stopped, pid);
        assertEquals(Set.of(pid), server.activeChildren());
      }
    }
  }

  @Test
  void areKilledIfTheyDoNotLeaveWhenTheServerCloses() throws Exception {
    long stopped;
    try (var running = RunningServer.start(server(1, 1))) {
      stopped = awaitSpares(1).iterator().next();
      ready(stopped);
      Processes.stop(stopped);
      assertTrue(running.thread().isAlive());
    }
    // when close returns, and not some time later
    assertEquals(Set.of(), spares());
  }

  /** Waits until a child has come so far that it waits for a request. */
  private void ready(long pid) {
    log.await(Level.DEBUG, "child process " + pid + " is ready");
  }
}
