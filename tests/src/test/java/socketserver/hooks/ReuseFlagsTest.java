package socketserver.hooks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.BindException;
import java.net.SocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import socketserver.BaseRequestHandler;
import socketserver.BaseSocket;
import socketserver.SocketConstants;
import socketserver.TCPServer;
import socketserver.UDPServer;
import socketserver.fixture.RunningServer;
import socketserver.fixture.TcpClient;

/** {@code allowReuseAddress} and {@code allowReusePort}, which {@code serverBind()} reads. */
@Timeout(60)
class ReuseFlagsTest {
  private static final class Silent extends BaseRequestHandler<Object> {}

  private static final class ReusingAddress extends TCPServer {
    ReusingAddress(SocketAddress address) throws IOException {
      super(address, Silent::new);
    }

    @Override
    public boolean allowReuseAddress() {
      return true;
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
  void neitherIsSetUnlessAskedFor() throws IOException {
    try (var streams = new TCPServer(RunningServer.anyPort(), Silent::new);
        var datagrams = new UDPServer(RunningServer.anyPort(), Silent::new)) {
      assertEquals(0, flag(streams.socket(), SocketConstants.SO_REUSEADDR));
      assertEquals(0, flag(streams.socket(), SocketConstants.SO_REUSEPORT));
      assertEquals(0, flag(datagrams.socket(), SocketConstants.SO_REUSEADDR));
      assertEquals(0, flag(datagrams.socket(), SocketConstants.SO_REUSEPORT));
    }
  }

  @Test
  void overrideIsReadByTheConstructor() throws IOException {
    try (var address = new ReusingAddress(RunningServer.anyPort());
        var port = new SharingPort(RunningServer.anyPort())) {
      assertNotEquals(0, flag(address.socket(), SocketConstants.SO_REUSEADDR));
      assertNotEquals(0, flag(port.socket(), SocketConstants.SO_REUSEPORT));
    }
  }

  @Test
  void valueThatIsSetBeforeBindingCounts() throws IOException {
    try (var server = new TCPServer(RunningServer.anyPort(), Silent::new, false)) {
      server.allowReuseAddress(true);
      server.allowReusePort(true);
      server.serverBind();
      server.serverActivate();
      assertNotEquals(0, flag(server.socket(), SocketConstants.SO_REUSEADDR));
      assertNotEquals(0, flag(server.socket(), SocketConstants.SO_REUSEPORT));
    }
  }

  @Test
  void serverThatReusesItsAddressCanBeStartedAgainWhileOldConnectionsLinger() throws IOException {
    SocketAddress address;
    try (var server = new ReusingAddress(RunningServer.anyPort())) {
      address = server.serverAddress();
      leaveConnectionLingering(server);
    }
    try (var server = new ReusingAddress(address)) {
      assertEquals(address, server.serverAddress());
    }
  }

  @Test
  void serverThatDoesNotIsRefusedItsAddressWhileOldConnectionsLinger() throws IOException {
    SocketAddress address;
    try (var server = new TCPServer(RunningServer.anyPort(), Silent::new)) {
      address = server.serverAddress();
      leaveConnectionLingering(server);
    }
    assertThrows(BindException.class, () -> new TCPServer(address, Silent::new));
  }

  @Test
  void reusingAnAddressDoesNotShareAListeningPort() throws IOException {
    try (var first = new ReusingAddress(RunningServer.anyPort())) {
      SocketAddress address = first.serverAddress();
      assertThrows(BindException.class, () -> new ReusingAddress(address));
    }
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
