package socketserver.mixins;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import socketserver.ThreadPoolMixIn;
import socketserver.ThreadPoolMixIn.WhenFull;
import socketserver.fixture.Background;
import socketserver.fixture.Eventually;
import socketserver.fixture.LogCapture;
import socketserver.fixture.RequestThreads;
import socketserver.mixins.PoolServers.Kind;

/** What becomes of a request for which a pool has no room. */
@Timeout(60)
class ThreadPoolWhenFullTest {
  private static final String ENDED = "serving was ended while it waited";
  private static final String FULL = "the pool is full";

  @AfterEach
  void noThreadIsLeft() {
    RequestThreads.awaitNone();
  }

  /** A server of one worker, for which nothing waits, and which is busy. */
  private static PoolServers busy(Kind kind, WhenFull whenFull) throws IOException {
    PoolServers servers =
        new PoolServers(
            kind,
            pool -> {
              pool.maxWorkers(1);
              pool.maxWaiting(0);
              pool.whenFull(whenFull);
            });
    assertNotSame(servers.servingThread(), servers.requestThatRuns());
    return servers;
  }

  // WAIT

  @ParameterizedTest
  @EnumSource
  void servingThreadWaitsForAWorker(Kind kind) throws Exception {
    try (var servers = busy(kind, WhenFull.WAIT)) {
      servers.request();
      servers.awaitFull();
      servers.letGo(1);
      assertNotSame(servers.servingThread(), servers.nextThread());
      servers.letGo(1);
      servers.calls.await("handled", 2);
      assertEquals(1, servers.most());
    }
  }

  private static void assertTheSecondWasShutDown(PoolServers servers, LogCapture log) {
    Eventually.ends(servers.servingThread());
    assertEquals(List.of("shut down"), servers.calls.all());
    assertEquals(1, log.at(Level.WARN, ENDED).size(), () -> log.events().toString());
  }

  @ParameterizedTest
  @EnumSource
  void shutdownEndsTheWait(Kind kind) throws Exception {
    try (var log = new LogCapture();
        var servers = busy(kind, WhenFull.WAIT)) {
      servers.request();
      servers.awaitFull();
      Eventually.ends(Background.start("shuts down", servers.server()::shutdown));
      assertTheSecondWasShutDown(servers, log);
      if (kind == Kind.STREAM) {
        assertEquals("", servers.lastClientReads());
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void serverCloseEndsTheWait(Kind kind) throws Exception {
    try (var log = new LogCapture();
        var servers = busy(kind, WhenFull.WAIT)) {
      servers.request();
      servers.awaitFull();
      Thread closer = Background.start("closes", servers.server()::serverClose);
      assertTheSecondWasShutDown(servers, log);
      servers.letGo(1);
      Eventually.ends(closer);
    }
  }

  @ParameterizedTest
  @EnumSource
  void interruptEndsTheWait(Kind kind) throws Exception {
    try (var log = new LogCapture();
        var servers = busy(kind, WhenFull.WAIT)) {
      servers.request();
      servers.awaitFull();
      servers.servingThread().interrupt();
      assertTheSecondWasShutDown(servers, log);
    }
  }

  // REFUSE

  @ParameterizedTest
  @EnumSource
  void requestIsRefusedAndTheServerGoesOn(Kind kind) throws Exception {
    try (var log = new LogCapture();
        var servers = busy(kind, WhenFull.REFUSE)) {
      servers.request();
      servers.calls.await("shut down", 1);
      if (kind == Kind.STREAM) {
        assertEquals("", servers.lastClientReads());
      }
      log.await(Level.WARN, FULL);
      assertEquals(List.of("shut down"), servers.calls.all(), "no handler, no error");

      servers.letGo(1);
      servers.calls.await("handled", 1);
      // a worker is free a moment after its request was shut down
      servers.pool().whenFull(WhenFull.WAIT);
      servers.requestThatRuns();
      servers.letGo(1);
      servers.calls.await("handled", 2);
    }
  }

  @Test
  void logHasANumberInsteadOfALineForEachRefusedRequest() throws Exception {
    int refused = 20;
    try (var log = new LogCapture()) {
      try (var servers = busy(Kind.DATAGRAM, WhenFull.REFUSE)) {
        for (int i = 0; i < refused; i++) {
          servers.request();
        }
        servers.calls.await("shut down", refused);
      }
      List<String> lines = log.at(Level.WARN, FULL);
      int sum = 0;
      for (String line : lines) {
        Matcher number = Pattern.compile("refused: (\\d+),").matcher(line);
        assertTrue(number.find(), line);
        sum += Integer.parseInt(number.group(1));
      }
      assertEquals(refused, sum, lines.toString());
      assertTrue(lines.get(0).contains("refused: 1,"), lines.toString());
      assertTrue(lines.size() < refused, lines.toString());
    }
  }

  // RUN

  @ParameterizedTest
  @EnumSource
  void requestRunsOnTheServingThread(Kind kind) throws Exception {
    try (var servers = busy(kind, WhenFull.RUN)) {
      String name = servers.servingThread().getName();
      Thread thread = servers.requestThatRuns();
      assertSame(servers.servingThread(), thread);
      assertEquals(name, thread.getName());
      assertEquals(2, servers.most());
      servers.letGo(2);
      servers.calls.await("handled", 2);
      servers.calls.await("shut down", 2);
    }
  }

  @ParameterizedTest
  @EnumSource
  void exceptionOnTheServingThreadGoesToHandleErrorOnce(Kind kind) throws Exception {
    try (var servers = busy(kind, WhenFull.RUN)) {
      servers.requestThatRuns();
      servers.last =
          server -> {
            throw new IllegalArgumentException("bad");
          };
      servers.letGo(2);
      servers.calls.await("error: IllegalArgumentException", 2);
      servers.calls.await("shut down", 2);
      servers.requestThatRuns();
      assertEquals(2, servers.calls.count("shut down"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void errorOnTheServingThreadDoesNotEndServing(Kind kind) throws Exception {
    try (var servers = busy(kind, WhenFull.RUN)) {
      assertSame(servers.servingThread(), servers.requestThatRuns());
      servers.last =
          server -> {
            throw new StackOverflowError("provoked");
          };
      servers.letGo(2);
      servers.calls.await("shut down", 2);
      servers.requestThatRuns();
      assertTrue(servers.servingThread().isAlive());
      assertEquals(2, servers.calls.count("shut down"), "each request is shut down once");
      assertEquals(2, servers.calls.count("error: StackOverflowError"));
      servers.last = server -> {};
    }
  }

  @Test
  void shutdownOnTheServingThreadIsTheErrorThatItIsWithoutAMixIn() throws Exception {
    AtomicReference<Throwable> error = new AtomicReference<>();
    try (var servers = busy(Kind.STREAM, WhenFull.RUN)) {
      assertSame(servers.servingThread(), servers.requestThatRuns());
      servers.last =
          server -> {
            if (Thread.currentThread() == servers.servingThread()) {
              try {
                server.shutdown();
              } catch (IllegalStateException e) {
                error.set(e);
              }
            }
          };
      servers.letGo(2);
      servers.calls.await("handled", 2);
    }
    assertTrue(error.get().getMessage().contains("shutdown()"), error.get().toString());
  }

  // All

  @Test
  void policyIsReadForEachRequest() throws Exception {
    try (var servers = busy(Kind.STREAM, WhenFull.REFUSE)) {
      servers.request();
      servers.calls.await("shut down", 1);
      ThreadPoolMixIn pool = servers.pool();
      pool.whenFull(WhenFull.RUN);
      assertSame(servers.servingThread(), servers.requestThatRuns());
    }
  }

  @Test
  void roomToWaitIsReadForEachRequest() throws Exception {
    try (var servers = busy(Kind.STREAM, WhenFull.REFUSE)) {
      servers.pool().maxWaiting(1);
      servers.request();
      servers.request();
      servers.calls.await("shut down", 1);
      assertEquals("", servers.lastClientReads());
      servers.letGo(2);
      servers.calls.await("handled", 2);
    }
  }
}
