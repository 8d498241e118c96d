package socketserver.hooks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import socketserver.BaseRequestHandler;
import socketserver.HandlerFactory;
import socketserver.StreamSocket;
import socketserver.TCPServer;
import socketserver.ThreadingMixIn;
import socketserver.fixture.Background;
import socketserver.fixture.Calls;
import socketserver.fixture.LogCapture;
import socketserver.fixture.QueueServer;
import socketserver.fixture.RunningServer;
import socketserver.fixture.StandardError;
import socketserver.fixture.TcpClient;

/** A hook that fails: what it takes with it, and what goes on. */
@Timeout(60)
class ContainedFailuresTest {
  private final Calls calls = new Calls();

  private class Server extends QueueServer {
    Server(HandlerFactory<String> handler) {
      super(handler);
    }

    @Override
    public void shutdownRequest(String request) {
      calls.add("shutdown " + request);
      super.shutdownRequest(request);
    }

    @Override
    public void closeRequest(String request) {
      calls.add("close " + request);
      super.closeRequest(request);
    }

    @Override
    public void handleError(String request, SocketAddress client, Throwable error) {
      calls.add("error " + error.getMessage());
    }
  }

  private static final class FatalError extends Error {
    private static final long serialVersionUID = 1L;

    FatalError() {
      super("fatal");
    }
  }

  private final class Handler extends BaseRequestHandler<String> {
    @Override
    public void handle() {
      calls.add("handle " + request);
      if (request.equals("fatal")) {
        throw new FatalError();
      }
      if (request.equals("bad")) {
        throw new IllegalArgumentException("bad");
      }
    }
  }

  private HandlerFactory<String> handler() {
    return Handler::new;
  }

  /** Where a request fails. */
  enum Hook {
    VERIFY_REQUEST,
    PROCESS_REQUEST,
    HANDLE
  }

  private HandlerFactory<String> failing(Hook hook, Throwable failure) {
    return () ->
        new BaseRequestHandler<>() {
          @Override
          public void handle() throws Exception {
            calls.add("handle " + request);
            failIn(Hook.HANDLE, request, hook, failure);
          }
        };
  }

  /** Fails in one hook for each request but the good ones. */
  private class Failing extends Server {
    private final Hook hook;
    private final Throwable failure;

    Failing(Hook hook, Throwable failure) {
      super(failing(hook, failure));
      this.hook = hook;
      this.failure = failure;
    }

    @Override
    public boolean verifyRequest(String request, SocketAddress client) throws Exception {
      failIn(Hook.VERIFY_REQUEST, request, hook, failure);
      return true;
    }

    @Override
    public void processRequest(String request, SocketAddress client) throws Exception {
      failIn(Hook.PROCESS_REQUEST, request, hook, failure);
      super.processRequest(request, client);
    }
  }

  private static void failIn(Hook here, String request, Hook hook, Throwable failure)
      throws Exception {
    if (here == hook && !request.equals("good")) {
      if (failure instanceof Error error) {
        throw error;
      }
      throw (Exception) failure;
    }
  }

  private final class FailingInAThread extends Failing implements ThreadingMixIn {
    FailingInAThread(Throwable failure) {
      super(Hook.HANDLE, failure);
    }
  }

  static Stream<Throwable> failures() {
    return Stream.of(new IOException("cannot tell"), new FatalError());
  }

  static Stream<Arguments> failuresInHooks() {
    return Stream.of(Hook.values())
        .flatMap(hook -> failures().map(failure -> Arguments.of(hook, failure)));
  }

  @ParameterizedTest
  @MethodSource("failuresInHooks")
  void failureIsReportedTheRequestShutDownAndTheServerGoesOn(Hook hook, Throwable failure) {
    assertContained(new Failing(hook, failure), hook, failure);
  }

  @ParameterizedTest
  @MethodSource("failures")
  void failureInAThreadIsReportedThere(Throwable failure) {
    assertContained(new FailingInAThread(failure), Hook.HANDLE, failure);
  }

  private void assertContained(Server server, Hook hook, Throwable failure) {
    try (var running = RunningServer.start(server)) {
      server.offer("bad");
      calls.await("close bad", 1);
      server.offer("good");
      calls.await("close good", 1);
      assertTrue(running.thread().isAlive());
    }
    List<String> expected = new ArrayList<>();
    if (hook == Hook.HANDLE) {
      expected.add("handle bad");
    }
    expected.addAll(List.of("error " + failure.getMessage(), "shutdown bad", "close bad"));
    expected.addAll(List.of("handle good", "shutdown good", "close good"));
    assertEquals(expected, calls.all());
  }

  @ParameterizedTest
  @MethodSource("failuresInHooks")
  void failureIsReportedByHandleRequest(Hook hook, Throwable failure) {
    try (Server server = new Failing(hook, failure)) {
      server.offer("bad");
      server.handleRequest();
    }
    assertTrue(calls.all().contains("error " + failure.getMessage()), calls.all()::toString);
    assertEquals("close bad", calls.all().get(calls.all().size() - 1));
  }

  @Test
  void whatHandleErrorThrowsReachesTheCallerOfHandleRequest() {
    Server server =
        new Server(handler()) {
          @Override
          public void handleError(String request, SocketAddress client, Throwable error) {
            throw (Error) error;
          }
        };
    try (server) {
      server.offer("fatal");
      assertThrows(FatalError.class, server::handleRequest);
    }
    assertEquals(List.of("handle fatal", "shutdown fatal", "close fatal"), calls.all());
  }

  @Test
  void whatHandleErrorThrowsInAThreadIsLoggedAndReachesTheThreadsOwnHandler() {
    IllegalStateException thrown = new IllegalStateException("handleError is broken");
    class Threaded extends Server implements ThreadingMixIn {
      Threaded() {
        super(handler());
      }

      @Override
      public void handleError(String request, SocketAddress client, Throwable error) {
        throw thrown;
      }
    }

    Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
    CompletableFuture<Throwable> uncaught = new CompletableFuture<>();
    Thread.setDefaultUncaughtExceptionHandler((thread, error) -> uncaught.complete(error));
    try (var log = new LogCapture();
        var running = RunningServer.start(new Threaded())) {
      running.server().offer("bad");
      calls.await("close bad", 1);
      log.await(Level.ERROR, "handleError failed");
      assertSame(thrown, Background.result(uncaught));
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(before);
    }
    assertEquals(List.of("handle bad", "shutdown bad", "close bad"), calls.all());
  }

  @Test
  void whatHandleErrorThrowsLeavesTheLoopAndTheRequestIsShutDown() {
    IllegalStateException thrown = new IllegalStateException("handleError is broken");
    Server server =
        new Server(handler()) {
          @Override
          public void handleError(String request, SocketAddress client, Throwable error) {
            throw thrown;
          }
        };
    try (var running = RunningServer.start(server)) {
      server.offer("bad");
      assertSame(thrown, running.failure());
    }
    assertEquals("bad", thrown.getSuppressed()[0].getMessage(), "the first is told of as well");
    assertEquals(List.of("handle bad", "shutdown bad", "close bad"), calls.all());
  }

  @Test
  void loopThatHandleErrorEndedCanBeRunAgain() {
    Server server =
        new Server(handler()) {
          @Override
          public void handleError(String request, SocketAddress client, Throwable error) {
            throw (Error) error;
          }
        };
    try (server) {
      server.offer("fatal", "good");
      assertInstanceOf(FatalError.class, RunningServer.start(server).failure());
      try (var second = RunningServer.start(server)) {
        calls.await("close good", 1);
        assertTrue(second.thread().isAlive());
      }
    }
  }

  @Test
  void exceptionInShutdownRequestIsReportedAndTriedAgain() {
    Server server =
        new Server(handler()) {
          private boolean failed;

          @Override
          public void shutdownRequest(String request) {
            if (!failed) {
              failed = true;
              throw new IllegalStateException("not now");
            }
            super.shutdownRequest(request);
          }
        };
    try (var running = RunningServer.start(server)) {
      server.offer("one");
      calls.await("close one", 1);
      assertTrue(running.thread().isAlive());
    }
    assertEquals(List.of("handle one", "error not now", "shutdown one", "close one"), calls.all());
  }

  @Test
  void shutdownRequestThatAlwaysFailsIsLoggedAndTheServerGoesOn() {
    Server server =
        new Server(handler()) {
          @Override
          public void shutdownRequest(String request) {
            if (!request.equals("good")) {
              calls.add("broken shutdown " + request);
              throw new FatalError();
            }
            super.shutdownRequest(request);
          }

          @Override
          public boolean verifyRequest(String request, SocketAddress client) {
            return !request.equals("refused");
          }
        };
    try (var log = new LogCapture();
        var running = RunningServer.start(server)) {
      server.offer("bad", "refused", "good");
      calls.await("close good", 1);
      assertTrue(running.thread().isAlive());
      assertEquals(2, log.at(Level.ERROR, "shutdownRequest failed").size());
    }
  }

  @Test
  void connectionIsClosedThoughShutdownRequestFails() throws IOException {
    TCPServer server =
        new TCPServer(RunningServer.anyPort(), RecordedHandler.noting(calls)) {
          @Override
          public void shutdownRequest(StreamSocket request) {
            throw new IllegalStateException("shutdownRequest is broken");
          }
        };
    try (var log = new LogCapture();
        var printed = new StandardError();
        var running = RunningServer.start(server)) {
      for (int i = 0; i < 2; i++) {
        try (var client = TcpClient.to(running)) {
          assertEquals("", client.rest());
        }
      }
      log.await(Level.ERROR, "shutdownRequest failed");
      assertTrue(printed.text().contains("shutdownRequest is broken"), printed.text());
    }
  }

  @Test
  void exceptionThatCannotBePrintedIsLoggedAndTheServerGoesOn() {
    class Unprintable extends RuntimeException {
      private static final long serialVersionUID = 1L;

      @Override
      public String getMessage() {
        throw new IllegalStateException("no message");
      }
    }

    HandlerFactory<String> handler =
        () ->
            new BaseRequestHandler<>() {
              @Override
              public void handle() {
                throw new Unprintable();
              }
            };
    QueueServer server =
        new QueueServer(handler) {
          @Override
          public void closeRequest(String request) {
            calls.add("close " + request);
          }
        };
    try (var log = new LogCapture();
        var running = RunningServer.start(server)) {
      server.offer("one", "two");
      calls.await("close two", 1);
      assertTrue(running.thread().isAlive());
      assertEquals(2, log.at(Level.ERROR, "an exception could not be printed").size());
    }
  }

  @Test
  void clientWhoseRequestFailedSeesTheEnd() throws IOException {
    TCPServer server =
        new TCPServer(RunningServer.anyPort(), RecordedHandler.failingIn("handle", calls)) {
          @Override
          public boolean verifyRequest(StreamSocket request, SocketAddress client) {
            throw new IllegalStateException("verifyRequest is broken");
          }

          @Override
          public void handleError(StreamSocket request, SocketAddress client, Throwable error) {
            throw new IllegalStateException("handleError is broken");
          }
        };
    try (var running = RunningServer.start(server);
        var client = TcpClient.to(running)) {
      assertEquals("", client.rest());
      assertEquals("handleError is broken", running.failure().getMessage());
    }
  }
}
