package socketserver.hooks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.UndeclaredThrowableException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import socketserver.StreamSocket;
import socketserver.fixture.Background;
import socketserver.fixture.Bounds;
import socketserver.fixture.Eventually;
import socketserver.fixture.LateLoops;
import socketserver.fixture.TcpClient;

/** One request at a time: {@code handleRequest()}, its time-out and {@code handleTimeout()}. */
@Timeout(60)
class HandleRequestTest extends RecordingServers {
  @Test
  void thereIsNoTimeoutUnlessOneIsSet() throws IOException {
    try (var server = new Streams()) {
      assertNull(server.timeout());
    }
  }

  @Test
  @SuppressWarnings("try") // is there, and that is all
  void aClientThatWaitsIsNoTimeoutAlthoughAnEventLoopIsLate() throws IOException {
    Duration timeout = Duration.ofMillis(100);
    try (var server = new Streams();
        LateLoops late = LateLoops.stop();
        var client = TcpClient.to(server)) {
      server.timeout(timeout);
      late.overdue(
          timeout,
          () -> {
            server.handleRequest();
            return null;
          });
      assertEquals(0, calls.count("L handleTimeout"), () -> calls.all().toString());
    }
  }

  @Test
  void timeoutIsHandledOnce() throws IOException {
    try (var server = new Streams()) {
      server.timeout(Duration.ofMillis(1));
      server.handleRequest();
      assertEquals(1, calls.all().size(), () -> calls.all().toString());
      assertEquals(1, calls.count("L handleTimeout"));
    }
  }

  @Test
  void timeoutOfADatagramServerIsHandledOnce() throws IOException {
    try (var server = new Datagrams()) {
      server.timeout(Duration.ofMillis(1));
      server.handleRequest();
      assertEquals(1, calls.all().size(), () -> calls.all().toString());
      assertEquals(1, calls.count("L handleTimeout"));
    }
  }

  @Test
  void timeoutOfZeroOnlyLooks() throws IOException {
    try (var server = new Streams()) {
      server.timeout(Duration.ZERO);
      server.handleRequest();
      assertEquals(1, calls.count("L handleTimeout"));
    }
  }

  @Test
  void timeoutOfZeroTakesAConnectionThatIsThere() throws IOException {
    try (var server = new Streams();
        var client = TcpClient.to(server)) {
      server.timeout(Duration.ZERO);
      Eventually.holds(
          "the connection is taken",
          () -> {
            server.handleRequest();
            return calls.count("L handle") == 1;
          });
      assertEquals("", client.rest());
    }
  }

  @Test
  void shorterOneOfServerAndSocketTimeoutCounts() throws IOException {
    try (var server = new Streams()) {
      server.timeout(Bounds.NEVER);
      server.socket().settimeout(Duration.ofMillis(1));
      server.handleRequest();
      assertEquals(1, calls.count("L handleTimeout"));

      server.timeout(Duration.ofMillis(1));
      server.socket().settimeout(Bounds.NEVER);
      server.handleRequest();
      assertEquals(2, calls.count("L handleTimeout"));
    }
  }

  @Test
  void socketTimeoutAloneCountsToo() throws IOException {
    try (var server = new Streams()) {
      server.socket().settimeout(Duration.ofMillis(1));
      server.handleRequest();
      assertEquals(1, calls.count("L handleTimeout"));
    }
  }

  @Test
  void timeoutOfTheListenerIsNotTheConnections() throws IOException {
    try (var server = new Streams();
        var client = TcpClient.to(server)) {
      server.socket().settimeout(Bounds.NEVER);
      try (StreamSocket accepted = server.socket().accept()) {
        assertNull(accepted.gettimeout());
        assertTrue(accepted.getblocking());
        assertEquals(client.address(), accepted.getpeername());
      }
    }
  }

  @Test
  void timeoutIsReadByEachCall() throws IOException {
    class Changing extends Streams {
      private Duration next = Duration.ofMillis(1);

      Changing() throws IOException {}

      @Override
      public Duration timeout() {
        return next;
      }
    }

    try (var server = new Changing()) {
      server.handleRequest();
      assertEquals(1, calls.count("L handleTimeout"));
      server.next = null;
      try (var client = TcpClient.to(server)) {
        server.handleRequest();
        assertEquals("", client.rest());
      }
      assertEquals(1, calls.count("L handleTimeout"));
      assertEquals(1, calls.count("L handle"));
    }
  }

  @Test
  void requestInTimeIsNoTimeout() throws IOException {
    try (var server = new Streams()) {
      server.timeout(Bounds.WAIT);
      Thread handling = Background.start("handles", server::handleRequest);
      Eventually.waits(handling);
      try (var client = TcpClient.to(server)) {
        assertEquals("", client.rest());
      }
      Eventually.ends(handling);
      assertEquals(0, calls.count("L handleTimeout"));
      assertEquals(1, calls.count("L handle"));
    }
  }

  @Test
  void serviceActionsAreNotItsBusiness() throws IOException {
    try (var server = new Streams();
        var client = TcpClient.to(server)) {
      server.handleRequest();
      assertEquals("", client.rest());
      assertEquals(0, calls.count("L serviceActions"));
    }
  }

  @Test
  void uncheckedExceptionOfHandleTimeoutReachesTheCaller() throws IOException {
    IllegalStateException failure = new IllegalStateException("test");
    class Failing extends Streams {
      Failing() throws IOException {}

      @Override
      public void handleTimeout() {
        throw failure;
      }
    }

    try (var server = new Failing()) {
      server.timeout(Duration.ZERO);
      assertSame(failure, assertThrows(IllegalStateException.class, server::handleRequest));
    }
  }

  @Test
  void checkedExceptionOfHandleTimeoutReachesTheCallerWrapped() throws IOException {
    IOException failure = new IOException("test");
    class Failing extends Streams {
      Failing() throws IOException {}

      @Override
      public void handleTimeout() throws IOException {
        throw failure;
      }
    }

    try (var server = new Failing()) {
      server.timeout(Duration.ZERO);
      UndeclaredThrowableException thrown =
          assertThrows(UndeclaredThrowableException.class, server::handleRequest);
      assertSame(failure, thrown.getCause());
    }
  }

  @Test
  void closingTheServerEndsIt() throws IOException {
    try (var server = new Streams()) {
      Thread handling = Background.start("handles", server::handleRequest);
      Eventually.waits(handling);
      server.serverClose();
      Eventually.ends(handling);
      assertEquals(0, calls.count("L handleTimeout"));
    }
  }
}
