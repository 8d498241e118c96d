package socketserver.hooks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import socketserver.Accepted;
import socketserver.HandlerFactory;
import socketserver.StreamSocket;
import socketserver.TCPServer;
import socketserver.ThreadingMixIn;
import socketserver.fixture.Calls;
import socketserver.fixture.LogCapture;
import socketserver.fixture.QueueServer;
import socketserver.fixture.RunningServer;
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

  private final class Handler extends socketserver.BaseRequestHandler<String> {
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

  @Test
  void exceptionInVerifyRequestIsReportedAndTheRequestShutDown() {
    Server server =
        new Server(handler()) {
          @Override
          public boolean verifyRequest(String request, SocketAddress client) throws IOException {
            if (request.equals("unverifiable")) {
              throw new IOException("cannot tell");
            }
            return true;
          }
        };
    try (var running = RunningServer.start(server)) {
      server.offer("unverifiable", "good");
      calls.await("close good", 1);
      assertTrue(running.thread().isAlive());
    }
    assertEquals(
        List.of(
            "error cannot tell",
            "shutdown unverifiable",
            "close unverifiable",
            "handle good",
            "shutdown good",
            "close good"),
        calls.all());
  }

  @Test
  void exceptionInHandleErrorIsLoggedAndTheRequestShutDown() {
    Server server =
        new Server(handler()) {
          @Override
          public void handleError(String request, SocketAddress client, Throwable error) {
            throw new IllegalStateException("handleError is broken", error);
          }
        };
    try (var log = new LogCapture();
        var running = RunningServer.start(server)) {
      server.offer("bad", "good");
      calls.await("close good", 1);
      assertTrue(running.thread().isAlive());
      assertEquals(1, log.at(Level.ERROR).size(), () -> log.events().toString());
      assertEquals(
          "handleError is broken",
          log.events().get(0).getThrowableProxy().getMessage(),
          "the stack trace is logged");
    }
    assertEquals(
        List.of(
            "handle bad",
            "shutdown bad",
            "close bad",
            "handle good",
            "shutdown good",
            "close good"),
        calls.all());
  }

  @Test
  void exceptionInHandleErrorOfAThreadIsLoggedAndTheRequestShutDown() {
    class Threaded extends Server implements ThreadingMixIn {
      Threaded() {
        super(handler());
      }

      @Override
      public void handleError(String request, SocketAddress client, Throwable error) {
        throw new IllegalStateException("handleError is broken", error);
      }
    }

    try (var log = new LogCapture();
        var running = RunningServer.start(new Threaded())) {
      running.server().offer("bad");
      calls.await("close bad", 1);
      log.await(Level.ERROR, "handleError");
    }
    assertEquals(List.of("handle bad", "shutdown bad", "close bad"), calls.all());
  }

  @Test
  void exceptionInProcessRequestIsReportedAndTheRequestShutDown() {
    Server server =
        new Server(handler()) {
          @Override
          public void processRequest(String request, SocketAddress client) throws IOException {
            throw new IOException("can't start new thread");
          }
        };
    try (var running = RunningServer.start(server)) {
      server.offer("one", "two");
      calls.await("close two", 1);
      assertTrue(running.thread().isAlive());
    }
    assertEquals(
        List.of(
            "error can't start new thread",
            "shutdown one",
            "close one",
            "error can't start new thread",
            "shutdown two",
            "close two"),
        calls.all());
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
  void errorInAHandlerShutsTheRequestDownAndLeavesTheLoop() {
    Server server = new Server(handler());
    try (var running = RunningServer.start(server)) {
      server.offer("fatal");
      assertInstanceOf(FatalError.class, running.failure());
    }
    assertEquals(List.of("handle fatal", "shutdown fatal", "close fatal"), calls.all());
  }

  @Test
  void loopThatAnErrorEndedCanBeRunAgain() {
    try (Server server = new Server(handler())) {
      server.offer("fatal", "good");
      assertInstanceOf(FatalError.class, RunningServer.start(server).failure());
      try (var second = RunningServer.start(server)) {
        calls.await("close good", 1);
        assertTrue(second.thread().isAlive());
      }
    }
  }

  @Test
  void errorInVerifyRequestShutsTheRequestDownAndLeavesTheLoop() {
    FatalError fatal = new FatalError();
    Server server =
        new Server(handler()) {
          @Override
          public boolean verifyRequest(String request, SocketAddress client) {
            throw fatal;
          }
        };
    try (var running = RunningServer.start(server)) {
      server.offer("one");
      assertSame(fatal, running.failure());
    }
    assertEquals(List.of("shutdown one", "close one"), calls.all());
  }

  @Test
  void errorInAThreadEndsThatThreadAlone() {
    class Threaded extends Server implements ThreadingMixIn {
      Threaded() {
        super(handler());
      }
    }

    Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
    Calls uncaught = new Calls();
    Thread.setDefaultUncaughtExceptionHandler((thread, e) -> uncaught.add(e.getMessage()));
    try (var running = RunningServer.start(new Threaded())) {
      running.server().offer("fatal");
      uncaught.await("fatal", 1);
      running.server().offer("good");
      calls.await("close good", 1);
      assertTrue(running.thread().isAlive());
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(before);
    }
    assertEquals(
        List.of(
            "handle fatal",
            "shutdown fatal",
            "close fatal",
            "handle good",
            "shutdown good",
            "close good"),
        calls.all());
  }

  @Test
  void uncheckedExceptionInGetRequestLeavesTheLoop() {
    IllegalStateException failure = new IllegalStateException("test");
    Server server =
        new Server(handler()) {
          @Override
          public Accepted<String> getRequest() {
            throw failure;
          }
        };
    try (var running = RunningServer.start(server)) {
      assertSame(failure, running.failure());
    }
  }

  @Test
  void getRequestThatReturnsNullIsAnErrorThatSaysWhatToDo() {
    Server server =
        new Server(handler()) {
          @Override
          public Accepted<String> getRequest() {
            return null;
          }
        };
    try (var running = RunningServer.start(server)) {
      assertInstanceOf(IllegalStateException.class, running.failure());
      assertTrue(running.failure().getMessage().contains("getRequest() returned null"));
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
    try (var log = new LogCapture();
        var running = RunningServer.start(server)) {
      for (int i = 0; i < 2; i++) {
        try (var client = TcpClient.to(running)) {
          assertEquals("", client.rest());
        }
      }
      assertEquals(2, log.at(Level.ERROR).size(), () -> log.events().toString());
    }
  }
}
