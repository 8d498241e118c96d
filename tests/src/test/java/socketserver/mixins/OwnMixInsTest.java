package socketserver.mixins;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import socketserver.BaseRequestHandler;
import socketserver.DatagramRequest;
import socketserver.HandlerFactory;
import socketserver.RequestDispatch;
import socketserver.RequestHooks;
import socketserver.RequestTask;
import socketserver.StreamRequestHandler;
import socketserver.StreamSocket;
import socketserver.TCPServer;
import socketserver.ThreadingMixIn;
import socketserver.UDPServer;
import socketserver.fixture.Background;
import socketserver.fixture.Bounds;
import socketserver.fixture.Calls;
import socketserver.fixture.Eventually;
import socketserver.fixture.RunningServer;
import socketserver.fixture.TcpClient;
import socketserver.fixture.UdpClient;

/** Mix-ins that a user writes: typed ones that override hooks, and ones that dispatch. */
@Timeout(60)
class OwnMixInsTest {
  private static final int LIMIT = 2;
  private static final int CLIENTS = 8;

  private final Calls calls = new Calls();
  private final AtomicInteger running = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();
  private final CountDownLatch full = new CountDownLatch(LIMIT);

  /** Runs each request in a thread, a limited number at a time. */
  interface Bounded<R> extends RequestHooks<R>, ThreadingMixIn {
    /** How many more requests may run. */
    Semaphore permits();

    @Override
    default void processRequest(R request, SocketAddress clientAddress) throws Exception {
      permits().acquire();
      RequestHooks.super.processRequest(request, clientAddress);
    }

    @Override
    default void shutdownRequest(R request) {
      try {
        RequestHooks.super.shutdownRequest(request);
      } finally {
        permits().release();
      }
    }
  }

  private static final class BoundedStreams extends TCPServer implements Bounded<StreamSocket> {
    private final Semaphore permits = new Semaphore(LIMIT);

    BoundedStreams(HandlerFactory<StreamSocket> handler) throws IOException {
      super(RunningServer.anyPort(), handler);
    }

    @Override
    public Semaphore permits() {
      return permits;
    }
  }

  private static final class BoundedDatagrams extends UDPServer
      implements Bounded<DatagramRequest> {
    private final Semaphore permits = new Semaphore(LIMIT);

    BoundedDatagrams(HandlerFactory<DatagramRequest> handler) throws IOException {
      super(RunningServer.anyPort(), handler);
    }

    @Override
    public Semaphore permits() {
      return permits;
    }
  }

  /** Counts how many of its kind run at the same time; the first ones meet. */
  private final class Counting extends BaseRequestHandler<Object> {
    @Override
    public void handle() {
      int now = running.incrementAndGet();
      most.accumulateAndGet(now, Math::max);
      full.countDown();
      Eventually.opens("as many run as may", full);
      running.decrementAndGet();
      calls.add("handled");
    }
  }

  private HandlerFactory<StreamSocket> countingStreams() {
    return Counting::new;
  }

  private HandlerFactory<DatagramRequest> countingDatagrams() {
    return Counting::new;
  }

  @Test
  void boundedMixInLimitsTheConnectionsThatAreHandledAtATime() throws IOException {
    try (var server = RunningServer.start(new BoundedStreams(countingStreams()))) {
      List<TcpClient> clients = new ArrayList<>();
      try {
        for (int i = 0; i < CLIENTS; i++) {
          clients.add(TcpClient.to(server));
        }
        for (TcpClient client : clients) {
          assertEquals("", client.rest());
        }
      } finally {
        for (TcpClient client : clients) {
          client.close();
        }
      }
      assertPermitsAreBack(server.server().permits());
    }
  }

  @Test
  void boundedMixInLimitsTheDatagramsThatAreHandledAtATime() throws IOException {
    try (var server = RunningServer.start(new BoundedDatagrams(countingDatagrams()));
        var client = UdpClient.to(server)) {
      for (int i = 0; i < CLIENTS; i++) {
        client.send("x");
      }
      calls.await("handled", CLIENTS);
      assertPermitsAreBack(server.server().permits());
    }
  }

  private void assertPermitsAreBack(Semaphore permits) {
    Eventually.holds("the permits are back", () -> permits.availablePermits() == LIMIT);
    assertEquals(LIMIT, most.get());
    assertEquals(CLIENTS, calls.count("handled"));
  }

  /** Hands each request to a pool of the user's. */
  interface Pooled<R> extends RequestHooks<R> {
    /** Where requests run. */
    ExecutorService pool();

    @Override
    default void processRequest(R request, SocketAddress clientAddress) {
      pool().execute(() -> processRequestThread(request, clientAddress));
    }
  }

  private static final class PooledServer extends TCPServer implements Pooled<StreamSocket> {
    private final ExecutorService pool =
        Executors.newFixedThreadPool(LIMIT, work -> new Thread(work, "from the pool"));

    PooledServer(HandlerFactory<StreamSocket> handler) throws IOException {
      super(RunningServer.anyPort(), handler);
    }

    @Override
    public ExecutorService pool() {
      return pool;
    }

    @Override
    public void serverClose() {
      super.serverClose();
      pool.shutdown();
      try {
        if (!pool.awaitTermination(Bounds.WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
          throw new AssertionError("the pool has not ended");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static final class NamingItsThread extends StreamRequestHandler {
    @Override
    public void handle() throws IOException {
      wfile.write(Thread.currentThread().getName() + "\n");
      if (rfile.readline().length == 1) {
        throw new IOException("an empty line");
      }
    }
  }

  @Test
  void poolRunsRequestsWithProcessRequestThread() throws IOException {
    try (var server = RunningServer.start(new PooledServer(NamingItsThread::new));
        var first = TcpClient.to(server);
        var second = TcpClient.to(server)) {
      assertEquals("from the pool\n", first.line());
      assertEquals("from the pool\n", second.line());
      first.send("x\n");
      second.send("x\n");
      assertEquals("", first.rest());
      assertEquals("", second.rest());
    }
  }

  @Test
  void requestThatFailsInAPoolIsReportedAndShutDown() throws IOException {
    try (var err = new socketserver.fixture.StandardError();
        var server = RunningServer.start(new PooledServer(NamingItsThread::new));
        var client = TcpClient.to(server)) {
      assertEquals("from the pool\n", client.line());
      client.send("\n");
      assertEquals("", client.rest());
      Eventually.holds("the error is reported", () -> err.text().contains("an empty line"));
    }
  }

  /** Dispatches without knowing the kind of request: one word on any server, as Python's are. */
  interface NewThreadEach extends RequestDispatch {
    @Override
    default void dispatchRequest(RequestTask task) {
      new Thread(task::runInThread, "a new thread").start();
    }
  }

  private static final class NewThreadServer extends TCPServer implements NewThreadEach {
    NewThreadServer() throws IOException {
      super(RunningServer.anyPort(), NamingItsThread::new);
    }
  }

  @Test
  void dispatchingMixInIsOneWordToo() throws IOException {
    try (var server = RunningServer.start(new NewThreadServer());
        var client = TcpClient.to(server)) {
      assertEquals("a new thread\n", client.line());
      client.send("x\n");
      assertEquals("", client.rest());
    }
  }

  /** Looks after something between requests. */
  interface Reaping extends RequestDispatch {
    /** Counts. */
    AtomicInteger reaped();

    @Override
    default void reapRequests() {
      reaped().incrementAndGet();
    }

    @Override
    default Duration dispatchTimeout() {
      return Duration.ofMillis(1);
    }
  }

  private static class ReapingServer extends TCPServer implements Reaping {
    private final AtomicInteger reaped = new AtomicInteger();

    ReapingServer() throws IOException {
      super(RunningServer.anyPort(), NamingItsThread::new);
    }

    @Override
    public AtomicInteger reaped() {
      return reaped;
    }
  }

  @Test
  void superServiceActionsStillReaps() throws IOException {
    class Busy extends ReapingServer {
      Busy() throws IOException {}

      @Override
      public void serviceActions() throws Exception {
        calls.add("actions");
        super.serviceActions();
      }
    }

    reaps(new Busy());
  }

  @Test
  void superServiceActionsInTheClassOfTheMixInStillReaps() throws IOException {
    class Busy extends TCPServer implements Reaping {
      private final AtomicInteger reaped = new AtomicInteger();

      Busy() throws IOException {
        super(RunningServer.anyPort(), NamingItsThread::new);
      }

      @Override
      public AtomicInteger reaped() {
        return reaped;
      }

      @Override
      public void serviceActions() throws Exception {
        calls.add("actions");
        super.serviceActions();
      }
    }

    reaps(new Busy());
  }

  @SuppressWarnings("try") // serves, and that is all
  private <S extends TCPServer & Reaping> void reaps(S busy) {
    try (var running = RunningServer.start(busy, Duration.ofMillis(1))) {
      calls.await("actions", 2);
      Eventually.holds("it reaps", () -> busy.reaped().get() > 0);
    }
  }

  @Test
  void overrideOfServiceActionsWithoutSuperDoesNotReap() throws IOException {
    class Forgetful extends ReapingServer {
      Forgetful() throws IOException {}

      @Override
      public void serviceActions() {
        calls.add("actions");
      }
    }

    try (var server = RunningServer.start(new Forgetful(), Duration.ofMillis(1))) {
      calls.await("actions", 3);
      assertEquals(0, server.server().reaped().get());
    }
  }

  @Test
  void timeoutOfAMixInIsTheServersUntilOneIsSet() throws IOException {
    try (var server = new ReapingServer()) {
      assertEquals(Duration.ofMillis(1), server.timeout());
      server.handleRequest(); // nobody comes
      assertEquals(1, server.reaped().get(), "handleTimeout reaps");
      server.timeout(Duration.ofSeconds(5));
      assertEquals(Duration.ofSeconds(5), server.timeout());
      server.timeout(null);
      assertEquals(Duration.ofMillis(1), server.timeout());
    }
  }

  @Test
  void mixInsThatOverrideDifferentThingsGoTogether() throws IOException {
    class Both extends ReapingServer implements ThreadingMixIn {
      Both() throws IOException {}
    }

    try (var server = RunningServer.start(new Both(), Duration.ofMillis(1));
        var client = TcpClient.to(server)) {
      String name = client.line();
      assertNotEquals(server.thread().getName() + "\n", name);
      assertTrue(name.contains("process_request_thread"), name);
      client.send("x\n");
      assertEquals("", client.rest());
      Eventually.holds("it reaps", () -> server.server().reaped().get() > 0);
    }
  }

  /** Waits for what it started. */
  interface Joining extends NewThreadEach {
    /** Noted when it is asked to wait. */
    Calls calls();

    @Override
    default void joinRequests() {
      calls().add("join, listener " + ((TCPServer) this).fileno());
    }
  }

  @Test
  void closingAsksTheMixInToWaitOnceTheListenerIsClosed() throws IOException {
    class Server extends TCPServer implements Joining {
      Server() throws IOException {
        super(RunningServer.anyPort(), NamingItsThread::new);
      }

      @Override
      public Calls calls() {
        return calls;
      }
    }

    Server server = new Server();
    Eventually.ends(Background.start("closes", server::serverClose));
    assertEquals(List.of("join, listener -1"), calls.all());
  }
}
