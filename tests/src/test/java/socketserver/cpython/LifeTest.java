package socketserver.cpython;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import socketserver.BaseServer;
import socketserver.StreamRequestHandler;
import socketserver.TCPServer;
import socketserver.ThreadingMixIn;
import socketserver.ThreadingTCPServer;
import socketserver.UDPServer;
import socketserver.fixture.Background;
import socketserver.fixture.Descriptors;
import socketserver.fixture.Eventually;
import socketserver.fixture.RunningServer;

/**
 * How servers begin and end: CPython's test_shutdown, test_close_immediately,
 * test_tcpserver_bind_leak and test_context_manager.
 */
@Timeout(120)
class LifeTest {
  private static final int RACES = 20;
  private static final int FAILURES = 1024;

  @Test
  void shutdownEndsALoopThatIsJustBeginning() throws IOException {
    List<TCPServer> servers = new ArrayList<>();
    List<Thread> loops = new ArrayList<>();
    try {
      for (int i = 0; i < RACES; i++) {
        servers.add(new TCPServer(RunningServer.anyPort(), Silent::new));
      }
      for (TCPServer server : servers) {
        Duration poll = Duration.ofMillis(10);
        loops.add(Background.start("serves", () -> server.serveForever(poll)));
        Eventually.ends(Background.start("shuts down", server::shutdown));
      }
      loops.forEach(Eventually::ends);
    } finally {
      servers.forEach(BaseServer::serverClose);
    }
  }

  @Test
  void serverThatNeverServedCanBeClosed() throws IOException {
    class Server extends TCPServer implements ThreadingMixIn {
      Server() throws IOException {
        super(RunningServer.anyPort(), Silent::new);
      }
    }

    Server server = new Server();
    server.serverClose();
    assertEquals(-1, server.fileno());
  }

  @Test
  void serverIsClosedAtTheEndOfItsBlock() throws IOException {
    TCPServer server;
    try (var opened = new TCPServer(RunningServer.anyPort(), Silent::new)) {
      server = opened;
      assertTrue(server.fileno() >= 0);
    }
    assertEquals(-1, server.socket().fileno());
  }

  @Test
  void constructorThatCannotBindLeavesNoDescriptorOpen() throws IOException {
    Descriptors.assumeCountable();
    // one server stays open, so that what all share is there before the first count
    try (var taken = new ThreadingTCPServer(RunningServer.anyPort(), Silent::new)) {
      SocketAddress address = taken.serverAddress();
      int before = Descriptors.open();
      for (int i = 0; i < FAILURES; i++) {
        assertThrows(IOException.class, () -> new TCPServer(address, Silent::new));
      }
      awaitDescriptors(before);
    }
  }

  @Test
  void constructorWhoseAddressDoesNotFitLeavesNoDescriptorOpen() throws IOException {
    Descriptors.assumeCountable();
    SocketAddress address = new InetSocketAddress(InetAddress.getByName("::1"), 0);
    try (var open = new ThreadingTCPServer(RunningServer.anyPort(), Silent::new)) {
      assertTrue(open.fileno() >= 0);
      int before = Descriptors.open();
      for (int i = 0; i < FAILURES; i++) {
        assertThrows(IOException.class, () -> new TCPServer(address, Silent::new));
        assertThrows(IOException.class, () -> new UDPServer(address, SilentDatagram::new));
      }
      awaitDescriptors(before);
    }
  }

  @Test
  void constructorWhoseServerCloseFailsTooLeavesNoDescriptorOpen() throws IOException {
    class Server extends TCPServer {
      private final List<String> log = new ArrayList<>();

      Server(SocketAddress address) throws IOException {
        super(address, Silent::new);
      }

      @Override
      public void serverClose() {
        log.add("closed"); // not there yet when the superclass fails to bind
        super.serverClose();
      }
    }

    Descriptors.assumeCountable();
    try (var taken = new ThreadingTCPServer(RunningServer.anyPort(), Silent::new)) {
      SocketAddress address = taken.serverAddress();
      int before = Descriptors.open();
      for (int i = 0; i < 20; i++) {
        IOException failure = assertThrows(IOException.class, () -> new Server(address));
        assertEquals(1, failure.getSuppressed().length);
      }
      awaitDescriptors(before);
    }
  }

  private static void awaitDescriptors(int count) {
    Eventually.holds(
        () -> "no more than " + count + " descriptors are open: " + Descriptors.open(),
        () -> Descriptors.open() <= count);
  }

  private static final class Silent extends StreamRequestHandler {}

  private static final class SilentDatagram extends socketserver.DatagramRequestHandler {}
}
