package socketserver.strategies;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import socketserver.BaseRequestHandler;
import socketserver.BaseServer;
import socketserver.EventLoopMixIn;
import socketserver.HandlerFactory;
import socketserver.StreamRequestHandler;
import socketserver.StreamSocket;
import socketserver.TCPServer;
import socketserver.contract.Remains;
import socketserver.fixture.Background;
import socketserver.fixture.Bounds;
import socketserver.fixture.Eventually;
import socketserver.fixture.LogCapture;
import socketserver.fixture.RequestThreads;
import socketserver.fixture.RunningServer;
import socketserver.fixture.Strategy;
import socketserver.fixture.TcpClient;

/** Handlers on event loops: one at a time on each, and none that keeps its loop unnoticed. */
@Timeout(60)
class EventLoopTest {
  private final CountDownLatch release = new CountDownLatch(1);
  private final CompletableFuture<String> told = new CompletableFuture<>();

  @BeforeEach
  void assumeLoopsCanBeChosen() {
    Strategy.EVENTLOOP.assumeWorksHere();
  }

  @AfterEach
  void nothingIsLeft() {
    release.countDown();
    RequestThreads.awaitNone();
    Remains.awaitNoEngine();
  }

  private static TCPServer server(HandlerFactory<StreamSocket> handler) throws IOException {
    return Strategy.EVENTLOOP.server(handler);
  }

  /** What runs the calling virtual thread. */
  private static String carrier() {
    String self = Thread.currentThread().toString();
    return self.substring(self.indexOf('@') + 1);
  }

  private static boolean isOnALoop() {
    return carrier().startsWith("socketserver-loop");
  }

  /** Answers lines with themselves. */
  private static final class Echo extends StreamRequestHandler {
    @Override
    public void handle() throws IOException {
      for (byte[] line : rfile) {
        wfile.write(line);
      }
    }
  }

  @Test
  void aHandlerRunsOnAnEventLoopAlsoWhenItHasWaited() throws IOException {
    class Telling extends StreamRequestHandler {
      @Override
      public void handle() throws IOException {
        for (byte[] line : rfile) {
          String before = carrier();
          Thread.yield();
          wfile.write(before + " " + carrier() + "\n");
        }
      }
    }
    try (var running = RunningServer.start(server(Telling::new));
        var client = TcpClient.to(running)) {
      awaitOnALoop(client);
    }
  }

  /** A turn may have been long on a machine with much to do; then the next ones are elsewhere. */
  private static void awaitOnALoop(TcpClient client) {
    Eventually.holds(
        "the handler has its turns on one loop",
        () -> {
          String[] carriers = client.send("\n").line().strip().split(" ");
          return carriers[0].startsWith("socketserver-loop") && carriers[0].equals(carriers[1]);
        });
  }

  @Test
  void aHandlerWhoseTurnsAreLongHasThemElsewhereUntilTheyAreShortAgain() throws IOException {
    class Computing extends StreamRequestHandler {
      @Override
      public void handle() throws IOException {
        for (byte[] line : rfile) {
          String before = carrier();
          if (line.length > 1) {
            compute();
          }
          Thread.yield();
          wfile.write(before + " " + carrier() + "\n");
        }
      }
    }
    try (var running = RunningServer.start(server(Computing::new));
        var client = TcpClient.to(running)) {
      awaitOnALoop(client);
      String[] carriers = client.send("long\n").line().strip().split(" ");
      assertFalse(carriers[1].startsWith("socketserver-loop"), carriers[1]);
      carriers = client.send("long\n").line().strip().split(" ");
      assertFalse(carriers[0].startsWith("socketserver-loop"), carriers[0]);
      awaitOnALoop(client);
    }
  }

  @Test
  void handlersThatBeginWithALongTurnBeginElsewhere() throws IOException {
    class Computing extends BaseRequestHandler<StreamSocket> {
      @Override
      public void handle() throws IOException {
        compute();
        request.sendall(isOnALoop() ? "on a loop" : "elsewhere");
      }
    }
    try (var running = RunningServer.start(server(Computing::new))) {
      Eventually.holds(
          "a handler begins elsewhere",
          () -> {
            try (var client = TcpClient.to(running)) {
              return client.rest().equals("elsewhere");
            }
          });
    }
  }

  /** Keeps its thread for longer than a turn is to take. */
  private static void compute() {
    long start = System.nanoTime();
    while (System.nanoTime() - start < 5_000_000) {
      Thread.onSpinWait();
    }
  }

  @Test
  void handlersOfOneLoopTakeTurns() throws IOException {
    Map<String, AtomicInteger> busy = new ConcurrentHashMap<>();
    AtomicInteger most = new AtomicInteger();
    class Counting extends StreamRequestHandler {
      @Override
      public void handle() throws IOException {
        for (byte[] line : rfile) {
          // a turn may have been long on a machine with much to do
          String where = isOnALoop() ? carrier() : Thread.currentThread().toString();
          AtomicInteger here = busy.computeIfAbsent(where, name -> new AtomicInteger());
          most.accumulateAndGet(here.incrementAndGet(), Math::max);
          for (int i = 0; i < 1000; i++) {
            Thread.onSpinWait();
          }
          here.decrementAndGet();
          wfile.write(line);
        }
      }
    }
    List<TcpClient> clients = new ArrayList<>();
    try (var running = RunningServer.start(server(Counting::new))) {
      for (int i = 0; i < 4 * Runtime.getRuntime().availableProcessors(); i++) {
        clients.add(TcpClient.to(running));
      }
      for (int round = 0; round < 20; round++) {
        for (TcpClient client : clients) {
          client.send("x\n");
        }
        for (TcpClient client : clients) {
          assertEquals("x\n", client.line());
        }
      }
      for (TcpClient client : clients) {
        client.close();
      }
    }
    assertEquals(1, most.get());
  }

  // What lets the others go on

  /** A handler of which each begins to wait, in whatever way. */
  private void checkOthersGoOnWhile(Callable<?> waiting) throws IOException {
    CompletableFuture<Thread> begun = new CompletableFuture<>();
    class Waiting extends StreamRequestHandler {
      @Override
      public void handle() throws Exception {
        String line = rfile.readline(java.nio.charset.StandardCharsets.US_ASCII);
        if (line.startsWith("wait")) {
          begun.complete(Thread.currentThread());
          waiting.call();
          wfile.write("gone on");
        } else {
          wfile.write(line);
        }
      }
    }
    try (var running = RunningServer.start(server(Waiting::new));
        var first = TcpClient.to(running)) {
      first.send("wait\n");
      Thread thread = Background.result(begun);
      Eventually.holds(
          () -> "the handler waits; it is " + thread.getState(),
          () ->
              List.of(Thread.State.BLOCKED, Thread.State.WAITING, Thread.State.TIMED_WAITING)
                  .contains(thread.getState()));
      // at least one of them has the same loop
      for (int i = 0; i < 2 * Runtime.getRuntime().availableProcessors(); i++) {
        try (var other = TcpClient.to(running)) {
          assertEquals("x\n", other.send("x\n").line());
        }
      }
      release.countDown();
      assertEquals("gone on", first.rest());
    } finally {
      release.countDown();
    }
  }

  private Executor afterwards() {
    return task ->
        Background.start(
            "lets the handler go on",
            () -> {
              release.await();
              task.run();
            });
  }

  @Test
  void aHandlerThatWaitsForALatchDoesNotStopItsLoop() throws IOException {
    checkOthersGoOnWhile(
        () -> {
          release.await();
          return null;
        });
  }

  @Test
  void aHandlerThatSleepsDoesNotStopItsLoop() throws IOException {
    checkOthersGoOnWhile(
        () -> {
          Thread sleeper = Thread.currentThread();
          afterwards().execute(sleeper::interrupt);
          try {
            Thread.sleep(Long.MAX_VALUE);
            return null;
          } catch (InterruptedException e) {
            return e;
          }
        });
  }

  @Test
  void aHandlerThatWaitsForAQueueDoesNotStopItsLoop() throws IOException {
    var queue = new java.util.concurrent.LinkedBlockingQueue<String>();
    checkOthersGoOnWhile(
        () -> {
          afterwards().execute(() -> queue.add("something"));
          return queue.take();
        });
  }

  @Test
  void aHandlerThatWaitsInAMonitorDoesNotStopItsLoop() throws IOException {
    Object monitor = new Object();
    checkOthersGoOnWhile(
        () -> {
          afterwards()
              .execute(
                  () -> {
                    synchronized (monitor) {
                      monitor.notifyAll();
                    }
                  });
          synchronized (monitor) {
            while (release.getCount() > 0) {
              monitor.wait();
            }
          }
          return null;
        });
  }

  @Test
  void aHandlerThatWaitsForAMonitorDoesNotStopItsLoop() throws IOException {
    Object monitor = new Object();
    CountDownLatch held = new CountDownLatch(1);
    Thread holder =
        Background.start(
            "holds the monitor",
            () -> {
              synchronized (monitor) {
                held.countDown();
                release.await();
              }
            });
    Eventually.opens("the monitor is held", held);
    checkOthersGoOnWhile(
        () -> {
          synchronized (monitor) {
            return null;
          }
        });
    Eventually.ends(holder);
  }

  @Test
  void aHandlerThatReadsASocketOfTheJdkDoesNotStopItsLoop() throws IOException {
    try (var listener = new java.net.ServerSocket(0, 1, RunningServer.anyPort().getAddress())) {
      checkOthersGoOnWhile(
          () -> {
            try (var mine =
                    new java.net.Socket(listener.getInetAddress(), listener.getLocalPort());
                var other = listener.accept()) {
              afterwards().execute(() -> closeQuietly(other));
              return mine.getInputStream().read();
            }
          });
    }
  }

  @Test
  void aHandlerThatIsAClientItselfDoesNotStopItsLoop() throws IOException {
    class Late extends StreamRequestHandler {
      @Override
      public void handle() throws IOException {
        Eventually.opens("the test lets it answer", release);
        wfile.write("answer");
      }
    }
    try (var backend = RunningServer.start(Strategy.PLATFORM.server(Late::new))) {
      checkOthersGoOnWhile(
          () -> {
            try (StreamSocket socket = StreamSocket.connect(backend.address())) {
              return socket.recv(10);
            }
          });
    }
  }

  private static void closeQuietly(AutoCloseable thing) {
    try {
      thing.close();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void virtualThreadsThatAHandlerStartsRunElsewhere() throws IOException {
    class Starting extends StreamRequestHandler {
      @Override
      public void handle() throws Exception {
        // a Java without them compiles this
        var factory = Executors.class.getMethod("newVirtualThreadPerTaskExecutor");
        ExecutorService threads = (ExecutorService) factory.invoke(null);
        try {
          boolean onLoop = threads.submit(EventLoopTest::isOnALoop).get();
          told.complete("" + onLoop);
        } finally {
          threads.shutdown();
        }
      }
    }
    try (var running = RunningServer.start(server(Starting::new));
        var client = TcpClient.to(running)) {
      assertEquals("false", Background.result(told));
      assertEquals("", client.rest());
    }
  }

  // What does not

  private final class Hog extends StreamRequestHandler {
    @Override
    public void handle() {
      keepTheLoop();
    }

    private void keepTheLoop() {
      while (release.getCount() > 0) {
        Thread.onSpinWait();
      }
    }
  }

  @Test
  void aHandlerThatKeepsItsLoopIsNamedOnceWithItsStack() throws IOException {
    try (var log = new LogCapture();
        var running = RunningServer.start(server(Hog::new))) {
      ((EventLoopMixIn) running.server()).slowCallbackDuration(Duration.ofMillis(30));
      try (var client = TcpClient.to(running)) {
        Eventually.holds("the handler is named", () -> !log.slow().isEmpty());
        release.countDown();
        assertEquals("", client.rest());
      }
      ILoggingEvent report = log.slow().get(0);
      String named =
          Hog.class.getName()
              + ".handle has kept its event loop for 30 ms, in "
              + Hog.class.getName()
              + ".keepTheLoop";
      assertEquals(Level.WARN, report.getLevel());
      assertTrue(report.getFormattedMessage().startsWith(named), report.getFormattedMessage());
      assertTrue(
          Arrays.stream(report.getThrowableProxy().getStackTraceElementProxyArray())
              .anyMatch(
                  frame -> frame.getStackTraceElement().getMethodName().equals("keepTheLoop")));
      assertEquals(1, log.slow().size());
    }
  }

  @Test
  void theThresholdMayBeOverriddenWithAnyLength() throws IOException {
    class Patient extends TCPServer implements EventLoopMixIn {
      private final Duration threshold;

      Patient(Duration threshold) throws IOException {
        super(RunningServer.anyPort(), Echo::new);
        this.threshold = threshold;
      }

      @Override
      public Duration slowCallbackDuration() {
        return threshold;
      }
    }
    for (Duration threshold : List.of(Duration.ZERO, Duration.ofSeconds(Long.MAX_VALUE))) {
      try (var running = RunningServer.start(new Patient(threshold));
          var client = TcpClient.to(running)) {
        assertEquals("x\n", client.send("x\n").line());
      }
    }
  }

  // Ends

  @Test
  void aHandlerThatOutlivesAllSocketsStillEnds() throws Exception {
    CountDownLatch closed = new CountDownLatch(1);
    class Outliving extends BaseRequestHandler<StreamSocket> {
      @Override
      public void handle() {
        request.close();
        closed.countDown();
        Eventually.opens("the test has closed everything", release);
        told.complete(isOnALoop() ? "on a loop that has ended" : "elsewhere");
      }
    }
    TCPServer server = server(Outliving::new);
    ((EventLoopMixIn) server).blockOnClose(false);
    try (var running = RunningServer.start(server);
        var client = TcpClient.to(running)) {
      Eventually.opens("the handler has closed its request", closed);
      assertEquals("", client.rest());
    }
    Remains.awaitNoEngine();
    release.countDown();
    assertEquals("elsewhere", Background.result(told));
  }

  @Test
  void aRequestThatOutlivesItsServerLeavesNoThread() throws Exception {
    TCPServer server = server(Echo::new);
    ((EventLoopMixIn) server).blockOnClose(false);
    // a watch that sleeps for so long must be woken to end
    ((EventLoopMixIn) server).slowCallbackDuration(Bounds.NEVER);
    var running = RunningServer.start(server);
    try (var client = TcpClient.to(running)) {
      assertEquals("before\n", client.send("before\n").line());
      running.close();
      assertEquals("after\n", client.send("after\n").line());
    }
    RequestThreads.awaitNone();
  }

  @Test
  void aHandlerMayCloseItsServerUnlessItIsWaitedFor() throws IOException {
    class Closing extends StreamRequestHandler {
      @Override
      public void handle() {
        BaseServer<?> mine = server;
        mine.shutdown();
        mine.serverClose();
        told.complete("closed");
      }
    }
    TCPServer server = server(Closing::new);
    ((EventLoopMixIn) server).blockOnClose(false);
    try (var running = RunningServer.start(server);
        var client = TcpClient.to(running)) {
      assertEquals("closed", Background.result(told));
      assertEquals("", client.rest());
      assertEquals(null, running.failure());
    }
  }

  @Test
  void aHandlerMayCloseItsServerWithoutASocketOfItsOwn() throws IOException {
    class Closing extends BaseRequestHandler<StreamSocket> {
      @Override
      public void handle() {
        request.close();
        server.serverClose();
        told.complete("closed");
      }
    }
    TCPServer server = server(Closing::new);
    ((EventLoopMixIn) server).blockOnClose(false);
    try (var running = RunningServer.start(server);
        var client = TcpClient.to(running)) {
      assertEquals("closed", Background.result(told));
      assertEquals("", client.rest());
    }
  }
}
