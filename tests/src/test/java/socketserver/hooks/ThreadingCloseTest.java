package socketserver.hooks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import socketserver.DatagramRequestHandler;
import socketserver.HandlerFactory;
import socketserver.StreamRequestHandler;
import socketserver.StreamSocket;
import socketserver.ThreadingTCPServer;
import socketserver.ThreadingUDPServer;
import socketserver.fixture.Background;
import socketserver.fixture.Bounds;
import socketserver.fixture.Calls;
import socketserver.fixture.Eventually;
import socketserver.fixture.RequestThreads;
import socketserver.fixture.RunningServer;
import socketserver.fixture.TcpClient;
import socketserver.fixture.UdpClient;

/** A threading server's threads, and which of them {@code serverClose()} waits for. */
@Timeout(60)
class ThreadingCloseTest {
  private final CountDownLatch release = new CountDownLatch(1);
  private final BlockingQueue<Thread> threads = new LinkedBlockingQueue<>();
  private final Calls calls = new Calls();

  private final class Slow extends StreamRequestHandler {
    @Override
    public void handle() {
      threads.add(Thread.currentThread());
      Eventually.opens("the test releases the handler", release);
      calls.add("handled");
    }
  }

  private ThreadingTCPServer server() throws IOException {
    HandlerFactory<StreamSocket> slow = Slow::new;
    return new ThreadingTCPServer(RunningServer.anyPort(), slow);
  }

  private Thread nextThread() {
    try {
      Thread thread = threads.poll(Bounds.WAIT.toMillis(), TimeUnit.MILLISECONDS);
      if (thread == null) {
        throw new AssertionError("no handler has begun");
      }
      return thread;
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted while waiting for a handler to begin", e);
    }
  }

  private Thread startClosing(ThreadingTCPServer server) {
    return Background.start(
        "closes",
        () -> {
          server.serverClose();
          calls.add("closed");
        });
  }

  @ParameterizedTest
  @CsvSource({"false, true", "false, false", "true, true", "true, false"})
  void threadIsADaemonIfTheAttributeSaysSo(boolean daemon, boolean block) throws IOException {
    try (var server = server();
        var client = TcpClient.to(server)) {
      server.daemonThreads(daemon);
      server.blockOnClose(block);
      server.handleRequest();
      RequestThreads.assertDaemon(daemon, nextThread());
      release.countDown();
      assertEquals("", client.rest());
    }
  }

  @Test
  void closingWaitsForARequestThatIsNoDaemon() throws IOException {
    try (var server = server();
        var client = TcpClient.to(server)) {
      server.handleRequest();
      nextThread();
      Thread closer = startClosing(server);
      Eventually.waitsIn(closer, "joinRequests");
      release.countDown();
      Eventually.ends(closer);
      assertEquals(List.of("handled", "closed"), calls.all());
      assertEquals("", client.rest());
    }
  }

  @Test
  void listenerIsClosedBeforeTheWait() throws IOException {
    try (var server = server();
        var client = TcpClient.to(server)) {
      server.handleRequest();
      nextThread();
      Thread closer = startClosing(server);
      Eventually.waitsIn(closer, "joinRequests");
      assertEquals(-1, server.fileno());
      release.countDown();
      Eventually.ends(closer);
      assertEquals("", client.rest());
    }
  }

  @ParameterizedTest
  @CsvSource({"false, false", "true, true", "true, false"})
  void closingDoesNotWaitForOthers(boolean daemon, boolean block) throws IOException {
    try (var server = server();
        var client = TcpClient.to(server)) {
      server.daemonThreads(daemon);
      server.blockOnClose(block);
      server.handleRequest();
      Thread handling = nextThread();
      Eventually.ends(startClosing(server));
      release.countDown();
      Eventually.holds("the handler ends", () -> calls.count("handled") == 1);
      assertEquals(List.of("closed", "handled"), calls.all());
      Eventually.ends(handling);
      assertEquals("", client.rest());
    }
  }

  @Test
  void attributesAreReadForEachRequestWhenItStarts() throws IOException {
    try (var server = server();
        var first = TcpClient.to(server);
        var other = TcpClient.to(server)) {
      server.handleRequest();
      RequestThreads.assertDaemon(false, nextThread());
      server.daemonThreads(true);
      server.blockOnClose(false); // too late for the first
      server.handleRequest();
      Thread second = nextThread();
      // one that is virtual cannot be told from the first, for which the process goes on
      assertTrue(second.isDaemon());
      Thread closer = startClosing(server);
      Eventually.waitsIn(closer, "joinRequests");
      release.countDown();
      Eventually.ends(closer);
      assertEquals("", first.rest());
      assertEquals("", other.rest());
    }
  }

  @Test
  void requestWhoseDaemonThreadEndsLeavesNoThread() throws IOException {
    try (var server = server();
        var client = TcpClient.to(server)) {
      server.daemonThreads(true);
      server.handleRequest();
      nextThread();
      release.countDown();
      assertEquals("", client.rest());
      RequestThreads.awaitNone();
    }
  }

  @Test
  void threadHasPythonsName() throws IOException {
    try (var server = server();
        var first = TcpClient.to(server);
        var second = TcpClient.to(server)) {
      server.handleRequest();
      server.handleRequest();
      String name = nextThread().getName();
      String other = nextThread().getName();
      Pattern pattern = Pattern.compile("Thread-[0-9]+ \\(process_request_thread\\)");
      assertTrue(pattern.matcher(name).matches(), name);
      assertTrue(pattern.matcher(other).matches(), other);
      assertFalse(name.equals(other));
      release.countDown();
      assertEquals("", first.rest());
      assertEquals("", second.rest());
    }
  }

  @Test
  void closingInARequestsOwnThreadIsAnErrorAndTheListenerIsClosed() throws IOException {
    CompletableFuture<Throwable> thrown = new CompletableFuture<>();
    CompletableFuture<Integer> fileno = new CompletableFuture<>();
    class Closing extends StreamRequestHandler {
      @Override
      public void handle() {
        try {
          server.serverClose();
          thrown.complete(null);
        } catch (IllegalStateException e) {
          thrown.complete(e);
        }
        fileno.complete(server.fileno());
      }
    }

    try (var server = new ThreadingTCPServer(RunningServer.anyPort(), Closing::new);
        var client = TcpClient.to(server)) {
      server.handleRequest();
      Throwable error = Background.result(thrown);
      assertInstanceOf(IllegalStateException.class, error);
      assertTrue(error.getMessage().contains("current thread"), error.getMessage());
      assertEquals(-1, Background.result(fileno));
      assertEquals("", client.rest());
    }
  }

  @Test
  void closingInAThreadThatIsNotWaitedForIsAllowed() throws IOException {
    CompletableFuture<String> closed = new CompletableFuture<>();
    class Closing extends StreamRequestHandler {
      @Override
      public void handle() {
        server.serverClose();
        closed.complete("closed");
      }
    }

    try (var server = new ThreadingTCPServer(RunningServer.anyPort(), Closing::new);
        var client = TcpClient.to(server)) {
      server.blockOnClose(false);
      server.handleRequest();
      assertEquals("closed", Background.result(closed));
      assertEquals("", client.rest());
    }
  }

  @Test
  void datagramUnderWayIsAnsweredBeforeTheSocketCloses() throws IOException {
    class Slow extends DatagramRequestHandler {
      @Override
      public void handle() throws IOException {
        threads.add(Thread.currentThread());
        Eventually.opens("the test releases the handler", release);
        wfile.write("answered\n");
      }
    }

    try (var server = new ThreadingUDPServer(RunningServer.anyPort(), Slow::new);
        var client = UdpClient.to(server)) {
      client.send("x");
      server.handleRequest();
      nextThread();
      Thread closer = Background.start("closes", server::serverClose);
      Eventually.waitsIn(closer, "joinRequests");
      release.countDown();
      assertEquals("answered\n", client.text());
      Eventually.ends(closer);
      assertEquals(-1, server.fileno());
    }
  }

  @Test
  void requestsRunAtTheSameTime() throws IOException {
    CountDownLatch all = new CountDownLatch(8);
    class Meeting extends StreamRequestHandler {
      @Override
      public void handle() throws IOException {
        all.countDown();
        Eventually.opens("all handlers are there", all);
        wfile.write("met\n");
      }
    }

    try (var running =
        RunningServer.start(new ThreadingTCPServer(RunningServer.anyPort(), Meeting::new))) {
      List<TcpClient> clients = new java.util.ArrayList<>();
      try {
        for (int i = 0; i < 8; i++) {
          clients.add(TcpClient.to(running));
        }
        for (TcpClient client : clients) {
          assertEquals("met\n", client.rest());
        }
      } finally {
        for (TcpClient client : clients) {
          client.close();
        }
      }
    }
  }

  /** The server is closed all the same, and the request runs on. */
  @Test
  void interruptEndsTheWaitForRequests() throws IOException {
    try (var running = RunningServer.start(server());
        var client = TcpClient.to(running)) {
      nextThread();
      CompletableFuture<Boolean> flag = new CompletableFuture<>();
      Thread closing =
          Background.start(
              "closes",
              () -> {
                running.server().serverClose();
                flag.complete(Thread.currentThread().isInterrupted());
              });
      Eventually.waitsIn(closing, "joinRequests");
      closing.interrupt();
      assertTrue(Background.result(flag), "the flag is set");
      assertEquals(0, calls.count("handled"));
      release.countDown();
      assertEquals("", client.rest());
      calls.await("handled", 1);
    }
  }
}
