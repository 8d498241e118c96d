package socketserver.mixins;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import socketserver.BaseRequestHandler;
import socketserver.DatagramRequestHandler;
import socketserver.DgramSocket;
import socketserver.ListenerSocket;
import socketserver.TCPServer;
import socketserver.UDPServer;
import socketserver.fixture.Eventually;
import socketserver.fixture.RunningServer;
import socketserver.fixture.TcpClient;
import socketserver.fixture.UdpClient;

/** The constructor calls hooks, as Python's does: what that means in Java, and the ways out. */
@Timeout(60)
class ConstructionTest {
  private static final class Silent extends BaseRequestHandler<Object> {}

  /** Stores something while the superclass binds. */
  private static class Naming extends TCPServer {
    String name = "unknown"; // the trap: this runs after serverBind()
    String found;
    List<String> log = new ArrayList<>();

    Naming(boolean bindAndActivate) throws IOException {
      super(RunningServer.anyPort(), Silent::new, bindAndActivate);
    }

    @Override
    public void serverBind() throws IOException {
      super.serverBind();
      name = "port " + serverPort();
      found = name;
      if (log != null) {
        log.add("bound");
      }
    }
  }

  @Test
  void fieldWithAnInitialiserLosesWhatServerBindStored() throws IOException {
    try (var server = new Naming(true)) {
      assertEquals("unknown", server.name);
      assertEquals(List.of(), server.log);
    }
  }

  @Test
  void fieldWithoutAnInitialiserKeepsWhatServerBindStored() throws IOException {
    try (var server = new Naming(true)) {
      assertEquals("port " + server.serverPort(), server.found);
    }
  }

  @Test
  void serverThatIsBoundAfterItsConstructionKeepsAll() throws IOException {
    try (var server = new Naming(false)) {
      server.serverBind();
      server.serverActivate();
      assertEquals("port " + server.serverPort(), server.name);
      assertEquals(List.of("bound"), server.log);
      TcpClient.to(server).close();
      server.handleRequest();
    }
  }

  @Test
  void constructorThatFailsCallsServerCloseBeforeTheFieldsAreThere() throws IOException {
    List<String> seen = new ArrayList<>();
    class Cleaning extends TCPServer {
      private final String name = String.valueOf("cleaning");

      Cleaning(SocketAddress address) throws IOException {
        super(address, Silent::new);
      }

      @Override
      public void serverClose() {
        seen.add("closed " + name);
        super.serverClose();
      }
    }

    try (var taken = new TCPServer(RunningServer.anyPort(), Silent::new)) {
      SocketAddress address = taken.serverAddress();
      assertThrows(IOException.class, () -> new Cleaning(address));
    }
    assertEquals(List.of("closed null"), seen);
  }

  @Test
  void exceptionOfServerActivateClosesTheServerAndIsThrown() {
    IOException failure = new IOException("not today");
    List<ListenerSocket> sockets = new ArrayList<>();
    class Failing extends TCPServer {
      Failing() throws IOException {
        super(RunningServer.anyPort(), Silent::new);
      }

      @Override
      public void serverActivate() throws IOException {
        sockets.add(socket());
        throw failure;
      }
    }

    assertSame(failure, assertThrows(IOException.class, Failing::new));
    assertEquals(-1, sockets.get(0).fileno());
  }

  @Test
  void addressStaysAsGivenUntilTheServerIsBound() throws IOException {
    InetSocketAddress given = RunningServer.anyPort();
    try (var server = new TCPServer(given, Silent::new, false)) {
      assertSame(given, server.serverAddress());
      assertEquals(0, server.serverPort());
      assertNull(server.socket().getsockname());
      server.serverBind();
      assertTrue(server.serverPort() > 0);
      assertEquals(server.socket().getsockname(), server.serverAddress());
    }
  }

  @Test
  void nameThatIsResolvedByBindingIsTheAddressInNumbers() throws IOException {
    InetSocketAddress given = InetSocketAddress.createUnresolved("localhost", 0);
    try (var server = new TCPServer(given, Silent::new, false)) {
      assertEquals("localhost", server.serverHost());
      server.serverBind();
      assertEquals("127.0.0.1", server.serverHost());
    }
  }

  @Test
  void socketMayBeReplacedByOneThatIsBoundAlready() throws IOException {
    ListenerSocket own = new ListenerSocket(java.net.StandardProtocolFamily.INET);
    own.bind(RunningServer.anyPort());
    own.listen(5);
    try (var server = new TCPServer(RunningServer.anyPort(), Silent::new, false)) {
      server.socket(own);
      server.serverAddress(own.getsockname());
      try (var running = RunningServer.start(server);
          var client = TcpClient.to(running)) {
        assertEquals("", client.rest());
      }
    }
    assertEquals(-1, own.fileno());
  }

  /** As programs do that are given a socket which listens: the server's own is not needed. */
  @Test
  void closedServerServesAgainWithASocketThatIsBoundAlready() throws IOException {
    try (var server = new TCPServer(RunningServer.anyPort(), Silent::new, false)) {
      server.serverClose();
      for (int i = 0; i < 2; i++) {
        ListenerSocket own = ListenerSocket.createServer(RunningServer.anyPort());
        server.socket(own);
        server.serverAddress(own.getsockname());
        try (var running = RunningServer.start(server);
            var client = TcpClient.to(running)) {
          assertEquals("", client.rest());
        }
        assertEquals(-1, own.fileno());
      }
    }
  }

  @Test
  void closedServerThatIsGivenAClosedSocketStaysClosed() throws IOException {
    ListenerSocket own = ListenerSocket.createServer(RunningServer.anyPort());
    own.close();
    var server = new TCPServer(RunningServer.anyPort(), Silent::new);
    server.serverClose();
    server.socket(own);
    assertThrows(IllegalStateException.class, server::serveForever);
  }

  @Test
  void loopEndsWithItsServersCloseAlsoIfThatGetsAnotherSocketAtOnce() throws IOException {
    var running = RunningServer.start(new TCPServer(RunningServer.anyPort(), Silent::new));
    Eventually.waits(running.thread());
    running.server().serverClose();
    running.server().socket(ListenerSocket.createServer(RunningServer.anyPort()));
    assertNull(running.failure());
    running.server().serverClose();
  }

  @Test
  void closedDatagramServerServesAgainWithAnotherSocket() throws IOException {
    var server = new UDPServer(RunningServer.anyPort(), Echo::new);
    server.serverClose();
    DgramSocket own = new DgramSocket(java.net.StandardProtocolFamily.INET);
    own.bind(RunningServer.anyPort());
    server.socket(own);
    server.serverAddress(own.getsockname());
    try (var running = RunningServer.start(server);
        var client = UdpClient.to(running)) {
      client.send("again");
      assertEquals("again", client.text());
    }
  }

  private static final class Echo extends DatagramRequestHandler {
    @Override
    public void handle() throws IOException {
      wfile.write(packet);
    }
  }

  @Test
  void serverNeedNotHaveASocketToBeClosed() throws IOException {
    var server = new TCPServer(RunningServer.anyPort(), Silent::new, false);
    server.serverClose();
    assertEquals(-1, server.fileno());
    assertThrows(IllegalStateException.class, server::socket);
  }

  @Test
  void overrideOfServerBindMayBindNothing() throws IOException {
    class Outgoing extends TCPServer {
      Outgoing() throws IOException {
        super(RunningServer.anyPort(), Silent::new);
      }

      @Override
      public void serverBind() {}

      @Override
      public void serverActivate() {}
    }

    try (var server = new Outgoing()) {
      assertEquals(0, server.serverPort());
    }
  }
}
