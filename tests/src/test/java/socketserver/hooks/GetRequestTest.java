package socketserver.hooks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import socketserver.Accepted;
import socketserver.ListenerSocket;
import socketserver.StreamSocket;
import socketserver.TCPServer;
import socketserver.fixture.Calls;
import socketserver.fixture.Eventually;
import socketserver.fixture.LogCapture;
import socketserver.fixture.QueueServer;
import socketserver.fixture.RunningServer;
import socketserver.fixture.TcpClient;
import socketserver.spi.OutOfResourcesException;

/** An overridden {@code getRequest()} that fails: what becomes of its client, and of the others. */
@Timeout(60)
class GetRequestTest {
  private final Calls calls = new Calls();

  /** Does something with its first connections, instead of giving them. */
  private class Failing extends TCPServer {
    final List<StreamSocket> taken = new CopyOnWriteArrayList<>();
    final Supplier<Accepted<StreamSocket>> failure;
    final int failures;

    Failing(int failures, Supplier<Accepted<StreamSocket>> failure) throws IOException {
      super(RunningServer.anyPort(), RecordedHandler.noting(calls));
      this.failures = failures;
      this.failure = failure;
    }

    @Override
    public Accepted<StreamSocket> getRequest() throws IOException {
      Accepted<StreamSocket> accepted = super.getRequest();
      taken.add(accepted.request());
      if (taken.size() > failures) {
        return accepted;
      }
      try {
        return failure.get();
      } catch (UncheckedIOException e) {
        throw e.getCause();
      }
    }
  }

  private static Supplier<Accepted<StreamSocket>> throwing(IOException failure) {
    return () -> {
      throw new UncheckedIOException(failure);
    };
  }

  static Stream<Supplier<Accepted<StreamSocket>>> failures() {
    return Stream.of(
        throwing(new IOException("not this one")),
        throwing(new SocketTimeoutException("its handshake took too long")),
        () -> {
          throw new IllegalArgumentException("not this one");
        },
        () -> {
          throw new StackOverflowError("not this one");
        },
        () -> null);
  }

  @ParameterizedTest
  @SuppressWarnings("try") // is there, and that is all
  @MethodSource("failures")
  void whatWasAcceptedIsClosedAndTheNextClientServed(Supplier<Accepted<StreamSocket>> failure)
      throws IOException {
    Failing server = new Failing(1, failure);
    try (var log = new LogCapture();
        var running = RunningServer.start(server)) {
      try (var client = TcpClient.to(running)) {
        assertEquals("", client.rest());
        assertEquals(-1, server.taken.get(0).fileno(), "its descriptor is closed");
      }
      try (var client = TcpClient.to(running)) {
        assertEquals("", client.rest());
      }
      assertEquals(1, calls.count("L handle"));
      assertTrue(running.thread().isAlive());
    }
  }

  @ParameterizedTest
  @SuppressWarnings("try") // is there, and that is all
  @MethodSource("failures")
  void handleRequestClosesItToo(Supplier<Accepted<StreamSocket>> failure) throws IOException {
    try (var log = new LogCapture();
        var server = new Failing(1, failure);
        var client = TcpClient.to(server)) {
      server.handleRequest();
      assertEquals("", client.rest());
      assertEquals(List.of(), calls.all());
    }
  }

  /** With pauses of up to a second for each, the last would come after a minute and a half. */
  @Test
  void clientsThatAreTurnedAwayDoNotMakeOthersWait() throws IOException {
    int bad = 100;
    try (var log = new LogCapture();
        var running = RunningServer.start(new Failing(bad, throwing(new IOException("blocked"))))) {
      for (int i = 0; i < bad + 1; i++) {
        try (var client = TcpClient.to(running)) {
          assertEquals("", client.rest());
        }
      }
      assertEquals(1, calls.count("L handle"));
      assertFalse(log.at(Level.WARN, "blocked").isEmpty());
    }
  }

  @Test
  void manyFailuresAreFewLinesWithTheNumberOfTheOthers() throws IOException {
    QueueServer server =
        new QueueServer(RecordedHandler.noting(calls)) {
          @Override
          public Accepted<String> getRequest() throws IOException {
            throw new IOException("blocked");
          }
        };
    try (var log = new LogCapture();
        var running = RunningServer.start(server)) {
      log.await(Level.WARN, "like it were left out before");
      assertTrue(running.thread().isAlive());
    }
  }

  @Test
  @SuppressWarnings("try") // is there, and that is all
  void getRequestThatReturnsNullIsAnErrorInTheLogThatSaysWhatToDo() {
    QueueServer server =
        new QueueServer(RecordedHandler.noting(calls)) {
          private boolean failed;

          @Override
          public Accepted<String> getRequest() throws IOException {
            if (!failed) {
              failed = true;
              return null;
            }
            return super.getRequest();
          }
        };
    try (var log = new LogCapture();
        var running = RunningServer.start(server)) {
      server.offer("request");
      calls.await("L handle", 1);
      assertEquals(
          "getRequest() returned null: throw a SocketTimeoutException", log.thrown(Level.ERROR));
    }
  }

  @Test
  void serverWithoutAnythingToTakeRequestsFromDoesNotServe() throws IOException {
    class Bare extends socketserver.BaseServer<String> {
      Bare() {
        super(QueueServer.CLIENT, RecordedHandler.noting(calls));
      }
    }

    var running = RunningServer.start(new Bare());
    String message = running.failure().getMessage();
    assertTrue(message.contains("override getRequest()"), message);
    running.server().serverClose();
  }

  // Out of descriptors or memory

  /** Accepts nothing for a while. */
  private static final class Exhausted extends ListenerSocket {
    private final AtomicInteger failures;

    Exhausted(int failures) throws IOException {
      super(StandardProtocolFamily.INET);
      this.failures = new AtomicInteger(failures);
      bind(RunningServer.anyPort());
      listen(5);
    }

    @Override
    public StreamSocket accept() throws IOException {
      if (failures.getAndDecrement() > 0) {
        throw new OutOfResourcesException("cannot accept: too many open files");
      }
      return super.accept();
    }
  }

  private TCPServer exhausted(int failures) throws IOException {
    TCPServer server =
        new TCPServer(RunningServer.anyPort(), RecordedHandler.noting(calls), false) {
          @Override
          public Accepted<StreamSocket> getRequest() throws IOException {
            try {
              return super.getRequest();
            } catch (IOException e) {
              throw new IllegalStateException("whatever an override makes of it", e);
            }
          }
        };
    server.socket(new Exhausted(failures));
    server.serverAddress(server.socket().getsockname());
    return server;
  }

  @Test
  @SuppressWarnings("try") // is there, and that is all
  void serverThatIsOutOfDescriptorsPauses() throws IOException {
    try (var log = new LogCapture();
        var running = RunningServer.start(exhausted(1_000_000));
        var client = TcpClient.to(running)) {
      Eventually.waitsIn(running.thread(), "backOff");
      running.shutdown();
      assertEquals(null, running.failure());
    }
  }

  @Test
  @SuppressWarnings("try") // is there, and that is all
  void connectionThatWaitedMeanwhileIsServed() throws IOException {
    try (var log = new LogCapture();
        var running = RunningServer.start(exhausted(3));
        var client = TcpClient.to(running)) {
      assertEquals("", client.rest());
      assertEquals(1, calls.count("L handle"));
    }
  }
}
