package socketserver.hooks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.UndeclaredThrowableException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import socketserver.DatagramRequest;
import socketserver.StreamSocket;
import socketserver.TCPServer;
import socketserver.UDPServer;
import socketserver.fixture.Bounds;
import socketserver.fixture.Calls;
import socketserver.fixture.Eventually;
import socketserver.fixture.RunningServer;
import socketserver.fixture.TcpClient;

/** The work between requests: {@code serviceActions()} at the end of every turn of the loop. */
@Timeout(60)
class ServiceActionsTest {
  private static final Duration SHORT = Duration.ofMillis(1);

  private final Calls calls = new Calls();

  private class Streams extends TCPServer implements Recorded<StreamSocket> {
    Streams() throws IOException {
      super(RunningServer.anyPort(), RecordedHandler.noting(calls));
    }

    @Override
    public Calls calls() {
      return calls;
    }
  }

  private final class Datagrams extends UDPServer implements Recorded<DatagramRequest> {
    Datagrams() throws IOException {
      super(RunningServer.anyPort(), RecordedHandler.noting(calls));
    }

    @Override
    public Calls calls() {
      return calls;
    }
  }

  private final class Failing extends Streams {
    private final Exception failure;
    private boolean failed;

    Failing(Exception failure) throws IOException {
      this.failure = failure;
    }

    @Override
    public void serviceActions() throws Exception {
      super.serviceActions();
      if (!failed) {
        failed = true;
        throw failure;
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

  @Test
  void uncheckedExceptionEndsTheLoopAsItIs() throws IOException {
    IllegalStateException failure = new IllegalStateException("test");
    try (var running = RunningServer.start(new Failing(failure), SHORT)) {
      assertSame(failure, running.failure());
    }
  }

  @Test
  void checkedExceptionEndsTheLoopWrapped() throws IOException {
    IOException failure = new IOException("test");
    try (var running = RunningServer.start(new Failing(failure), SHORT)) {
      assertSame(
          failure,
          assertInstanceOf(UndeclaredThrowableException.class, running.failure()).getCause());
    }
  }

  @Test
  void loopThatEndedWithAnExceptionCanBeRunAgain() throws IOException {
    try (var server = new Failing(new IllegalStateException("test"))) {
      var first = RunningServer.start(server, SHORT);
      assertInstanceOf(IllegalStateException.class, first.failure());
      try (var second = RunningServer.start(server, SHORT);
          var client = TcpClient.to(second)) {
        assertEquals("", client.rest());
      }
      assertEquals(1, calls.count("L handle"));
    }
  }
}
