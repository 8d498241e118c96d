package socketserver.hooks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import socketserver.fixture.Bounds;
import socketserver.fixture.Eventually;
import socketserver.fixture.LogCapture;
import socketserver.fixture.RunningServer;
import socketserver.fixture.TcpClient;

/** The work between requests: {@code serviceActions()} at the end of every turn of the loop. */
@Timeout(60)
class ServiceActionsTest extends RecordingServers {
  private static final Duration SHORT = Duration.ofMillis(1);

  private final class Failing extends Streams {
    private final Throwable failure;
    private boolean failed;

    Failing(Throwable failure) throws IOException {
      this.failure = failure;
    }

    @Override
    public void serviceActions() throws Exception {
      super.serviceActions();
      if (!failed) {
        failed = true;
        if (failure instanceof Error error) {
          throw error;
        }
        throw (Exception) failure;
      }
    }
  }

  @Test
  void idleTurnEndsWithThem() throws IOException {
    try (var running = RunningServer.start(new Streams(), SHORT)) {
      calls.await("L serviceActions", 3);
      assertEquals(calls.count("L serviceActions"), calls.all().size(), "nothing else is called");
      assertTrue(running.thread().isAlive());
    }
  }

  @Test
  void idleTurnOfADatagramServerEndsWithThem() throws IOException {
    try (var running = RunningServer.start(new Datagrams(), SHORT)) {
      calls.await("L serviceActions", 3);
      assertTrue(running.thread().isAlive());
    }
  }

  @Test
  void timeoutOfTheServerIsIgnoredByTheLoop() throws IOException {
    Streams server = new Streams();
    server.timeout(SHORT);
    try (var running = RunningServer.start(server, SHORT)) {
      calls.await("L serviceActions", 3);
      assertTrue(running.thread().isAlive());
    }
    assertEquals(0, calls.count("L handleTimeout"));
  }

  @Test
  void turnThatIsShutDownEndsWithoutThem() throws IOException {
    try (var running = RunningServer.start(new Streams(), Bounds.NEVER)) {
      Eventually.waits(running.thread());
      running.shutdown();
    }
    assertEquals(List.of(), calls.all());
  }

  @Test
  void shutdownDoesNotWaitForThePollInterval() throws IOException {
    try (var running = RunningServer.start(new Streams(), Bounds.NEVER)) {
      Eventually.waits(running.thread());
      running.shutdown();
      assertNull(running.failure());
    }
  }

  private void assertLoggedAndServing(Throwable failure) throws IOException {
    try (var log = new LogCapture();
        var running = RunningServer.start(new Failing(failure), SHORT)) {
      log.await(Level.ERROR, "serviceActions failed");
      try (var client = TcpClient.to(running)) {
        assertEquals("", client.rest());
      }
      assertEquals("test", log.thrown(Level.ERROR));
    }
    assertEquals(1, calls.count("L handle"));
  }

  @Test
  void uncheckedExceptionIsLoggedAndTheLoopGoesOn() throws IOException {
    assertLoggedAndServing(new IllegalStateException("test"));
  }

  @Test
  void checkedExceptionIsLoggedAndTheLoopGoesOn() throws IOException {
    assertLoggedAndServing(new IOException("test"));
  }

  @Test
  void errorIsLoggedAndTheLoopGoesOn() throws IOException {
    assertLoggedAndServing(new StackOverflowError("test"));
  }

  @Test
  void whatAlwaysFailsIsLoggedNowAndThen() throws IOException {
    Streams server =
        new Streams() {
          @Override
          public void serviceActions() throws Exception {
            super.serviceActions();
            throw new IllegalStateException("always");
          }
        };
    try (var log = new LogCapture();
        var running = RunningServer.start(server, SHORT)) {
      log.await(Level.ERROR, "like it were left out before");
      assertTrue(running.thread().isAlive());
    }
  }

  @Test
  void interruptWhileTheyWaitEndsTheLoop() throws IOException {
    Streams server =
        new Streams() {
          @Override
          public void serviceActions() throws Exception {
            Thread.sleep(Bounds.NEVER.toMillis());
          }
        };
    try (var running = RunningServer.start(server, SHORT)) {
      Eventually.waitsIn(running.thread(), "sleep");
      running.thread().interrupt();
      assertNull(running.failure());
    }
  }
}
