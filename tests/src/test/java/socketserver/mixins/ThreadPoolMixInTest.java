package socketserver.mixins;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import socketserver.BaseRequestHandler;
import socketserver.BaseServer;
import socketserver.ThreadPoolMixIn;
import socketserver.fixture.Background;
import socketserver.fixture.Eventually;
import socketserver.fixture.QueueServer;
import socketserver.fixture.RequestThreads;
import socketserver.fixture.RunningServer;
import socketserver.mixins.PoolServers.Kind;

/** A pool runs so many requests at a time, and its server closes as others with threads do. */
@Timeout(60)
class ThreadPoolMixInTest {
  @AfterEach
  void noThreadIsLeft() {
    RequestThreads.awaitNone();
  }

  @ParameterizedTest
  @EnumSource
  void requestRunsInAThreadWithPythonsName(Kind kind) throws Exception {
    try (var servers = new PoolServers(kind, pool -> {})) {
      Thread thread = servers.requestThatRuns();
      assertNotSame(servers.servingThread(), thread);
      assertTrue(
          thread.getName().matches("Thread-[0-9]+ \\(process_request_thread\\)"), thread.getName());
      assertFalse(thread.isDaemon());
    }
  }

  @ParameterizedTest
  @EnumSource
  void neverMoreThanMaxWorkersRun(Kind kind) throws Exception {
    int requests = 20;
    Set<Thread> threads = new HashSet<>();
    try (var servers =
        new PoolServers(
            kind,
            pool -> {
              pool.maxWorkers(3);
              pool.maxWaiting(2);
            })) {
      for (int i = 0; i < requests; i++) {
        servers.request();
      }
      for (int i = 0; i < 3; i++) {
        threads.add(servers.nextThread());
      }
      servers.awaitFull();
      assertEquals(0, servers.othersBegun());
      servers.letGo(requests);
      servers.calls.await("handled", requests);
      assertEquals(3, servers.most());
      for (int i = 3; i < requests; i++) {
        threads.add(servers.nextThread());
      }
      assertEquals(3, threads.size(), "threads are used again");
    }
  }

  @Test
  void requestsWaitInTheOrderInWhichTheyCame() {
    BlockingQueue<String> handled = new LinkedBlockingQueue<>();
    CountDownLatch gate = new CountDownLatch(1);
    class Handler extends BaseRequestHandler<String> {
      @Override
      public void handle() {
        Eventually.opens("the test lets go", gate);
        handled.add(request);
      }
    }
    class Server extends QueueServer implements ThreadPoolMixIn {
      Server() {
        super(Handler::new);
      }
    }

    Server server = new Server();
    server.maxWorkers(1);
    server.maxWaiting(3);
    try (var running = RunningServer.start(server)) {
      server.offer("1", "2", "3", "4", "5", "6");
      Eventually.waitsIn(running.thread(), "awaitRoom");
      gate.countDown();
      Eventually.holds("all are handled", () -> handled.size() == 6);
    }
    assertEquals(List.of("1", "2", "3", "4", "5", "6"), List.copyOf(handled));
  }

  @ParameterizedTest
  @EnumSource
  void closingWaitsForWhatRunsAndForWhatWaits(Kind kind) throws Exception {
    try (var servers =
        new PoolServers(
            kind,
            pool -> {
              pool.maxWorkers(1);
              pool.maxWaiting(1);
            })) {
      servers.requestThatRuns();
      servers.request();
      servers.request();
      servers.awaitFull(); // with the third in its hands
      Thread closer =
          Background.start(
              "closes",
              () -> {
                servers.server().serverClose();
                servers.calls.add("closed");
              });
      Eventually.waitsIn(closer, "joinRequests");
      Eventually.ends(servers.servingThread());
      servers.letGo(2);
      Eventually.ends(closer);
      assertEquals(2, servers.calls.count("handled"));
      assertEquals("closed", servers.calls.all().get(servers.calls.all().size() - 1));
      assertEquals(3, servers.calls.count("shut down"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void closingDoesNotWaitIfBlockOnCloseIsFalse(Kind kind) throws Exception {
    try (var servers = new PoolServers(kind, pool -> pool.blockOnClose(false))) {
      servers.requestThatRuns();
      Eventually.ends(Background.start("closes", servers.server()::serverClose));
      assertEquals(0, servers.calls.count("handled"));
      servers.letGo(1);
      servers.calls.await("handled", 1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void daemonsAreNotWaitedFor(Kind kind) throws Exception {
    try (var servers = new PoolServers(kind, pool -> pool.daemonThreads(true))) {
      assertTrue(servers.requestThatRuns().isDaemon());
      Eventually.ends(Background.start("closes", servers.server()::serverClose));
      assertEquals(0, servers.calls.count("handled"));
      servers.letGo(1);
      servers.calls.await("handled", 1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void idleThreadsGoWhileTheServerServes(Kind kind) throws Exception {
    try (var servers = new PoolServers(kind, pool -> {})) {
      Thread thread = servers.requestThatRuns();
      servers.letGo(1);
      Eventually.ends(thread);
      assertTrue(servers.servingThread().isAlive());
    }
  }

  @ParameterizedTest
  @EnumSource
  void exceptionOfAHandlerGoesToHandleErrorAndTheWorkerGoesOn(Kind kind) throws Exception {
    try (var servers = new PoolServers(kind, pool -> pool.maxWorkers(1))) {
      servers.last =
          server -> {
            throw new IllegalArgumentException("bad");
          };
      servers.requestThatRuns();
      servers.letGo(1);
      servers.calls.await("error: IllegalArgumentException", 1);
      servers.calls.await("shut down", 1);
      servers.last = server -> {};
      servers.requestThatRuns();
      servers.letGo(1);
      servers.calls.await("handled", 1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void errorOfAHandlerEndsItsRequestAlone(Kind kind) throws Exception {
    try (var servers = new PoolServers(kind, pool -> pool.maxWorkers(1))) {
      servers.last =
          server -> {
            throw new StackOverflowError("provoked");
          };
      servers.requestThatRuns();
      servers.request(); // which waits, or will
      servers.letGo(1);
      servers.nextThread();
      assertEquals(1, servers.calls.count("shut down"));
      assertEquals(1, servers.calls.count("error: StackOverflowError"));
      servers.last = server -> {};
      servers.letGo(1);
      servers.calls.await("handled", 1);
    }
  }

  @Test
  void handlerMayShutTheServerDownWhileTheServingThreadWaits() throws Exception {
    try (var servers =
        new PoolServers(
            Kind.STREAM,
            pool -> {
              pool.maxWorkers(1);
              pool.maxWaiting(0);
            })) {
      servers.last = BaseServer::shutdown;
      servers.requestThatRuns();
      servers.request();
      servers.awaitFull();
      servers.letGo(1);
      Eventually.ends(servers.servingThread());
      servers.calls.await("handled", 1);
    }
  }

  @Test
  void serverServesAgainAfterAShutdown() throws Exception {
    try (var servers = new PoolServers(Kind.STREAM, pool -> pool.maxWorkers(1))) {
      servers.requestThatRuns();
      Eventually.ends(Background.start("shuts down", servers.server()::shutdown));
      Eventually.ends(servers.servingThread());
      try (var again = RunningServer.start(servers.server())) {
        servers.request();
        servers.letGo(2);
        servers.calls.await("handled", 2);
        assertTrue(again.thread().isAlive());
      }
    }
  }

  @Test
  void closingInAHandlerThatIsWaitedForIsAnError() throws Exception {
    AtomicReference<String> message = new AtomicReference<>("");
    try (var servers = new PoolServers(Kind.STREAM, pool -> {})) {
      servers.last =
          server -> {
            try {
              server.serverClose();
            } catch (IllegalStateException e) {
              message.set(e.getMessage());
            }
          };
      servers.requestThatRuns();
      servers.letGo(1);
      servers.calls.await("handled", 1);
    }
    assertTrue(message.get().contains("current thread"), message.get());
  }
}
