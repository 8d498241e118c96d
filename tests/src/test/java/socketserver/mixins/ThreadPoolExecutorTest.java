package socketserver.mixins;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import socketserver.BaseRequestHandler;
import socketserver.HandlerFactory;
import socketserver.ThreadPoolMixIn;
import socketserver.ThreadPoolMixIn.WhenFull;
import socketserver.fixture.Background;
import socketserver.fixture.Bounds;
import socketserver.fixture.Eventually;
import socketserver.fixture.LogCapture;
import socketserver.fixture.QueueServer;
import socketserver.fixture.RequestThreads;
import socketserver.fixture.RunningServer;
import socketserver.mixins.PoolServers.Kind;

/** A pool that runs its requests in an executor of the user's. */
@Timeout(60)
class ThreadPoolExecutorTest {
  private final ExecutorService executor =
      Executors.newCachedThreadPool(work -> new Thread(work, "the user's"));

  @AfterEach
  void endTheExecutor() throws InterruptedException {
    executor.shutdown();
    assertTrue(executor.awaitTermination(Bounds.WAIT.toSeconds(), TimeUnit.SECONDS));
    RequestThreads.awaitNone();
  }

  private PoolServers servers(Executor given, int workers, int waiting, WhenFull whenFull)
      throws IOException {
    return new PoolServers(
        Kind.STREAM,
        pool -> {
          pool.executor(given);
          pool.maxWorkers(workers);
          pool.maxWaiting(waiting);
          pool.whenFull(whenFull);
        });
  }

  @ParameterizedTest
  @EnumSource
  void closingTheServerLeavesTheExecutorAtWork(Kind kind) throws Exception {
    try (var servers = new PoolServers(kind, pool -> pool.executor(executor))) {
      servers.requestThatRuns();
      servers.letGo(1);
      servers.calls.await("handled", 1);
    }
    assertFalse(executor.isShutdown());
    assertEquals("works", executor.submit(() -> "works").get());
  }

  @Test
  void itsThreadsHaveTheRequestsNameWhileTheyRunIt() throws Exception {
    Thread thread;
    try (var servers = servers(executor, 1, 0, WhenFull.WAIT)) {
      thread = servers.requestThatRuns();
      assertTrue(thread.getName().endsWith("(process_request_thread)"), thread.getName());
    }
    Eventually.holds("the thread has its name again", () -> thread.getName().equals("the user's"));
  }

  @Test
  void itHasNoMoreRequestsThanMaxWorkers() throws Exception {
    AtomicInteger given = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    Executor counting =
        work -> {
          most.accumulateAndGet(given.incrementAndGet(), Math::max);
          executor.execute(
              () -> {
                given.decrementAndGet();
                work.run();
              });
        };
    try (var servers = servers(counting, 2, 3, WhenFull.WAIT)) {
      for (int i = 0; i < 2; i++) {
        servers.requestThatRuns();
      }
      for (int i = 0; i < 10; i++) {
        servers.request();
      }
      servers.awaitFull();
      servers.letGo(12);
      servers.calls.await("handled", 12);
      assertEquals(2, servers.most());
    }
    assertTrue(most.get() <= 2, () -> most + " were given at a time");
  }

  @Test
  void closingWaitsForWhatItRuns() throws Exception {
    try (var servers = servers(executor, 1, 1, WhenFull.WAIT)) {
      servers.requestThatRuns();
      servers.request();
      servers.request();
      servers.awaitFull();
      Thread closer = Background.start("closes", servers.server()::serverClose);
      Eventually.waitsIn(closer, "joinRequests");
      servers.letGo(2);
      Eventually.ends(closer);
      assertEquals(2, servers.calls.count("handled"));
    }
  }

  // An executor that takes no more

  private static final Executor UNWILLING =
      work -> {
        throw new RejectedExecutionException("not today");
      };

  @Test
  void rejectionIsReportedAndTheRequestShutDownWhereRequestsWait() throws Exception {
    try (var servers = servers(UNWILLING, 1, 0, WhenFull.WAIT)) {
      for (int i = 1; i <= 3; i++) {
        servers.request();
        assertEquals("", servers.lastClientReads());
        servers.calls.await("shut down", i);
      }
      assertEquals(3, servers.calls.count("error: RejectedExecutionException"));
      assertTrue(servers.servingThread().isAlive());
    }
  }

  @Test
  void rejectionIsARefusalWhereRequestsAreRefused() throws Exception {
    try (var log = new LogCapture();
        var servers = servers(UNWILLING, 1, 0, WhenFull.REFUSE)) {
      for (int i = 1; i <= 3; i++) {
        servers.request();
        assertEquals("", servers.lastClientReads());
        servers.calls.await("shut down", i);
      }
      assertEquals(List.of("shut down", "shut down", "shut down"), servers.calls.all());
      assertEquals(1, log.at(Level.WARN, "the pool is full; requests refused: 1,").size());
    }
  }

  @Test
  void servingThreadRunsWhatIsRejectedWhereItRunsRequests() throws Exception {
    try (var servers = servers(UNWILLING, 1, 0, WhenFull.RUN)) {
      for (int i = 1; i <= 3; i++) {
        assertSame(servers.servingThread(), servers.requestThatRuns());
        servers.letGo(1);
        servers.calls.await("shut down", i);
      }
      assertEquals(3, servers.calls.count("handled"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void freedThreadRunsWhatWaitedIfTheExecutorTakesNoMore(WhenFull whenFull) throws Exception {
    AtomicBoolean willing = new AtomicBoolean(true);
    Executor moody = work -> (willing.get() ? executor : UNWILLING).execute(work);
    try (var servers = servers(moody, 1, 3, whenFull)) {
      Thread thread = servers.requestThatRuns();
      for (int i = 0; i < 3; i++) {
        servers.request();
      }
      // what comes now has no room
      if (whenFull == WhenFull.WAIT) {
        servers.request();
        servers.awaitFull();
      } else if (whenFull == WhenFull.REFUSE) {
        servers.request();
        assertEquals("", servers.lastClientReads());
      } else {
        assertSame(servers.servingThread(), servers.requestThatRuns());
      }
      willing.set(false);
      servers.letGo(10);
      for (int i = 0; i < 3; i++) {
        assertSame(thread, servers.nextThread());
      }
      servers.calls.await("handled", whenFull == WhenFull.RUN ? 5 : 4);
    }
  }

  // Executors that use the thread that calls

  @Test
  void executorMayRunRequestsOnTheServingThread() throws Exception {
    try (var servers = servers(Runnable::run, 1, 0, WhenFull.WAIT)) {
      String name = servers.servingThread().getName();
      for (int i = 1; i <= 3; i++) {
        assertSame(servers.servingThread(), servers.requestThatRuns());
        servers.letGo(1);
        servers.calls.await("shut down", i);
      }
      Eventually.holds(
          "the thread has its name again", () -> servers.servingThread().getName().equals(name));
    }
  }

  @Test
  void executorThatRunsOnItsCallersNestsNothing() throws Exception {
    int requests = 20_000;
    List<Integer> handled = new CopyOnWriteArrayList<>();
    AtomicInteger count = new AtomicInteger();
    class Counting extends BaseRequestHandler<String> {
      @Override
      public void handle() throws Exception {
        if (request.equals("first")) {
          // until all others wait
          Eventually.holds("it waits", () -> server(Server.class).offered());
        }
        if (count.incrementAndGet() % 1000 == 0) {
          handled.add(count.get());
        }
      }
    }
    AtomicBoolean first = new AtomicBoolean(true);
    Executor caller =
        work -> {
          if (first.getAndSet(false)) {
            executor.execute(work);
          } else {
            work.run();
          }
        };
    Server server = new Server(requests, Counting::new);
    server.executor(caller);
    server.maxWorkers(1);
    server.maxWaiting(requests);
    try (var running = RunningServer.start(server)) {
      server.offer("first");
      for (int i = 1; i < requests; i++) {
        server.offer("another");
      }
      Eventually.holds("all are handled", () -> count.get() == requests);
      assertEquals(requests / 1000, handled.size());
      assertTrue(running.thread().isAlive());
    }
  }

  private static final class Server extends QueueServer implements ThreadPoolMixIn {
    private final int expected;
    private final AtomicInteger processed = new AtomicInteger();

    Server(int expected, HandlerFactory<String> handler) {
      super(handler);
      this.expected = expected;
    }

    boolean offered() {
      return processed.get() == expected;
    }

    @Override
    public void processRequest(String request, SocketAddress client) throws Exception {
      super.processRequest(request, client);
      processed.incrementAndGet();
    }
  }

  @Test
  void poolThatServersShareWithAPolicyOfItsOwnLosesNothing() throws Exception {
    ThreadPoolExecutor shared =
        new ThreadPoolExecutor(
            2,
            2,
            1,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(1),
            new ThreadPoolExecutor.CallerRunsPolicy());
    try (var first = servers(shared, 3, 2, WhenFull.WAIT);
        var second = servers(shared, 3, 2, WhenFull.WAIT)) {
      for (int i = 0; i < 8; i++) {
        first.request();
        second.request();
      }
      first.letGo(8);
      second.letGo(8);
      first.calls.await("handled", 8);
      second.calls.await("handled", 8);
    } finally {
      shared.shutdown();
      assertTrue(shared.awaitTermination(Bounds.WAIT.toSeconds(), TimeUnit.SECONDS));
    }
  }
}
