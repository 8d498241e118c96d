package socketserver.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ch.qos.logback.classic.Level;
import java.io.IOException;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import socketserver.SocketConstants;
import socketserver.StreamRequestHandler;
import socketserver.StreamSocket;
import socketserver.TCPServer;
import socketserver.contract.Peer;
import socketserver.fixture.Background;
import socketserver.fixture.Bounds;
import socketserver.fixture.Eventually;
import socketserver.fixture.LogCapture;
import socketserver.fixture.RunningServer;
import socketserver.fixture.StandardError;
import socketserver.fixture.TcpClient;
import socketserver.fixture.UdpClient;
import socketserver.stopping.Mixed;
import socketserver.stopping.Stage;
import socketserver.tls.Contexts;

/** How long a client, and a request, may take. */
@Timeout(60)
class DeadlinesTest {
  private static final Duration SHORT = Duration.ofMillis(150);
  private static final long DRIP_NANOS = 20_000_000;

  private final Stage stage = new Stage();

  @AfterEach
  void letGo() {
    stage.release.countDown();
  }

  private RunningServer<TCPServer> start(Mixed mixed) throws IOException {
    return RunningServer.start(mixed.tcp(stage.lines()));
  }

  private static String echo(TcpClient client, String line) throws IOException {
    return client.send(line + "\n").line();
  }

  /** The client sees a reset, after what had arrived at most. */
  private static void assertReset(TcpClient client) {
    assertThrows(SocketException.class, client::all);
  }

  /** A deadline of others has passed in the meantime. */
  private void letATimePass(RunningServer<TCPServer> running) throws IOException {
    try (TcpClient silent = TcpClient.to(running)) {
      assertEquals("", silent.rest());
    }
    stage.await("ConnectionTimeoutException");
  }

  private static boolean isWatched() {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> thread.getName().equals("socketserver-deadlines"));
  }

  @ParameterizedTest
  @EnumSource
  void nothingIsWatchedUnlessAsked(Mixed mixed) throws Exception {
    Eventually.holds("nothing is left of other tests", () -> !isWatched());
    try (var running = start(mixed);
        TcpClient client = TcpClient.to(running)) {
      assertEquals("line\n", echo(client, "line"));
      assertFalse(isWatched());
      running.server().idleTimeout(SHORT);
      assertEquals("", client.rest());
    }
    Eventually.holds("the thread has gone", () -> !isWatched());
  }

  @ParameterizedTest
  @EnumSource
  void anIdleClientSeesTheEndOfTheStream(Mixed mixed) throws Exception {
    try (LogCapture log = new LogCapture();
        StandardError printed = new StandardError();
        var running = start(mixed)) {
      running.server().idleTimeout(SHORT);
      try (TcpClient client = TcpClient.to(running)) {
        assertEquals("line\n", echo(client, "line"));
        long began = System.nanoTime();
        assertEquals("", client.rest());
        long waited = System.nanoTime() - began;
        assertTrue(waited > SHORT.toNanos() * 9 / 10, "after " + waited + " ns");
        stage.await("ConnectionTimeoutException");
        log.await(Level.INFO, client.address() + " is ended: the client was idle for 150 ms");
      }
      Stage.awaitNone(running.server());
      try (TcpClient next = TcpClient.to(running)) {
        assertEquals("next\n", echo(next, "next"));
      }
      assertEquals("", printed.text());
      log.await(Level.DEBUG, "timed out: the client was idle for 150 ms");
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void othersAreServedMeanwhile(Mixed mixed) throws Exception {
    try (var running = start(mixed)) {
      running.server().idleTimeout(Duration.ofMillis(500));
      try (TcpClient good = TcpClient.to(running);
          TcpClient idle = TcpClient.to(running)) {
        var end = Background.ask("idle client", idle::rest);
        while (!end.isDone()) {
          assertEquals("line\n", echo(good, "line"));
          LockSupport.parkNanos(DRIP_NANOS);
        }
        assertEquals("", Background.result(end));
        assertEquals("line\n", echo(good, "line"));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void aHandlerThatDoesNotWaitForItsClientHasTime(Mixed mixed) throws Exception {
    try (var running = start(mixed)) {
      running.server().idleTimeout(SHORT);
      running.server().firstByteTimeout(SHORT);
      running.server().leastRate(1000);
      running.server().rateWindow(SHORT);
      try (TcpClient client = TcpClient.to(running)) {
        client.send("hold\n");
        stage.await("holds");
        letATimePass(running);
        letATimePass(running);
        stage.release.countDown();
        assertEquals("done\n", client.line());
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aClientThatTakesNothingIsReset(Mixed mixed) throws Exception {
    try (var running = start(mixed)) {
      running.server().idleTimeout(Duration.ofMillis(300));
      try (TcpClient client = TcpClient.to(running.address(), 4096)) {
        client.send("flood\n");
        stage.await("ConnectionTimeoutException");
        assertReset(client);
      }
      Stage.awaitNone(running.server());
    }
  }

  @ParameterizedTest
  @EnumSource
  void idleClientsOfUnixServersAreEndedToo(Mixed mixed, @TempDir Path folder) throws Exception {
    Path path = folder.resolve("s");
    var server = mixed.unix(path, stage.lines());
    server.idleTimeout(SHORT);
    try (var running = RunningServer.start(server);
        Peer peer = new Peer(SocketChannel.open(UnixDomainSocketAddress.of(path)))) {
      peer.send("line\n");
      assertEquals("line\n", peer.receiveText(5));
      assertEquals(0, peer.receiveAll().length);
      stage.await("ConnectionTimeoutException");
      Stage.awaitNone(running.server());
    }
  }

  // The whole request

  @ParameterizedTest
  @EnumSource
  void aRequestThatTakesTooLongIsEnded(Mixed mixed) throws Exception {
    try (LogCapture log = new LogCapture();
        var running = start(mixed)) {
      running.server().requestTimeout(SHORT);
      try (TcpClient client = TcpClient.to(running)) {
        assertEquals("line\n", echo(client, "line"));
        assertReset(client);
        stage.await("ConnectionTimeoutException");
        log.await(Level.INFO, "is ended: the request took longer than 150 ms");
      }
      Stage.awaitNone(running.server());
    }
  }

  @ParameterizedTest
  @EnumSource
  void aHandlerThatComputesForTooLongIsInterrupted(Mixed mixed) throws Exception {
    try (var running = start(mixed)) {
      running.server().requestTimeout(SHORT);
      try (TcpClient client = TcpClient.to(running)) {
        client.send("hold\n");
        stage.await("holds");
        assertReset(client);
        stage.await("interrupted");
      }
      Stage.awaitNone(running.server());
      // the interrupt meets nobody else
      running.server().requestTimeout(null);
      try (TcpClient client = TcpClient.to(running)) {
        assertEquals("next\n", echo(client, "next"));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void soIsOneOfADatagram(Mixed mixed) throws Exception {
    var server = mixed.udp(stage.datagrams());
    server.requestTimeout(SHORT);
    try (var running = RunningServer.start(server);
        UdpClient client = UdpClient.to(running)) {
      client.send("hold");
      stage.await("interrupted");
      Stage.awaitNone(server);
      assertEquals("", client.text());
      assertEquals("next", client.send("next").text());
    }
  }

  // The first byte

  @ParameterizedTest
  @EnumSource
  void aClientThatSendsNothingIsEnded(Mixed mixed) throws Exception {
    try (LogCapture log = new LogCapture();
        var running = start(mixed)) {
      running.server().firstByteTimeout(SHORT);
      try (TcpClient client = TcpClient.to(running)) {
        assertEquals("", client.rest());
        stage.await("ConnectionTimeoutException");
        log.await(Level.INFO, "is ended: the client sent nothing for 150 ms");
      }
      Stage.awaitNone(running.server());
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void oneThatHasSentSomethingHasTime(Mixed mixed) throws Exception {
    try (var running = start(mixed)) {
      running.server().firstByteTimeout(SHORT);
      try (TcpClient client = TcpClient.to(running)) {
        client.send("li");
        letATimePass(running);
        letATimePass(running);
        assertEquals("line\n", echo(client, "ne"));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aClientThatDoesNotBeginWithTlsIsEnded(Mixed mixed) throws Exception {
    class Secure extends StreamRequestHandler {
      @Override
      public void setup() throws Exception {
        try {
          request.startTls(Contexts.SERVER);
        } catch (IOException e) {
          stage.tell(e.getMessage());
          throw e;
        }
        super.setup();
      }
    }
    try (StandardError printed = new StandardError();
        var running = RunningServer.start(mixed.tcp(Secure::new))) {
      running.server().firstByteTimeout(SHORT);
      try (TcpClient client = TcpClient.to(running)) {
        stage.await("timed out: the tls handshake took longer than 150 ms");
        assertReset(client);
      }
      // half a hello
      try (TcpClient client = TcpClient.to(running)) {
        client.send(new byte[] {22, 3, 1, 1});
        stage.await("timed out: the tls handshake took longer than 150 ms");
        assertReset(client);
      }
      Stage.awaitNone(running.server());
      assertEquals("", printed.text());
    }
  }

  // Rates

  private RunningServer<TCPServer> startWithRate(Mixed mixed) throws IOException {
    var running = start(mixed);
    running.server().rateWindow(Duration.ofMillis(300));
    running.server().leastRate(1000);
    return running;
  }

  /** Sends a byte now and then until the connection ends. */
  private static void drip(TcpClient client) {
    try {
      while (true) {
        client.send("x");
        LockSupport.parkNanos(DRIP_NANOS);
      }
    } catch (IOException e) {
      // as it should
    }
  }

  @ParameterizedTest
  @EnumSource
  void aClientThatSendsTooSlowlyIsReset(Mixed mixed) throws Exception {
    try (LogCapture log = new LogCapture();
        var running = startWithRate(mixed);
        TcpClient client = TcpClient.to(running)) {
      drip(client);
      stage.await("ConnectionTimeoutException");
      log.await(Level.INFO, "is ended: the client sent fewer than 1000 bytes a second");
      Stage.awaitNone(running.server());
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void oneThatRestsBetweenRequestsIsNot(Mixed mixed) throws Exception {
    try (var running = startWithRate(mixed);
        TcpClient resting = TcpClient.to(running);
        TcpClient silent = TcpClient.to(running)) {
      assertEquals("line\n", echo(resting, "line"));
      for (int i = 0; i < 2; i++) {
        try (TcpClient slow = TcpClient.to(running)) {
          drip(slow);
        }
        stage.await("ConnectionTimeoutException");
      }
      assertEquals("line\n", echo(resting, "line"));
      assertEquals("line\n", echo(silent, "line"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aClientThatTakesTooSlowlyIsReset(Mixed mixed) throws Exception {
    try (LogCapture log = new LogCapture();
        var running = startWithRate(mixed);
        TcpClient client = TcpClient.to(running.address(), 4096)) {
      client.send("flood\n");
      stage.await("begun");
      while (!stage.hasTold()) {
        client.read(1);
        LockSupport.parkNanos(DRIP_NANOS);
      }
      assertEquals("ConnectionTimeoutException", stage.next());
      assertReset(client);
      log.await(Level.INFO, "is ended: the client took fewer than 1000 bytes a second");
      Stage.awaitNone(running.server());
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void oneThatTakesEnoughIsNotThoughTheBufferStaysFull(Mixed mixed) throws Exception {
    try (var running = startWithRate(mixed);
        TcpClient client = TcpClient.to(running.address(), 4096)) {
      assumeTrue(tellsWhatIsTaken(running), "the system does not tell what a client has taken");
      client.send("flood\n");
      var slow =
          Background.ask(
              "slow clients",
              () -> {
                for (int i = 0; i < 3; i++) {
                  try (TcpClient dripping = TcpClient.to(running)) {
                    drip(dripping);
                  }
                }
                return true;
              });
      while (!slow.isDone()) {
        client.read(2048);
        LockSupport.parkNanos(DRIP_NANOS);
      }
      assertTrue(Background.result(slow));
      client.read(2048);
      client.reset();
    }
  }

  private static boolean tellsWhatIsTaken(RunningServer<?> running) throws IOException {
    try (StreamSocket probe = StreamSocket.connect(running.address())) {
      return probe.getsockopt(SocketConstants.IPPROTO_TCP, SocketConstants.TCP_INFO, 128).length
          == 128;
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  @ParameterizedTest
  @EnumSource
  void ratesAndIdleTimesHoldOverTlsToo(Mixed mixed) throws Exception {
    class Secure extends StreamRequestHandler {
      @Override
      public void setup() throws Exception {
        request.startTls(Contexts.SERVER);
        super.setup();
      }

      @Override
      public void handle() throws Exception {
        try {
          if (rfile.readline().length > 0) {
            while (true) {
              wfile.write(new byte[64 << 10]);
            }
          }
        } catch (IOException e) {
          stage.tell(e.getMessage());
          throw e;
        }
      }
    }
    try (var running = RunningServer.start(mixed.tcp(Secure::new))) {
      running.server().idleTimeout(Duration.ofMillis(500));
      try (StreamSocket client = StreamSocket.connect(running.address(), Bounds.WAIT)) {
        // so that an end without close_notify is an error
        client.suppressRaggedEofs(false);
        client.startTls(Contexts.CLIENT, "localhost");
        assertEquals(0, client.recv(1).length);
        stage.await("timed out: the client was idle for 500 ms");
      }
      Stage.awaitNone(running.server());
      running.server().idleTimeout(null);
      running.server().leastRate(1000);
      running.server().rateWindow(Duration.ofMillis(300));
      try (StreamSocket client = StreamSocket.connect(running.address(), Bounds.WAIT)) {
        client.startTls(Contexts.CLIENT, "localhost");
        client.sendall("flood\n");
        stage.await("timed out: the client took fewer than 1000 bytes a second");
        Stage.awaitNone(running.server());
      }
    }
  }

  @Test
  void deadlinesHoldFromWhenTheyAreSet() throws Exception {
    try (var running = start(Mixed.THREADING);
        TcpClient client = TcpClient.to(running)) {
      Stage.awaitIdle(running.server());
      running.server().requestTimeout(SHORT);
      assertReset(client);
    }
  }
}
