package socketserver.hooks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import socketserver.BaseRequestHandler;
import socketserver.StreamRequestHandler;
import socketserver.StreamSocket;
import socketserver.TCPServer;
import socketserver.ThreadingTCPServer;
import socketserver.fixture.Background;
import socketserver.fixture.Eventually;
import socketserver.fixture.LogCapture;
import socketserver.fixture.RunningServer;
import socketserver.fixture.TcpClient;

/** When {@code shutdown()} waits, when it does not, and what it leaves alone. */
@Timeout(60)
class ShutdownTest {
  private static final class Greeter extends StreamRequestHandler {
    @Override
    public void handle() throws IOException {
      wfile.write("hello\n");
    }
  }

  @Test
  void shutdownAfterTheEndReturnsAndTheNextLoopEndsAtOnce() throws IOException {
    try (var server = new TCPServer(RunningServer.anyPort(), Greeter::new)) {
      RunningServer.start(server).shutdown();

      Eventually.ends(Background.start("shuts down again", server::shutdown));

      Eventually.ends(Background.start("serves nobody", server::serveForever));
    }
  }

  @Test
  void loopAfterTheOneThatEndedAtOnceServes() throws IOException {
    try (var server = new TCPServer(RunningServer.anyPort(), Greeter::new)) {
      RunningServer.start(server).shutdown();
      Eventually.ends(Background.start("shuts down again", server::shutdown));
      Eventually.ends(Background.start("serves nobody", server::serveForever));
      try (var running = RunningServer.start(server);
          var client = TcpClient.to(running)) {
        assertEquals("hello\n", client.rest());
      }
    }
  }

  @Test
  void shutdownBeforeServingWaitsForALoopThatThenEndsAtOnce() throws IOException {
    try (var server = new TCPServer(RunningServer.anyPort(), Greeter::new)) {
      Thread stopper = Background.start("shuts down", server::shutdown);
      Eventually.waitsIn(stopper, "shutdown");
      Thread loop = Background.start("serves nobody", server::serveForever);
      Eventually.ends(loop);
      Eventually.ends(stopper);
    }
  }

  @Test
  void shutdownBeforeServingIsReleasedWhenTheServerIsClosed() throws IOException {
    try (var server = new TCPServer(RunningServer.anyPort(), Greeter::new)) {
      Thread stopper = Background.start("shuts down", server::shutdown);
      Eventually.waitsIn(stopper, "shutdown");
      server.serverClose();
      Eventually.ends(stopper);
    }
  }

  @Test
  void shutdownThatIsInterruptedReturnsWithTheFlagSet() throws IOException {
    try (var server = new TCPServer(RunningServer.anyPort(), Greeter::new)) {
      CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
      Thread stopper =
          Background.start(
              "shuts down",
              () -> {
                server.shutdown();
                interrupted.complete(Thread.currentThread().isInterrupted());
              });
      Eventually.waitsIn(stopper, "shutdown");
      stopper.interrupt();
      assertTrue(Background.result(interrupted));
    }
  }

  @Test
  void severalThreadsMayShutDown() throws IOException {
    try (var server = new TCPServer(RunningServer.anyPort(), Greeter::new)) {
      Thread first = Background.start("shuts down", server::shutdown);
      Thread second = Background.start("shuts down too", server::shutdown);
      Eventually.waitsIn(first, "shutdown");
      Eventually.waitsIn(second, "shutdown");
      Eventually.ends(Background.start("serves nobody", server::serveForever));
      Eventually.ends(first);
      Eventually.ends(second);
    }
  }

  @Test
  void shutdownInAHandlerOnTheLoopsThreadIsAnErrorAndTheLoopGoesOn() throws IOException {
    CompletableFuture<Throwable> reported = new CompletableFuture<>();
    class Stopping extends BaseRequestHandler<StreamSocket> {
      @Override
      public void handle() {
        server.shutdown();
      }
    }

    TCPServer server =
        new TCPServer(RunningServer.anyPort(), Stopping::new) {
          @Override
          public void handleError(StreamSocket request, SocketAddress client, Throwable error) {
            reported.complete(error);
          }
        };
    try (var running = RunningServer.start(server)) {
      for (int i = 0; i < 2; i++) {
        try (var client = TcpClient.to(running)) {
          assertEquals("", client.rest());
        }
      }
      Throwable error = Background.result(reported);
      assertInstanceOf(IllegalStateException.class, error);
      assertTrue(error.getMessage().contains("shutdown()"), error.getMessage());
      assertTrue(error.getMessage().contains("another thread"), error.getMessage());
      assertTrue(running.thread().isAlive());
    }
  }

  @Test
  void shutdownInServiceActionsIsAnErrorInTheLogAndTheLoopGoesOn() throws IOException {
    TCPServer server =
        new TCPServer(RunningServer.anyPort(), Greeter::new) {
          @Override
          public void serviceActions() {
            shutdown();
          }
        };
    try (var log = new LogCapture();
        var running = RunningServer.start(server)) {
      for (int i = 0; i < 2; i++) {
        try (var client = TcpClient.to(running)) {
          assertEquals("hello\n", client.rest());
        }
      }
      log.await(Level.ERROR, "serviceActions failed");
      String why = log.thrown(Level.ERROR);
      assertTrue(why.contains("call it on another thread"), why);
    }
  }

  @Test
  void shutdownInAHandlerOfAThreadingServerEndsTheLoop() throws IOException {
    CompletableFuture<String> done = new CompletableFuture<>();
    class Stopping extends StreamRequestHandler {
      @Override
      public void handle() throws IOException {
        server.shutdown();
        wfile.write("stopped\n");
        done.complete("done");
      }
    }

    try (var running =
            RunningServer.start(new ThreadingTCPServer(RunningServer.anyPort(), Stopping::new));
        var client = TcpClient.to(running)) {
      assertEquals("stopped\n", client.rest());
      assertEquals("done", Background.result(done));
      assertNull(running.failure());
    }
  }

  @Test
  void shutdownByAThreadThatAHandlerStartsEndsTheLoopAfterTheRequest() throws IOException {
    class Stopping extends StreamRequestHandler {
      @Override
      public void handle() throws IOException {
        Thread stopper = Background.start("shuts down", server::shutdown);
        Eventually.waitsIn(stopper, "shutdown");
        wfile.write("stopping\n");
      }
    }

    try (var running = RunningServer.start(new TCPServer(RunningServer.anyPort(), Stopping::new));
        var client = TcpClient.to(running)) {
      assertEquals("stopping\n", client.rest());
      assertNull(running.failure());
    }
  }

  @Test
  void requestsThatRunInThreadsGoOn() throws IOException {
    CountDownLatch release = new CountDownLatch(1);
    class Slow extends StreamRequestHandler {
      @Override
      public void handle() throws IOException {
        wfile.write("begun\n");
        Eventually.opens("the test releases the handler", release);
        wfile.write("ended\n");
      }
    }

    try (var running =
            RunningServer.start(new ThreadingTCPServer(RunningServer.anyPort(), Slow::new));
        var client = TcpClient.to(running)) {
      assertEquals("begun\n", client.line());
      running.shutdown();
      release.countDown();
      assertEquals("ended\n", client.rest());
    }
  }

  @Test
  void connectionsThatWaitAreServedByTheNextLoop() throws IOException {
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch begun = new CountDownLatch(1);
    class Slow extends StreamRequestHandler {
      @Override
      public void handle() throws IOException {
        begun.countDown();
        Eventually.opens("the test releases the handler", release);
        wfile.write("served\n");
      }
    }

    try (var server = new TCPServer(RunningServer.anyPort(), Slow::new)) {
      RunningServer<TCPServer> first = RunningServer.start(server);
      try (var served = TcpClient.to(first)) {
        Eventually.opens("the first request begins", begun);
        try (var waiting = TcpClient.to(first)) {
          Thread stopper = Background.start("shuts down", server::shutdown);
          Eventually.waitsIn(stopper, "shutdown");
          release.countDown();
          assertEquals("served\n", served.rest());
          Eventually.ends(stopper);
          assertNull(first.failure());
          try (var second = RunningServer.start(server)) {
            assertEquals("served\n", waiting.rest());
            assertTrue(second.thread().isAlive());
          }
        }
      }
    }
  }

  @Test
  void socketStaysOpen() throws IOException {
    try (var server = new TCPServer(RunningServer.anyPort(), Greeter::new)) {
      RunningServer.start(server).shutdown();
      assertTrue(server.fileno() >= 0);
      try (var client = TcpClient.to(server)) {
        server.handleRequest();
        assertEquals("hello\n", client.rest());
      }
    }
  }

  @Test
  void loopCanBeRunAgainAndAgain() throws IOException {
    try (var server = new TCPServer(RunningServer.anyPort(), Greeter::new)) {
      for (int i = 0; i < 3; i++) {
        RunningServer<TCPServer> running = RunningServer.start(server);
        try (var client = TcpClient.to(server)) {
          assertEquals("hello\n", client.rest());
        }
        running.shutdown();
        assertFalse(running.thread().isAlive());
        assertNull(running.failure());
      }
    }
  }
}
