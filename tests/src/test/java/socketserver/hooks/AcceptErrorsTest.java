package socketserver.hooks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import socketserver.Accepted;
import socketserver.ConnectionResetException;
import socketserver.HandlerFactory;
import socketserver.StreamSocket;
import socketserver.TCPServer;
import socketserver.WouldBlockException;
import socketserver.fixture.Calls;
import socketserver.fixture.Eventually;
import socketserver.fixture.LogCapture;
import socketserver.fixture.QueueServer;
import socketserver.fixture.RunningServer;
import socketserver.fixture.TcpClient;

/**
 * A {@code getRequest()} that fails with an {@code IOException}: logged, and the next request is
 * taken.
 */
@Timeout(60)
class AcceptErrorsTest {
  private final Calls calls = new Calls();

  /** Fails a number of times before it takes requests. */
  private static final class Failing extends QueueServer {
    private final IOException failure;
    private final AtomicInteger failures;

    Failing(HandlerFactory<String> handler, IOException failure, int failures) {
      super(handler);
      this.failure = failure;
      this.failures = new AtomicInteger(failures);
    }

    @Override
    public Accepted<String> getRequest() throws IOException {
      if (failures.getAndDecrement() > 0) {
        throw failure;
      }
      return super.getRequest();
    }
  }

  private static LogCapture serveAfter(IOException failure, int failures) {
    Calls calls = new Calls();
    LogCapture log = new LogCapture();
    try (log;
        var running =
            RunningServer.start(new Failing(RecordedHandler.noting(calls), failure, failures))) {
      running.server().offer("request");
      calls.await("L handle", 1);
      assertTrue(running.thread().isAlive());
    }
    return log;
  }

  @Test
  void eachFailureIsAWarningAndTheLoopGoesOn() {
    LogCapture log = serveAfter(new IOException("too many open files"), 3);
    assertEquals(3, log.at(Level.WARN, "too many open files").size());
    assertEquals(List.of(), log.at(Level.ERROR));
  }

  @Test
  void timeoutIsSilent() {
    assertEquals(List.of(), serveAfter(new SocketTimeoutException("timed out"), 3).events());
  }

  @Test
  void nothingToTakeAfterAllIsSilent() {
    assertEquals(List.of(), serveAfter(new WouldBlockException("nothing there"), 3).events());
  }

  @Test
  void whatOneClientCanCauseIsLoggedToo() {
    assertEquals(
        3, serveAfter(new SSLHandshakeException("no TLS"), 3).at(Level.WARN, "no TLS").size());
    assertEquals(
        3, serveAfter(new ConnectionResetException("gone"), 3).at(Level.WARN, "gone").size());
  }

  @Test
  void failureThatStaysAndTakesNothingDoesNotMakeTheLoopSpin() {
    Failing server =
        new Failing(
            RecordedHandler.noting(calls), new IOException("too many open files"), 1_000_000);
    try (var log = new LogCapture();
        var running = RunningServer.start(server)) {
      // without a socket there is nothing else that the loop could wait for
      Eventually.waits(running.thread());
      log.await(Level.WARN, "too many open files");
    }
  }

  @Test
  void pauseEndsWithAShutdown() {
    Failing server =
        new Failing(
            RecordedHandler.noting(calls), new IOException("too many open files"), 1_000_000);
    try (var log = new LogCapture();
        var running = RunningServer.start(server)) {
      Eventually.waits(running.thread());
      running.shutdown();
      assertEquals(null, running.failure());
      assertTrue(!log.at(Level.WARN).isEmpty());
    }
  }

  @Test
  void connectionThatWaitsIsTakenOnceAcceptingWorksAgain() throws IOException {
    AtomicInteger failures = new AtomicInteger(2);
    TCPServer server =
        new TCPServer(RunningServer.anyPort(), RecordedHandler.noting(calls)) {
          @Override
          public Accepted<StreamSocket> getRequest() throws IOException {
            if (failures.getAndDecrement() > 0) {
              throw new IOException("too many open files");
            }
            return super.getRequest();
          }
        };
    try (var log = new LogCapture();
        var running = RunningServer.start(server);
        var client = TcpClient.to(running)) {
      assertEquals("", client.rest());
      assertEquals(1, calls.count("L handle"));
      assertEquals(2, log.at(Level.WARN).size(), () -> log.events().toString());
    }
  }
}
