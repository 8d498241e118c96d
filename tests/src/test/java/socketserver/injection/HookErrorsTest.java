package socketserver.injection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.SocketException;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import socketserver.DatagramRequestHandler;
import socketserver.StreamRequestHandler;
import socketserver.fixture.Descriptors;
import socketserver.fixture.Eventually;
import socketserver.fixture.LogCapture;
import socketserver.fixture.RequestThreads;
import socketserver.fixture.RunningServer;
import socketserver.fixture.StandardError;
import socketserver.fixture.TcpClient;
import socketserver.fixture.UdpClient;
import socketserver.injection.FailingOnce.Hook;

/** An Error in any hook costs one request at most, and leaves nothing open. */
@Timeout(60)
class HookErrorsTest {
  private static final class Lines extends StreamRequestHandler {
    @Override
    public void setup() throws Exception {
      FailingOnce.at(Hook.SETUP);
      super.setup();
    }

    @Override
    public void handle() throws IOException {
      FailingOnce.at(Hook.HANDLE);
      if (FailingOnce.FAILS.get() == Hook.HANDLE_ERROR) {
        throw new FailingOnce.HookError(Hook.HANDLE);
      }
      wfile.write(rfile.readline());
    }

    @Override
    public void finish() throws Exception {
      FailingOnce.at(Hook.FINISH);
      super.finish();
    }
  }

  private static final class Datagrams extends DatagramRequestHandler {
    @Override
    public void setup() throws Exception {
      FailingOnce.at(Hook.SETUP);
      super.setup();
    }

    @Override
    public void handle() throws IOException {
      FailingOnce.at(Hook.HANDLE);
      if (FailingOnce.FAILS.get() == Hook.HANDLE_ERROR) {
        throw new FailingOnce.HookError(Hook.HANDLE);
      }
      wfile.write(packet);
    }

    @Override
    public void finish() throws Exception {
      FailingOnce.at(Hook.FINISH);
      super.finish();
    }
  }

  /** The JDK keeps a socket of its own once there has been one. */
  @BeforeAll
  static void openWhatStaysOpen() throws IOException {
    Descriptors.assumeCountable();
    new DatagramSocket().close();
    try (var running = RunningServer.start(Threads.PLAIN.tcp(Lines::new));
        var client = TcpClient.to(running)) {
      assertEquals("first\n", client.send("first\n").line());
    }
  }

  /** That of handleError ends a loop without threads: the twin of Python's bare raise. */
  static Stream<Arguments> hooks() {
    return Stream.of(Threads.values())
        .flatMap(
            threads ->
                Stream.of(Hook.values())
                    .filter(hook -> hook != Hook.HANDLE_TIMEOUT)
                    .filter(hook -> hook != Hook.HANDLE_ERROR || threads.areMany())
                    .map(hook -> Arguments.of(threads, hook)));
  }

  @ParameterizedTest
  @MethodSource("hooks")
  @SuppressWarnings("try") // the log and the output are only kept apart
  void costsOneConnectionAtMost(Threads threads, Hook hook) throws Exception {
    threads.assumeWorksHere();
    long before = Descriptors.sockets();
    try (var log = new LogCapture();
        var printed = new StandardError();
        var running = RunningServer.start(threads.tcp(Lines::new))) {
      FailingOnce.FAILS.set(hook);
      try (var client = TcpClient.to(running)) {
        assertEnds(client.send("one\n"));
      }
      Eventually.holds("the hook was called", () -> FailingOnce.FAILS.get() == null);
      try (var client = TcpClient.to(running)) {
        assertEquals("two\n", client.send("two\n").rest());
      }
    }
    RequestThreads.awaitNone();
    awaitSockets(before);
  }

  /** With an answer or without, or with a reset. */
  private static void assertEnds(TcpClient client) throws IOException {
    try {
      client.all();
    } catch (SocketException e) {
      // an end as well: the handler has not read the line
    }
  }

  @ParameterizedTest
  @MethodSource("hooks")
  @SuppressWarnings("try") // the log and the output are only kept apart
  void costsOneDatagramAtMost(Threads threads, Hook hook) throws Exception {
    threads.assumeWorksHere();
    long before = Descriptors.sockets();
    try (var log = new LogCapture();
        var printed = new StandardError();
        var running = RunningServer.start(threads.udp(Datagrams::new));
        var client = UdpClient.to(running)) {
      FailingOnce.FAILS.set(hook);
      client.send("one");
      Eventually.holds("the hook was called", () -> FailingOnce.FAILS.get() == null);
      client.send("two");
      // finish() answers also what the handler has not, as Python's does
      while (!client.text().equals("two")) {}
    }
    RequestThreads.awaitNone();
    awaitSockets(before);
  }

  @ParameterizedTest
  @EnumSource
  void ofHandleTimeoutIsTheCallersAndTheServerGoesOn(Threads threads) throws Exception {
    threads.assumeWorksHere();
    long before = Descriptors.sockets();
    try (var server = threads.tcp(Lines::new)) {
      server.timeout(Duration.ZERO);
      FailingOnce.FAILS.set(Hook.HANDLE_TIMEOUT);
      assertThrows(FailingOnce.HookError.class, server::handleRequest);
      server.timeout(null);
      try (var client = TcpClient.to(server)) {
        client.send("two\n");
        server.handleRequest();
        assertEquals("two\n", client.rest());
      }
    }
    RequestThreads.awaitNone();
    awaitSockets(before);
  }

  private static void awaitSockets(long before) {
    Eventually.holds(
        () -> Descriptors.sockets() + " sockets are open, before " + before,
        () -> Descriptors.sockets() <= before);
  }
}
