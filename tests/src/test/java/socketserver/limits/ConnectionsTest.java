package socketserver.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import socketserver.Limits.WhenTooMany;
import socketserver.StreamSocket;
import socketserver.TCPServer;
import socketserver.ThreadingMixIn;
import socketserver.UDPServer;
import socketserver.contract.Peer;
import socketserver.fixture.Bounds;
import socketserver.fixture.Eventually;
import socketserver.fixture.LogCapture;
import socketserver.fixture.RunningServer;
import socketserver.fixture.TcpClient;
import socketserver.fixture.UdpClient;
import socketserver.stopping.Mixed;
import socketserver.stopping.Stage;

/** How many connections a server has at a time, in all and for one client. */
@Timeout(60)
class ConnectionsTest {
  private final Stage stage = new Stage();

  @AfterEach
  void letGo() {
    stage.release.countDown();
  }

  private RunningServer<TCPServer> start(Mixed mixed, int most, WhenTooMany policy)
      throws IOException {
    TCPServer server = mixed.tcp(stage.lines());
    server.maxConnections(most);
    server.whenTooMany(policy);
    return RunningServer.start(server);
  }

  private static String echo(TcpClient client, String line) throws IOException {
    return client.send(line + "\n").line();
  }

  @ParameterizedTest
  @EnumSource
  void nothingIsLimitedUnlessAsked(Mixed mixed) throws Exception {
    TCPServer server = mixed.tcp(stage.lines());
    assertEquals(0, server.maxConnections());
    assertEquals(0, server.maxConnectionsPerClient());
    assertEquals(WhenTooMany.WAIT, server.whenTooMany());
    server.close();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void whoIsAboveTheLimitIsServedWhenAnotherHasLeft(Mixed mixed) throws Exception {
    try (var running = start(mixed, 1, WhenTooMany.WAIT);
        TcpClient first = TcpClient.to(running)) {
      assertEquals("one\n", echo(first, "one"));
      try (TcpClient second = TcpClient.to(running)) {
        second.send("two\n");
        Eventually.waitsIn(running.thread(), "awaitRoom");
        assertEquals("one more\n", echo(first, "one more"));
        assertEquals(first.address(), Stage.only(running.server()).clientAddress());
        first.end();
        assertEquals("two\n", second.line());
      }
      Stage.awaitNone(running.server());
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void aHigherLimitHoldsAtOnce(Mixed mixed) throws Exception {
    try (var running = start(mixed, 1, WhenTooMany.WAIT);
        TcpClient first = TcpClient.to(running)) {
      assertEquals("one\n", echo(first, "one"));
      Eventually.waitsIn(running.thread(), "awaitRoom");
      try (TcpClient second = TcpClient.to(running)) {
        running.server().maxConnections(2);
        assertEquals("two\n", echo(second, "two"));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void shutdownAndCloseEndTheWaitForRoom(Mixed mixed) throws Exception {
    try (var running = start(mixed, 1, WhenTooMany.WAIT);
        TcpClient first = TcpClient.to(running)) {
      assertEquals("one\n", echo(first, "one"));
      Eventually.waitsIn(running.thread(), "awaitRoom");
      running.shutdown();
      assertEquals("one\n", echo(first, "one"));
    }
    try (var running = start(mixed, 1, WhenTooMany.WAIT);
        TcpClient first = TcpClient.to(running)) {
      assertEquals("one\n", echo(first, "one"));
      Eventually.waitsIn(running.thread(), "awaitRoom");
      assertEquals(1, running.server().serverClose(Duration.ZERO));
      assertEquals("", first.rest());
    }
  }

  @Test
  void handleRequestWaitsForRoomWithinItsTimeout() throws Exception {
    try (TCPServer server = Mixed.THREADING.tcp(stage.lines());
        TcpClient first = TcpClient.to(server);
        TcpClient second = TcpClient.to(server)) {
      server.maxConnections(1);
      server.handleRequest();
      server.timeout(Duration.ofMillis(50));
      server.handleRequest();
      assertEquals(first.address(), Stage.only(server).clientAddress());
      first.end();
      Stage.awaitNone(server);
      server.handleRequest();
      assertEquals("two\n", echo(second, "two"));
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void whoIsAboveTheLimitIsRefusedIfAsked(Mixed mixed) throws Exception {
    try (LogCapture log = new LogCapture();
        var running = start(mixed, 1, WhenTooMany.REFUSE)) {
      try (TcpClient first = TcpClient.to(running)) {
        assertEquals("one\n", echo(first, "one"));
        for (int i = 0; i < 3; i++) {
          try (TcpClient second = TcpClient.to(running)) {
            assertEquals("", second.rest());
          }
        }
        log.await(Level.WARN, "too many connections; requests refused: 1, the last from ");
        assertEquals(1, log.at(Level.WARN).size(), log.at(Level.WARN).toString());
        assertEquals("one more\n", echo(first, "one more"));
      }
      Stage.awaitNone(running.server());
      try (TcpClient third = TcpClient.to(running)) {
        assertEquals("three\n", echo(third, "three"));
      }
      running.shutdown();
      log.await(Level.WARN, "too many connections; requests refused: 2, the last from ");
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void oneClientHasNoMoreThanItsShare(Mixed mixed) throws Exception {
    try (LogCapture log = new LogCapture();
        var running = RunningServer.start(mixed.tcp(stage.lines()))) {
      running.server().maxConnectionsPerClient(1);
      try (TcpClient first = TcpClient.to(running);
          StreamSocket other = new StreamSocket(StandardProtocolFamily.INET)) {
        assertEquals("one\n", echo(first, "one"));
        try (TcpClient second = TcpClient.to(running)) {
          assertEquals("", second.rest());
        }
        log.await(Level.WARN, "too many connections of one client; requests refused: 1");
        other.settimeout(Bounds.WAIT);
        other.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.2"), 0));
        other.connectTo(running.address());
        other.sendall("other\n");
        assertEquals("other\n", new String(other.recv(100), StandardCharsets.UTF_8));
        assertEquals("one more\n", echo(first, "one more"));
      }
      Stage.awaitNone(running.server());
      // what has ended does not count
      try (TcpClient third = TcpClient.to(running)) {
        assertEquals("three\n", echo(third, "three"));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void clientsOfAUnixServerAreCountedInAllOnly(Mixed mixed, @TempDir Path folder) throws Exception {
    Path path = folder.resolve("s");
    var server = mixed.unix(path, stage.lines());
    server.maxConnectionsPerClient(1);
    server.maxConnections(2);
    server.whenTooMany(WhenTooMany.REFUSE);
    try (var running = RunningServer.start(server);
        Peer first = new Peer(SocketChannel.open(UnixDomainSocketAddress.of(path)));
        Peer second = new Peer(SocketChannel.open(UnixDomainSocketAddress.of(path)))) {
      for (Peer peer : new Peer[] {first, second}) {
        peer.send("line\n");
        assertEquals("line\n", peer.receiveText(5));
      }
      try (Peer third = new Peer(SocketChannel.open(UnixDomainSocketAddress.of(path)))) {
        assertEquals(0, third.receiveAll().length);
      }
      assertEquals(2, running.server().requests().size());
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void aFloodOfDatagramsHasABound(Mixed mixed) throws Exception {
    UDPServer server = mixed.udp(stage.datagrams());
    server.maxConnections(1);
    server.whenTooMany(WhenTooMany.REFUSE);
    try (LogCapture log = new LogCapture();
        var running = RunningServer.start(server);
        UdpClient client = UdpClient.to(running);
        UdpClient other = UdpClient.to(running)) {
      client.send("hold");
      stage.await("holds");
      other.send("dropped");
      log.await(Level.WARN, "too many connections; requests refused: 1");
      assertEquals(client.address(), Stage.only(server).clientAddress());
      stage.release.countDown();
      assertEquals("done", client.text());
      Stage.awaitNone(server);
      assertEquals("again", other.send("again").text());
    }
  }

  @Test
  void aRefusedConnectionIsNotVerified() throws Exception {
    class Verifying extends TCPServer implements ThreadingMixIn {
      private volatile int verified;

      Verifying() throws IOException {
        super(RunningServer.anyPort(), stage.lines());
      }

      @Override
      public int maxConnections() {
        return 1;
      }

      @Override
      public WhenTooMany whenTooMany() {
        return WhenTooMany.REFUSE;
      }

      @Override
      public boolean verifyRequest(StreamSocket request, SocketAddress client) {
        verified++;
        return true;
      }
    }
    try (var running = RunningServer.start(new Verifying());
        TcpClient first = TcpClient.to(running)) {
      assertEquals("one\n", echo(first, "one"));
      try (TcpClient second = TcpClient.to(running)) {
        assertEquals("", second.rest());
      }
      assertEquals(1, running.server().verified);
      var error =
          assertThrows(IllegalStateException.class, () -> running.server().maxConnections(5));
      assertTrue(error.getMessage().contains("overrides maxConnections()"), error.getMessage());
    }
  }

  @Test
  void whatMakesNoSenseIsRefused() throws Exception {
    try (TCPServer server = Mixed.NONE.tcp(stage.lines())) {
      List<Executable> mistakes =
          List.of(
              () -> server.maxConnections(-1),
              () -> server.maxConnectionsPerClient(-1),
              () -> server.leastRate(-1),
              () -> server.idleTimeout(Duration.ZERO),
              () -> server.requestTimeout(Duration.ofMillis(-1)),
              () -> server.firstByteTimeout(Duration.ZERO),
              () -> server.rateWindow(null),
              () -> server.rateWindow(Duration.ZERO));
      for (Executable mistake : mistakes) {
        String message = assertThrows(IllegalArgumentException.class, mistake).getMessage();
        assertTrue(message.contains("must"), message);
      }
      assertThrows(NullPointerException.class, () -> server.whenTooMany(null));
    }
  }
}
