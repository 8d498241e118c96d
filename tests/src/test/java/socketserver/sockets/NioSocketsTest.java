package socketserver.sockets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import socketserver.Accepted;
import socketserver.Errno;
import socketserver.ListenerSocket;
import socketserver.SocketConstants;
import socketserver.StreamSocket;
import socketserver.UnixAddress;
import socketserver.contract.Mechanism;
import socketserver.contract.Remains;
import socketserver.fixture.Bounds;

/** Sockets by hand where there is no epoll: what waits works, what does not wait says so. */
@Timeout(60)
class NioSocketsTest extends Plain {
  @TempDir Path folder;

  private int paths;

  @BeforeAll
  static void chooseNio() {
    Remains.awaitNoEngine();
    System.setProperty(Mechanism.PROPERTY, "nio");
  }

  @AfterAll
  static void leaveNio() {
    System.clearProperty(Mechanism.PROPERTY);
    Remains.awaitNoEngine();
  }

  private SocketAddress free(StandardProtocolFamily family) {
    return switch (family) {
      case INET -> loopback();
      case INET6 -> new InetSocketAddress("::1", 0);
      case UNIX -> UnixAddress.of(folder.resolve("n" + ++paths));
    };
  }

  private StreamSocket socket(ProtocolFamily family) throws IOException {
    return open(new StreamSocket(family));
  }

  @ParameterizedTest
  @EnumSource(names = {"INET", "UNIX"})
  void waitingForAConnectionWorks(StandardProtocolFamily family) throws IOException {
    ListenerSocket server = open(ListenerSocket.createServer(free(family)));
    server.settimeout(Bounds.WAIT);
    StreamSocket socket = socket(family);
    int number = socket.fileno();
    SocketException error = assertThrows(SocketException.class, () -> socket.recv(1));
    assertTrue(error.getMessage().contains("not connected"), error.getMessage());
    socket.setsockopt(SocketConstants.SOL_SOCKET, SocketConstants.SO_SNDBUF, 32_000);
    socket.bind(free(family));
    socket.connectTo(server.getsockname());
    assertEquals(number, socket.fileno());
    assertEquals(Errno.EISCONN, socket.connectEx(server.getsockname()));
    Accepted<StreamSocket> accepted = server.acceptWithAddress();
    assertEquals(socket.getsockname(), accepted.clientAddress());
    StreamSocket peer = open(accepted.request());
    socket.sendall("hello");
    assertEquals("hello", receive(peer, 5));
    peer.sendall("there");
    assertEquals("there", receive(socket, 5));
    peer.close();
    assertEquals(0, socket.recv(1).length);
    socket.close();
    assertEquals(-1, socket.fileno());
  }

  @Test
  void aRefusedSocketIsTriedAgain() throws IOException {
    SocketAddress nobody = closedPort(loopback());
    StreamSocket socket = socket(StandardProtocolFamily.INET);
    assertThrows(ConnectException.class, () -> socket.connectTo(nobody));
    assertEquals(Errno.ECONNREFUSED, socket.connectEx(nobody));
    ListenerSocket server = open(ListenerSocket.createServer(loopback()));
    socket.connectTo(server.getsockname());
  }

  @Test
  void whatIsNotThereSaysSo() {
    says("epoll", () -> unsupported(StreamSocket::socketpair));
  }

  private static void says(String what, Supplier<UnsupportedOperationException> call) {
    String message = call.get().getMessage();
    assertTrue(message.contains(what), message);
  }

  private static UnsupportedOperationException unsupported(
      org.junit.jupiter.api.function.Executable call) {
    return assertThrows(UnsupportedOperationException.class, call);
  }
}
