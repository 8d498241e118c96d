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
import socketserver.BaseRequestHandler;
import socketserver.HandlerFactory;
import socketserver.StreamSocket;
import socketserver.TCPServer;
import socketserver.ThreadingMixIn;
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
  void whatTheHandlerThrewMayBeThrownOnByHandleError() {
    Server server =
        new Server(handler()) {
          @Override
          public void handleError(String request, SocketAddress client, Throwable error) {
            throw (Error) error;
          }
        };
    try (var running = RunningServer.start(server)) {
      server.offer("fatal");
      assertInstanceOf(FatalError.class, running.failure());
    }
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
  void errorInAHandlerIsReportedAndTheServerGoesOn() {
    Server server = new Server(handler());
    try (var running = RunningServer.start(server)) {
      server.offer("fatal", "good");
      calls.await("close good", 1);
      assertTrue(running.thread().isAlive());
    }
    assertEquals(
        List.of(
            "handle fatal",
            "error fatal",
            "shutdown fatal",
            "close fatal",
            "handle good",
            "shutdown good",
            "close good"),
        calls.all());
  }

  @Test
  void errorInAHandlerIsReportedByHandleRequest() {
    try (Server server = new Server(handler())) {
      server.offer("fatal");
      server.handleRequest();
    }
    assertEquals(
        List.of("handle fatal", "error fatal", "shutdown fatal", "close fatal"), calls.all());
  }

  @Test
  void errorInVerifyRequestIsReportedAndTheServerGoesOn() {
    Server server =
        new Server(handler()) {
          @Override
          public boolean verifyRequest(String request, SocketAddress client) {
            throw new FatalError();
          }
        };
    try (var running = RunningServer.start(server)) {
      server.offer("one", "two");
      calls.await("close two", 1);
      assertTrue(running.thread().isAlive());
    }
    assertEquals(List.of("error fatal", "shutdown one", "close one"), calls.all().subList(0, 3));
  }

  @Test
  void errorInProcessRequestIsReportedAndTheServerGoesOn() {
    Server server =
        new Server(handler()) {
          @Override
          public void processRequest(String request, SocketAddress client) {
            throw new FatalError();
          }
        };
    try (var running = RunningServer.start(server)) {
      server.offer("one", "two");
      calls.await("close two", 1);
      assertTrue(running.thread().isAlive());
    }
    assertEquals(List.of("error fatal", "shutdown one", "close one"), calls.all().subList(0, 3));
  }

  @Test
  void errorInAThreadIsReportedThere() {
    class Threaded extends Server implements ThreadingMixIn {
      Threaded() {
        super(handler());
      }
    }

    try (var running = RunningServer.start(new Threaded())) {
      running.server().offer("fatal");
      calls.await("close fatal", 1);
      running.server().offer("good");
      calls.await("close good", 1);
      assertTrue(running.thread().isAlive());
    }
    assertEquals(
        List.of(
            "handle fatal",
            "error fatal",
            "shutdown fatal",
            "close fatal",
            "handle good",
            "shutdown good",
            "close good"),
        calls.all());
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
