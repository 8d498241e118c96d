package socketserver.hooks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.BindException;
import java.net.SocketAddress;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import socketserver.BaseRequestHandler;
import socketserver.BaseSocket;
import socketserver.SocketConstants;
import socketserver.TCPServer;
import socketserver.ThreadingTCPServer;
import socketserver.UDPServer;
import socketserver.fixture.RunningServer;
import socketserver.fixture.TcpClient;

/** {@code allowReuseAddress} and {@code allowReusePort}, which {@code serverBind()} reads. */
@Timeout(60)
class ReuseFlagsTest {
  private static final class Silent extends BaseRequestHandler<Object> {}

  private static final class NotReusing extends TCPServer {
    NotReusing(SocketAddress address) throws IOException {
      super(address, Silent::new);
    }

    @Override
    public boolean allowReuseAddress() {
      return false;
    }
  }

  private static final class SharingPort extends TCPServer {
    SharingPort(SocketAddress address) throws IOException {
      super(address, Silent::new);
    }

    @Override
    public boolean allowReusePort() {
      return true;
    }
  }

  private static final class SharingDatagramPort extends UDPServer {
    SharingDatagramPort(SocketAddress address) throws IOException {
      super(address, Silent::new);
    }

    @Override
    public boolean allowReusePort() {
      return true;
    }
  }

  @Test
  void addressOfAStreamServerIsReusedUnlessItSaysOtherwise() throws IOException {
    assumeUnix();
    try (var streams = new TCPServer(RunningServer.anyPort(), Silent::new);
        var threading = new ThreadingTCPServer(RunningServer.anyPort(), Silent::new)) {
      assertTrue(streams.allowReuseAddress());
      assertNotEquals(0, flag(streams.socket(), SocketConstants.SO_REUSEADDR));
      assertNotEquals(0, flag(threading.socket(), SocketConstants.SO_REUSEADDR));
    }
  }

  /** Where one could take another's datagrams by it. */
  @Test
  void addressOfADatagramServerIsNotReusedUnlessAskedFor() throws IOException {
    try (var datagrams = new UDPServer(RunningServer.anyPort(), Silent::new)) {
      assertFalse(datagrams.allowReuseAddress());
      assertEquals(0, flag(datagrams.socket(), SocketConstants.SO_REUSEADDR));
      SocketAddress address = datagrams.serverAddress();
      assertThrows(BindException.class, () -> new UDPServer(address, Silent::new));
    }
  }

  @Test
  void portIsNotSharedUnlessAskedFor() throws IOException {
    try (var streams = new TCPServer(RunningServer.anyPort(), Silent::new);
        var datagrams = new UDPServer(RunningServer.anyPort(), Silent::new)) {
      assertEquals(0, flag(streams.socket(), SocketConstants.SO_REUSEPORT));
      assertEquals(0, flag(datagrams.socket(), SocketConstants.SO_REUSEPORT));
    }
  }

  @Test
  void overrideIsReadByTheConstructor() throws IOException {
    try (var address = new NotReusing(RunningServer.anyPort());
        var port = new SharingPort(RunningServer.anyPort())) {
      assertEquals(0, flag(address.socket(), SocketConstants.SO_REUSEADDR));
      assertNotEquals(0, flag(port.socket(), SocketConstants.SO_REUSEPORT));
    }
  }

  @Test
  void valueThatIsSetBeforeBindingCounts() throws IOException {
    try (var server = new TCPServer(RunningServer.anyPort(), Silent::new, false)) {
      server.allowReuseAddress(false);
      server.allowReusePort(true);
      server.serverBind();
      server.serverActivate();
      assertEquals(0, flag(server.socket(), SocketConstants.SO_REUSEADDR));
      assertNotEquals(0, flag(server.socket(), SocketConstants.SO_REUSEPORT));
    }
  }

  @Test
  void serverCanBeStartedAgainWhileOldConnectionsLinger() throws IOException {
    assumeUnix();
    SocketAddress address;
    try (var server = new TCPServer(RunningServer.anyPort(), Silent::new)) {
      address = server.serverAddress();
      leaveConnectionLingering(server);
    }
    try (var server = new TCPServer(address, Silent::new)) {
      assertEquals(address, server.serverAddress());
    }
  }

  @Test
  void serverThatDoesNotReuseItIsRefusedItsAddressMeanwhileAndIsToldTheCure() throws IOException {
    SocketAddress address;
    try (var server = new NotReusing(RunningServer.anyPort())) {
      address = server.serverAddress();
      leaveConnectionLingering(server);
    }
    BindException error = assertThrows(BindException.class, () -> new NotReusing(address));
    assertTrue(error.getMessage().contains("allowReuseAddress()"), error.getMessage());
  }

  @Test
  void reusingAnAddressDoesNotTakeAListeningPort() throws IOException {
    assumeUnix();
    try (var first = new TCPServer(RunningServer.anyPort(), Silent::new)) {
      SocketAddress address = first.serverAddress();
      assertThrows(BindException.class, () -> new TCPServer(address, Silent::new));
    }
  }

  private static void assumeUnix() {
    Assumptions.assumeFalse(
        System.getProperty("os.name").startsWith("Windows"), "SO_REUSEADDR takes ports there");
  }

  @Test
  void streamServersMayShareAPort() throws IOException {
    try (var first = new SharingPort(RunningServer.anyPort());
        var second = new SharingPort(first.serverAddress())) {
      assertEquals(first.serverPort(), second.serverPort());
      assertTrue(first.fileno() != second.fileno());
    }
  }

  @Test
  void datagramServersMayShareAPort() throws IOException {
    try (var first = new SharingDatagramPort(RunningServer.anyPort());
        var second = new SharingDatagramPort(first.serverAddress())) {
      assertEquals(first.serverPort(), second.serverPort());
      assertTrue(first.fileno() != second.fileno());
    }
  }

  /** The side that closes first keeps the connection for a while: here, the server's. */
  private static void leaveConnectionLingering(TCPServer server) throws IOException {
    try (var client = TcpClient.to(server)) {
      server.handleRequest();
      assertEquals("", client.rest());
    }
  }

  private static int flag(BaseSocket socket, int name) throws IOException {
    return socket.getsockopt(SocketConstants.SOL_SOCKET, name);
  }
}
