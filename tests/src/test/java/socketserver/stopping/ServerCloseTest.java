package socketserver.stopping;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import socketserver.Accepted;
import socketserver.BaseServer;
import socketserver.StreamRequestHandler;
import socketserver.TCPServer;
import socketserver.ThreadPoolMixIn;
import socketserver.ThreadingTCPServer;
import socketserver.ThreadingUDPServer;
import socketserver.UnixStreamServer;
import socketserver.contract.Peer;
import socketserver.fixture.Background;
import socketserver.fixture.Bounds;
import socketserver.fixture.Eventually;
import socketserver.fixture.RunningServer;
import socketserver.fixture.TcpClient;
import socketserver.fixture.UdpClient;

/** What {@code serverClose(grace)} does with the requests that run. */
@Timeout(90)
class ServerCloseTest {
  private final Stage stage = new Stage();

  @AfterEach
  void letGo() {
    stage.release.countDown();
  }

  private RunningServer<TCPServer> start(Mixed mixed) throws IOException {
    return RunningServer.start(mixed.tcp(stage.lines()));
  }

  private static CompletableFuture<Integer> closing(BaseServer<?> server, Duration grace) {
    return Background.ask("closes", () -> server.serverClose(grace));
  }

  private static boolean listens(InetSocketAddress address) throws IOException {
    try (TcpClient client = TcpClient.to(address, 0)) {
      return client != null;
    } catch (ConnectException e) {
      return false;
    }
  }

  private static void awaitClosing(BaseServer<?> server) {
    Eventually.holds("the server is closing", server::isClosing);
  }

  @ParameterizedTest
  @EnumSource
  void whatRunsMayFinish(Mixed mixed) throws Exception {
    try (var running = start(mixed);
        TcpClient client = TcpClient.to(running)) {
      TCPServer server = running.server();
      assertFalse(server.isClosing());
      client.send("hold\n");
      stage.await("holds");
      CompletableFuture<Integer> cut = closing(server, Bounds.NEVER);
      awaitClosing(server);
      Eventually.holds("the listener is closed", () -> server.fileno() == -1);
      Eventually.holds("nobody listens", () -> !listens(running.address()));
      assertEquals(1, server.requests().size());
      stage.release.countDown();
      assertEquals("done\n", client.line());
      assertEquals("more\n", client.send("more\n").line());
      client.end();
      assertEquals("", client.rest());
      assertEquals(0, Background.result(cut));
      stage.await("end of stream, closing");
      Eventually.ends(running.thread());
    }
  }

  @ParameterizedTest
  @EnumSource
  void withNothingRunningItReturnsAtOnce(Mixed mixed) throws Exception {
    try (var running = start(mixed)) {
      Eventually.waits(running.thread());
      assertEquals(0, Background.result(closing(running.server(), Bounds.NEVER)));
      assertTrue(running.server().isClosing());
      // and once more
      assertEquals(0, Background.result(closing(running.server(), Bounds.NEVER)));
    }
  }

  @ParameterizedTest
  @EnumSource
  void anIdleHandlerIsCutWhenTheGraceIsOver(Mixed mixed) throws Exception {
    try (var running = start(mixed);
        TcpClient client = TcpClient.to(running)) {
      Stage.awaitIdle(running.server());
      assertEquals(1, running.server().close(Duration.ofMillis(50)));
      stage.await("end of stream, closing");
      assertEquals("", client.rest());
      Stage.awaitNone(running.server());
    }
  }

  @ParameterizedTest
  @EnumSource
  void anIdleHandlerSeesTheEndAtOnceIfAsked(Mixed mixed) throws Exception {
    try (var running = start(mixed);
        TcpClient client = TcpClient.to(running)) {
      running.server().endIdleOnClose(true);
      Stage.awaitIdle(running.server());
      assertEquals(0, Background.result(closing(running.server(), Bounds.NEVER)));
      stage.await("end of stream, closing");
      assertEquals("", client.rest());
    }
  }

  @ParameterizedTest
  @EnumSource
  void oneThatBecomesIdleInTheGraceSeesTheEndThen(Mixed mixed) throws Exception {
    try (var running = start(mixed);
        TcpClient client = TcpClient.to(running)) {
      running.server().endIdleOnClose(true);
      client.send("hold\n");
      stage.await("holds");
      CompletableFuture<Integer> cut = closing(running.server(), Bounds.NEVER);
      awaitClosing(running.server());
      stage.release.countDown();
      assertEquals("done\n", client.rest());
      assertEquals(0, Background.result(cut));
    }
  }

  @ParameterizedTest
  @EnumSource
  void oneThatHasTheBeginningOfALineIsNotIdle(Mixed mixed) throws Exception {
    try (var running = start(mixed);
        TcpClient client = TcpClient.to(running)) {
      running.server().endIdleOnClose(true);
      client.send("begin");
      Eventually.holds("it has the beginning", () -> Stage.only(running.server()).bytesIn() == 5);
      Stage.awaitIdle(running.server());
      CompletableFuture<Integer> cut = closing(running.server(), Bounds.NEVER);
      awaitClosing(running.server());
      client.send("ning\n");
      assertEquals("beginning\n", client.line());
      assertEquals("", client.rest());
      assertEquals(0, Background.result(cut));
    }
  }

  @ParameterizedTest
  @EnumSource
  void oneThatReadsANumberOfBytesIsNotIdleInBetween(Mixed mixed) throws Exception {
    class Blocks extends StreamRequestHandler {
      @Override
      public void handle() throws Exception {
        byte[] block = rfile.read(20_000);
        while (block.length == 20_000) {
          wfile.write("block\n");
          block = rfile.read(20_000);
        }
        wfile.write("left " + block.length + "\n");
      }
    }
    try (var running = RunningServer.start(mixed.tcp(Blocks::new));
        TcpClient client = TcpClient.to(running)) {
      running.server().endIdleOnClose(true);
      client.send(new byte[16384]);
      Eventually.holds(
          "it has the first part", () -> Stage.only(running.server()).bytesIn() == 16384);
      Stage.awaitIdle(running.server());
      CompletableFuture<Integer> cut = closing(running.server(), Bounds.NEVER);
      awaitClosing(running.server());
      client.send(new byte[20_000 - 16384]);
      assertEquals("block\n", client.line());
      assertEquals("left 0\n", client.rest());
      assertEquals(0, Background.result(cut));
    }
  }

  @ParameterizedTest
  @EnumSource
  void oneThatWaitsForSomethingElseIsInterrupted(Mixed mixed) throws Exception {
    try (var running = start(mixed);
        TcpClient client = TcpClient.to(running)) {
      client.send("hold\n");
      stage.await("holds");
      assertEquals(1, running.server().serverClose(Duration.ZERO));
      stage.await("interrupted");
      assertEquals("", client.rest());
      Stage.awaitNone(running.server());
    }
  }

  @ParameterizedTest
  @EnumSource
  void oneThatWaitsForAClientThatTakesNothingIsCut(Mixed mixed) throws Exception {
    try (var running = start(mixed);
        TcpClient client = TcpClient.to(running.address(), 4096)) {
      client.send("flood\n");
      Stage.awaitIdle(running.server());
      assertEquals(1, running.server().serverClose(Duration.ZERO));
      stage.await("BrokenPipeException");
      Stage.awaitNone(running.server());
    }
  }

  @ParameterizedTest
  @EnumSource
  void oneThatIgnoresEverythingIsLeftToItself(Mixed mixed) throws Exception {
    try (var running = start(mixed);
        TcpClient client = TcpClient.to(running)) {
      client.send("stuck\n");
      stage.await("holds");
      assertEquals(1, Background.result(closing(running.server(), Duration.ofMillis(20))));
      stage.await("ignored an interrupt");
      assertEquals("", client.rest());
      // nobody waits for it any longer
      running.server().serverClose();
      stage.release.countDown();
      Stage.awaitNone(running.server());
    }
  }

  @ParameterizedTest
  @EnumSource
  void anInterruptOfWhoClosesEndsTheGrace(Mixed mixed) throws Exception {
    try (var running = start(mixed);
        TcpClient client = TcpClient.to(running)) {
      Stage.awaitIdle(running.server());
      CompletableFuture<Integer> cut = new CompletableFuture<>();
      CompletableFuture<Boolean> flag = new CompletableFuture<>();
      Thread closer =
          Background.start(
              "closes",
              () -> {
                cut.complete(running.server().serverClose(Bounds.NEVER));
                flag.complete(Thread.currentThread().isInterrupted());
              });
      awaitClosing(running.server());
      closer.interrupt();
      assertEquals(1, Background.result(cut));
      assertTrue(Background.result(flag));
      assertEquals("", client.rest());
    }
  }

  @ParameterizedTest
  @EnumSource
  void inAHandlersOwnThreadItClosesAndThrows(Mixed mixed) throws Exception {
    CompletableFuture<Throwable> thrown = new CompletableFuture<>();
    class Closing extends StreamRequestHandler {
      @Override
      public void handle() throws Exception {
        try {
          server.serverClose(Bounds.NEVER);
          thrown.complete(null);
        } catch (IllegalStateException e) {
          thrown.complete(e);
        }
        wfile.write(server.isClosing() + " " + server.fileno() + "\n");
      }
    }
    try (var running = RunningServer.start(mixed.tcp(Closing::new));
        TcpClient client = TcpClient.to(running)) {
      Throwable error = Background.result(thrown);
      assertInstanceOf(IllegalStateException.class, error);
      assertTrue(error.getMessage().contains("would wait for the handler"), error.getMessage());
      assertEquals("true -1\n", client.rest());
      Stage.awaitNone(running.server());
    }
  }

  @ParameterizedTest
  @EnumSource
  void aDatagramIsAnsweredInTheGrace(Mixed mixed) throws Exception {
    try (var running = RunningServer.start(mixed.udp(stage.datagrams()));
        UdpClient client = UdpClient.to(running)) {
      client.send("hold");
      stage.await("holds");
      CompletableFuture<Integer> cut = closing(running.server(), Bounds.NEVER);
      awaitClosing(running.server());
      stage.release.countDown();
      assertEquals("done", client.text());
      assertEquals(0, Background.result(cut));
      assertEquals(-1, running.server().fileno());
    }
  }

  @Test
  void aDatagramIsAnsweredAlsoIfNobodyWouldWaitForIt() throws Exception {
    ThreadingUDPServer server = new ThreadingUDPServer(RunningServer.anyPort(), stage.datagrams());
    server.daemonThreads(true);
    try (var running = RunningServer.start(server);
        UdpClient client = UdpClient.to(running)) {
      client.send("hold");
      stage.await("holds");
      CompletableFuture<Integer> cut = closing(server, Bounds.NEVER);
      Eventually.ends(running.thread());
      stage.release.countDown();
      assertEquals("done", client.text());
      assertEquals(0, Background.result(cut));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aDatagramsHandlerIsInterrupted(Mixed mixed) throws Exception {
    try (var running = RunningServer.start(mixed.udp(stage.datagrams()));
        UdpClient client = UdpClient.to(running)) {
      client.send("hold");
      stage.await("holds");
      assertEquals(1, running.server().serverClose(Duration.ZERO));
      stage.await("interrupted");
      assertEquals(-1, running.server().fileno());
    }
  }

  @ParameterizedTest
  @EnumSource
  void aUnixServersFileGoesAndItsClientsSeeTheEnd(Mixed mixed, @TempDir Path folder)
      throws Exception {
    Path path = folder.resolve("s");
    UnixStreamServer server = mixed.unix(path, stage.lines());
    server.unlinkOnClose(true);
    server.endIdleOnClose(true);
    try (var running = RunningServer.start(server);
        Peer peer = new Peer(SocketChannel.open(UnixDomainSocketAddress.of(path)))) {
      Stage.awaitIdle(server);
      assertEquals(0, Background.result(closing(server, Bounds.NEVER)));
      assertFalse(Files.exists(path));
      assertEquals(0, peer.receiveAll().length);
      Eventually.ends(running.thread());
    }
  }

  @Test
  void daemonsAndThoseNobodyWaitsForHaveTheGraceToo() throws Exception {
    try (var server = new ThreadingTCPServer(RunningServer.anyPort(), stage.lines());
        var running = RunningServer.start(server);
        TcpClient client = TcpClient.to(running)) {
      server.daemonThreads(true);
      server.blockOnClose(false);
      client.send("hold\n");
      stage.await("holds");
      CompletableFuture<Integer> cut = closing(server, Bounds.NEVER);
      Eventually.holds("the listener is closed", () -> server.fileno() == -1);
      stage.release.countDown();
      assertEquals("done\n", client.line());
      client.end();
      assertEquals(0, Background.result(cut));
    }
  }

  @Test
  void whatStillWaitsForAThreadAfterTheGraceIsNotHandled() throws Exception {
    class OneWorker extends TCPServer implements ThreadPoolMixIn {
      OneWorker() throws IOException {
        super(RunningServer.anyPort(), stage.lines());
        maxWorkers(1);
        maxWaiting(8);
      }
    }
    try (var running = RunningServer.start(new OneWorker());
        TcpClient first = TcpClient.to(running)) {
      first.send("hold\n");
      stage.await("holds");
      try (TcpClient second = TcpClient.to(running)) {
        second.send("line\n");
        Eventually.holds("both are there", () -> running.server().requests().size() == 2);
        assertEquals(2, running.server().serverClose(Duration.ZERO));
        stage.await("interrupted");
        Stage.awaitNone(running.server());
        assertFalse(stage.hasTold());
        assertEquals("", unlessReset(second));
      }
    }
  }

  /** Bytes that were sent and not read make the system reset the connection. */
  private static String unlessReset(TcpClient client) throws IOException {
    try {
      return client.rest();
    } catch (SocketException e) {
      return "";
    }
  }

  @Test
  void whatWaitsForAThreadIsHandledInTheGrace() throws Exception {
    class OneWorker extends TCPServer implements ThreadPoolMixIn {
      OneWorker() throws IOException {
        super(RunningServer.anyPort(), stage.lines());
        maxWorkers(1);
        maxWaiting(8);
      }
    }
    try (var running = RunningServer.start(new OneWorker());
        TcpClient first = TcpClient.to(running);
        TcpClient second = TcpClient.to(running)) {
      first.send("hold\n").end();
      second.send("line\n").end();
      stage.await("holds");
      Eventually.holds("both are there", () -> running.server().requests().size() == 2);
      CompletableFuture<Integer> cut = closing(running.server(), Bounds.NEVER);
      awaitClosing(running.server());
      stage.release.countDown();
      assertEquals("done\n", first.rest());
      assertEquals("line\n", second.rest());
      assertEquals(0, Background.result(cut));
    }
  }

  @Test
  void anOverrideOfServerCloseIsCalledAtOnceAndMayTakeItsTime() throws Exception {
    class Own extends ThreadingTCPServer {
      Own() throws IOException {
        super(RunningServer.anyPort(), stage.lines());
      }

      @Override
      public void serverClose() {
        stage.tell("closes");
        super.serverClose();
        stage.tell("closed");
      }
    }
    try (var running = RunningServer.start(new Own());
        TcpClient client = TcpClient.to(running)) {
      client.send("hold\n");
      stage.await("holds");
      CompletableFuture<Integer> cut = closing(running.server(), Bounds.NEVER);
      stage.await("closes");
      stage.release.countDown();
      client.end();
      assertEquals("done\n", client.rest());
      assertEquals(0, Background.result(cut));
      stage.await("closed");
    }
  }

  @Test
  void whatAnOverrideOfServerCloseThrowsIsThrown() throws Exception {
    class Failing extends ThreadingTCPServer {
      private boolean fails = true;

      Failing() throws IOException {
        super(RunningServer.anyPort(), stage.lines());
      }

      @Override
      public void serverClose() {
        super.serverClose();
        if (fails) {
          fails = false;
          throw new IllegalArgumentException("on purpose");
        }
      }
    }
    try (Failing server = new Failing()) {
      assertThrows(IllegalArgumentException.class, () -> server.serverClose(Bounds.NEVER));
    }
  }

  @Test
  void aServerWithoutASocketThatWaitsForEverIsNotWaitedFor() throws Exception {
    class Waiting extends BaseServer<String> {
      Waiting() {
        super(null, () -> null);
      }

      @Override
      public Accepted<String> getRequest() throws IOException {
        stage.tell("waits");
        try {
          stage.release.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
        throw new SocketTimeoutException();
      }
    }
    Waiting server = new Waiting();
    Thread serving = Background.start("serves", server::serveForever);
    stage.await("waits");
    assertEquals(0, Background.result(closing(server, Bounds.NEVER)));
    stage.release.countDown();
    Eventually.ends(serving);
  }

  @Test
  void theServingThreadItselfMayCloseBetweenTwoRequests() throws Exception {
    CompletableFuture<Integer> cut = new CompletableFuture<>();
    class ClosingItself extends ThreadingTCPServer {
      ClosingItself() throws IOException {
        super(RunningServer.anyPort(), stage.lines());
      }

      @Override
      public void serviceActions() {
        if (!requests().isEmpty()) {
          cut.complete(serverClose(Duration.ZERO));
        }
      }
    }
    try (var running = RunningServer.start(new ClosingItself());
        TcpClient client = TcpClient.to(running)) {
      assertEquals("", client.rest());
      assertEquals(1, Background.result(cut));
      Eventually.ends(running.thread());
    }
  }

  @Test
  void aNegativeGraceIsRefused() throws Exception {
    try (var server = new ThreadingTCPServer(RunningServer.anyPort(), stage.lines())) {
      Duration negative = Duration.ofSeconds(-1);
      assertThrows(IllegalArgumentException.class, () -> server.serverClose(negative));
      assertThrows(IllegalArgumentException.class, () -> server.serverClose(null));
      assertThrows(IllegalArgumentException.class, () -> server.closeOnExit(negative));
      assertFalse(server.isClosing());
      server.serverClose();
      assertThrows(IllegalStateException.class, () -> server.closeOnExit(Duration.ZERO));
    }
  }
}
