package socketserver.multiplexing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import socketserver.StreamSocket;
import socketserver.WouldBlockException;
import socketserver.contract.Remains;
import socketserver.fixture.Background;
import socketserver.fixture.Bounds;
import socketserver.fixture.Descriptors;
import socketserver.fixture.Eventually;
import socketserver.fixture.Strategy;
import socketserver.select.Epoll;
import socketserver.select.Poll;
import socketserver.select.PollEvent;
import socketserver.select.Select;
import socketserver.selectors.DefaultSelector;

/** Threads that wait for the same sockets, change what others wait for, and are interrupted. */
@Timeout(60)
class SeveralThreadsTest {
  private static final int SOCKETS = 8;
  private static final int MESSAGES = 200;

  private final Sockets sockets = new Sockets();
  private final Epoll epoll = sockets.add(new Epoll());

  @AfterEach
  void close() throws IOException {
    sockets.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anInterruptEndsTheWait(boolean descriptor) throws Exception {
    Ends ends = sockets.pair(descriptor);
    epoll.register(ends.watched(), Epoll.EPOLLIN);
    CompletableFuture<Boolean> flag = new CompletableFuture<>();
    Thread thread =
        Background.start(
            "waits",
            () -> {
              assertThrows(InterruptedIOException.class, () -> epoll.poll());
              flag.complete(Thread.currentThread().isInterrupted());
            });
    Eventually.holds("it is in poll", () -> isIn(thread, "poll"));
    thread.interrupt();
    assertTrue(Background.result(flag));
    ends.other().sendall("x");
    assertEquals(1, epoll.poll(Bounds.WAIT).size());
  }

  private static boolean isIn(Thread thread, String method) {
    return List.of(thread.getStackTrace()).stream()
        .anyMatch(frame -> frame.getMethodName().equals(method));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void closingEndsTheWait(boolean descriptor) throws Exception {
    epoll.register(sockets.pair(descriptor).watched(), Epoll.EPOLLIN);
    Thread thread =
        Background.start(
            "waits", () -> assertThrows(IllegalStateException.class, () -> epoll.poll()));
    Eventually.holds("it is in poll", () -> isIn(thread, "poll"));
    epoll.close();
    Eventually.ends(thread);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void everyOneShotIsToldToOneThreadAlone(boolean descriptor) throws Exception {
    int threads = 4;
    AtomicInteger received = new AtomicInteger();
    List<Ends> pairs = new ArrayList<>();
    for (int i = 0; i < SOCKETS; i++) {
      Ends ends = sockets.pair(descriptor);
      pairs.add(ends);
      epoll.register(ends.watched(), Epoll.EPOLLIN | Epoll.EPOLLONESHOT);
    }
    List<CompletableFuture<Void>> workers = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      workers.add(
          Background.ask(
              "works",
              () -> {
                while (received.get() < SOCKETS * MESSAGES) {
                  for (PollEvent event : epoll.poll(Duration.ofMillis(20), 2)) {
                    StreamSocket socket = (StreamSocket) event.fileobj();
                    // nobody else can have taken it
                    received.addAndGet(socket.recv(1 + received.get() % 3).length);
                    epoll.modify(socket, Epoll.EPOLLIN | Epoll.EPOLLONESHOT);
                  }
                }
                return null;
              }));
    }
    for (int i = 0; i < MESSAGES; i++) {
      for (Ends ends : pairs) {
        ends.other().sendall("x");
      }
    }
    for (CompletableFuture<Void> worker : workers) {
      Background.result(worker);
    }
    assertEquals(SOCKETS * MESSAGES, received.get());
    assertEquals(List.of(), epoll.poll(Duration.ZERO));
  }

  @Test
  void socketsComeAndGoWhileAnotherThreadWaits() throws Exception {
    AtomicInteger received = new AtomicInteger();
    AtomicInteger rounds = new AtomicInteger();
    CompletableFuture<Void> loop =
        Background.ask(
            "serves",
            () -> {
              while (rounds.get() < MESSAGES) {
                for (PollEvent event : epoll.poll(Duration.ofMillis(20))) {
                  assertEquals(0, event.events() & Poll.POLLNVAL);
                  try {
                    received.addAndGet(((StreamSocket) event.fileobj()).recv(10).length);
                  } catch (WouldBlockException e) {
                    throw new AssertionError("told, and there was nothing", e);
                  } catch (java.net.SocketException e) {
                    // closed meanwhile
                  }
                }
              }
              return null;
            });
    try (var listener = sockets.listener()) {
      for (int i = 0; i < MESSAGES; i++) {
        try (StreamSocket client = StreamSocket.connect(listener.getsockname());
            StreamSocket accepted = listener.accept()) {
          accepted.setblocking(false);
          int before = received.get();
          if (i % 2 == 0) {
            client.sendall("x");
          }
          epoll.register(accepted, Epoll.EPOLLIN);
          if (i % 2 == 1) {
            client.sendall("x");
          }
          if (i % 3 > 0) {
            Eventually.holds(
                "it is received",
                () -> {
                  if (loop.isDone()) {
                    // with what has ended it
                    loop.join();
                  }
                  return received.get() > before;
                });
          }
          if (i % 4 == 0) {
            epoll.unregister(accepted);
          }
        }
        rounds.incrementAndGet();
      }
    } finally {
      rounds.set(MESSAGES);
    }
    Background.result(loop);
    assertEquals(List.of(), epoll.poll(Duration.ZERO));
  }

  @Test
  void socketsMoveToEventLoopsAndCloseWhileTwoEpollsWait() throws Exception {
    Epoll second = sockets.add(new Epoll());
    AtomicInteger rounds = new AtomicInteger();
    List<CompletableFuture<Void>> loops = new ArrayList<>();
    for (Epoll waited : List.of(epoll, second)) {
      loops.add(
          Background.ask(
              "waits",
              () -> {
                while (rounds.get() < MESSAGES) {
                  waited.poll(Duration.ofMillis(20));
                }
                return null;
              }));
    }
    try (var listener = sockets.listener()) {
      for (int i = 0; i < MESSAGES; i++) {
        try (StreamSocket client = StreamSocket.connect(listener.getsockname());
            StreamSocket accepted = listener.accept()) {
          epoll.register(accepted, Epoll.EPOLLIN | Epoll.EPOLLONESHOT);
          second.register(accepted, Epoll.EPOLLIN | Epoll.EPOLLOUT | Epoll.EPOLLONESHOT);
          if (i % 2 == 0) {
            Ends.awaitInVain(accepted);
          }
          client.sendall("x");
          accepted.settimeout(Bounds.WAIT);
          assertEquals(1, accepted.recv(1).length);
          if (i % 3 == 0) {
            epoll.unregister(accepted);
          }
        }
        rounds.incrementAndGet();
      }
    } finally {
      rounds.set(MESSAGES);
    }
    for (CompletableFuture<Void> loop : loops) {
      Background.result(loop);
    }
    assertEquals(List.of(), epoll.poll(Duration.ZERO));
    assertEquals(List.of(), second.poll(Duration.ZERO));
  }

  @Test
  void whoeverWaitsBehindAnotherTakesItsPlace() throws Exception {
    Ends ends = sockets.pair();
    epoll.register(ends.watched(), Epoll.EPOLLIN);
    var first = Background.ask("waits", () -> epoll.poll(Bounds.WAIT));
    var second = Background.ask("waits as well", () -> epoll.poll(Bounds.WAIT));
    ends.other().sendall("x");
    assertEquals(1, Background.result(first).size());
    assertEquals(1, Background.result(second).size());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void virtualThreadsWaitLikeAllOthers(boolean descriptor) throws Exception {
    assumeVirtualThreads();
    ExecutorService threads =
        (ExecutorService) Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    try {
      List<Future<List<PollEvent>>> waiting = new ArrayList<>();
      List<Ends> pairs = new ArrayList<>();
      // more than there are threads that could carry them
      for (int i = 0; i < 20; i++) {
        Ends ends = sockets.pair(descriptor);
        Epoll own = sockets.add(new Epoll());
        own.register(ends.watched(), Epoll.EPOLLIN);
        pairs.add(ends);
        waiting.add(threads.submit(() -> own.poll(Bounds.WAIT)));
      }
      for (int i = 19; i >= 0; i--) {
        pairs.get(i).other().sendall("x");
        List<PollEvent> events = waiting.get(i).get(Bounds.WAIT.toMillis(), TimeUnit.MILLISECONDS);
        assertEquals(1, events.size());
        assertSame(pairs.get(i).watched(), events.get(0).fileobj());
      }
      epoll.register(pairs.get(0).other(), Epoll.EPOLLIN);
      Future<?> interrupted =
          threads.submit(
              () -> {
                Thread.currentThread().interrupt();
                assertThrows(InterruptedIOException.class, () -> epoll.poll());
                assertTrue(Thread.interrupted());
              });
      interrupted.get(Bounds.WAIT.toMillis(), TimeUnit.MILLISECONDS);
    } finally {
      threads.shutdownNow();
    }
  }

  private static void assumeVirtualThreads() {
    if (!Strategy.hasVirtualThreads()) {
      String message = "SKIPPED: no virtual threads on Java " + Runtime.version().feature();
      System.err.println(message);
      Assumptions.abort(message);
    }
  }

  @Test
  void afterCloseNoDescriptorAndNoThreadIsLeft() throws Exception {
    Descriptors.assumeCountable();
    epoll.close();
    useEverything();
    Remains.awaitNoEngine();
    int before = Descriptors.open();
    for (int i = 0; i < 20; i++) {
      useEverything();
    }
    Remains.awaitNoEngine();
    Eventually.holds(
        () -> "as many descriptors as before, " + before + "; now " + Descriptors.open(),
        () -> Descriptors.open() <= before);
  }

  private static void useEverything() throws Exception {
    try (Ends ends = Ends.Kind.TCP_ACCEPTED.open();
        Ends read = Ends.Kind.TCP_AFTER_WAITING.open();
        Epoll one = new Epoll();
        DefaultSelector selector = new DefaultSelector()) {
      Poll poll = new Poll();
      List<StreamSocket> both = List.of(ends.watched(), read.watched());
      for (StreamSocket socket : both) {
        one.register(socket);
        poll.register(socket);
        selector.register(socket, DefaultSelector.EVENT_WRITE);
      }
      assertEquals(2, one.poll(Bounds.WAIT).size());
      assertEquals(2, poll.poll(Bounds.WAIT).size());
      assertEquals(2, selector.select(Bounds.WAIT).size());
      Thread selecting =
          Background.start(
              "selects, and ends",
              () ->
                  assertEquals(
                      2, Select.select(List.of(), both, List.of(), Bounds.WAIT).wlist().size()));
      Eventually.ends(selecting);
      assertEquals(2, Select.select(List.of(), both, List.of(), Bounds.WAIT).wlist().size());
    }
  }
}
