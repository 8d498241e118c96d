package socketserver.sockets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import socketserver.ConnectInProgressException;
import socketserver.ConnectionResetException;
import socketserver.Errno;
import socketserver.ListenerSocket;
import socketserver.SocketConstants;
import socketserver.StreamSocket;
import socketserver.WouldBlockException;
import socketserver.contract.PendingCall;
import socketserver.fixture.Bounds;
import socketserver.fixture.Eventually;

/** TCP over IPv4, by hand: with what connecting in the background is like. */
class TcpSocketsTest extends StreamSocketContract {
  @Override
  ProtocolFamily family() {
    return StandardProtocolFamily.INET;
  }

  @Override
  SocketAddress free() {
    return loopback();
  }

  @Override
  SocketAddress deserted() throws IOException {
    return closedPort((InetSocketAddress) free());
  }

  private SocketAddress full() throws IOException {
    return fullPort((InetSocketAddress) free());
  }

  @Test
  void theOptionsOfLinuxAreSetAndRead() throws IOException {
    ListenerSocket server = server();
    int tcp = SocketConstants.IPPROTO_TCP;
    server.setsockopt(tcp, SocketConstants.TCP_DEFER_ACCEPT, 1);
    assertEquals(1, server.getsockopt(tcp, SocketConstants.TCP_DEFER_ACCEPT));
    server.setsockopt(tcp, SocketConstants.TCP_FASTOPEN, 5);
    assertEquals(5, server.getsockopt(tcp, SocketConstants.TCP_FASTOPEN));
    assertEquals(1, server.getsockopt(SOL_SOCKET, SocketConstants.SO_ACCEPTCONN));
    StreamSocket socket = socket();
    socket.setsockopt(tcp, SocketConstants.TCP_USER_TIMEOUT, 5000);
    socket.connectTo(server.getsockname());
    assertEquals(5000, socket.getsockopt(tcp, SocketConstants.TCP_USER_TIMEOUT));
    assertTrue(socket.getsockopt(SOL_SOCKET, SocketConstants.SO_INCOMING_CPU) >= 0);
    byte[] name = socket.getsockopt(tcp, SocketConstants.TCP_CONGESTION, 16);
    assertFalse(text(name).isBlank());
  }

  @Test
  void aNonBlockingSocketOnlyBeginsToConnect() throws IOException {
    ListenerSocket server = server();
    StreamSocket socket = socket();
    socket.setblocking(false);
    assertEquals(Errno.EINPROGRESS, socket.connectEx(server.getsockname()));
    awaitConnected(socket);
    assertEquals(0, socket.getsockopt(SOL_SOCKET, SO_ERROR));
    assertEquals(server.getsockname(), socket.getpeername());
    assertEquals(0, socket.connectEx(server.getsockname()));
    assertEquals(Errno.EISCONN, socket.connectEx(server.getsockname()));
    socket.send("now".getBytes());
    assertEquals("now", receive(open(server.accept()), 3));
  }

  @Test
  void connectToSaysThatItIsInProgress() throws IOException {
    SocketAddress full = full();
    StreamSocket socket = socket();
    socket.setblocking(false);
    ConnectInProgressException begun =
        assertThrows(ConnectInProgressException.class, () -> socket.connectTo(full));
    assertTrue(begun.getMessage().contains("operation now in progress"), begun.getMessage());
    ConnectInProgressException again =
        assertThrows(ConnectInProgressException.class, () -> socket.connectTo(full));
    assertTrue(again.getMessage().contains("already in progress"), again.getMessage());
    assertEquals(Errno.EALREADY, socket.connectEx(full));
    assertThrows(WouldBlockException.class, () -> socket.recv(1));
    assertThrows(WouldBlockException.class, () -> socket.send(new byte[1]));
    assertThrows(SocketException.class, socket::getpeername);
    assertEquals(0, socket.getsockopt(SOL_SOCKET, SO_ERROR));
  }

  @Test
  void aFailureInTheBackgroundIsAnOption() throws IOException {
    SocketAddress nobody = deserted();
    StreamSocket socket = socket();
    socket.setblocking(false);
    assertEquals(Errno.EINPROGRESS, socket.connectEx(nobody));
    awaitFailed(socket);
    assertEquals(Errno.ECONNREFUSED, socket.getsockopt(SOL_SOCKET, SO_ERROR));
    assertEquals(0, socket.getsockopt(SOL_SOCKET, SO_ERROR));
  }

  @Test
  void aFailureInTheBackgroundIsWhatTheNextConnectSays() throws IOException {
    SocketAddress nobody = deserted();
    StreamSocket socket = socket();
    socket.setblocking(false);
    assertEquals(Errno.EINPROGRESS, socket.connectEx(nobody));
    awaitFailed(socket);
    assertEquals(Errno.ECONNREFUSED, socket.connectEx(nobody));
    ListenerSocket server = server();
    socket.settimeout(Bounds.WAIT);
    assertEquals(0, socket.connectEx(server.getsockname()));
    open(server.accept());
  }

  @Test
  void aFailureInTheBackgroundIsWhatReadingFinds() throws IOException {
    SocketAddress nobody = deserted();
    StreamSocket socket = socket();
    socket.setblocking(false);
    assertEquals(Errno.EINPROGRESS, socket.connectEx(nobody));
    socket.settimeout(Bounds.WAIT);
    assertThrows(ConnectException.class, () -> socket.recv(1));
  }

  @Test
  void readingWaitsForAConnectionThatIsBeingMade() throws IOException {
    ListenerSocket server = server();
    StreamSocket socket = socket();
    socket.setblocking(false);
    assertEquals(Errno.EINPROGRESS, socket.connectEx(server.getsockname()));
    socket.settimeout(Bounds.WAIT);
    open(server.accept()).sendall("hello");
    assertEquals("hello", text(socket.recv(5, StreamSocket.MSG_WAITALL)));
  }

  @Test
  void connectingOverItsTimeCanBeGoneOnWith() throws IOException {
    SocketAddress full = full();
    StreamSocket socket = socket();
    socket.settimeout(shortly());
    assertThrows(SocketTimeoutException.class, () -> socket.connectTo(full));
    assertEquals(Errno.EAGAIN, socket.connectEx(full));
    assertThrows(SocketTimeoutException.class, () -> socket.recv(1));
    socket.setblocking(false);
    assertEquals(Errno.EALREADY, socket.connectEx(full));
  }

  @Test
  void anInterruptEndsConnecting() throws IOException {
    SocketAddress full = full();
    StreamSocket socket = socket();
    PendingCall<Void> connecting = PendingCall.run(() -> socket.connectTo(full)).awaitBlocked();
    connecting.thread().interrupt();
    var error = connecting.failure(InterruptedIOException.class);
    assertFalse(error instanceof SocketTimeoutException);
    assertTrue(socket.fileno() >= 0);
  }

  @Test
  void closingEndsConnecting() throws IOException {
    SocketAddress full = full();
    StreamSocket socket = socket();
    PendingCall<Void> connecting = PendingCall.run(() -> socket.connectTo(full)).awaitBlocked();
    socket.close();
    connecting.failure(SocketException.class);
  }

  @Test
  void aResetIsToldApartFromTheEnd() throws IOException {
    ListenerSocket server = server();
    StreamSocket socket = socket();
    socket.connectTo(server.getsockname());
    StreamSocket peer = open(server.accept());
    socket.setblocking(false);
    assertThrows(WouldBlockException.class, () -> socket.recv(1));
    byte[] reset = ByteBuffer.allocate(8).order(ByteOrder.nativeOrder()).putInt(1).array();
    peer.setsockopt(SOL_SOCKET, SocketConstants.SO_LINGER, reset);
    peer.close();
    Eventually.holds(
        "a reset",
        () -> {
          try {
            assertEquals(-1, socket.recv(1).length, "no end of the stream");
            return false;
          } catch (WouldBlockException e) {
            return false;
          } catch (ConnectionResetException e) {
            return true;
          }
        });
  }

  @Test
  void aHostNameIsResolvedInTheFamily() throws IOException {
    ListenerSocket server = server();
    int port = ((InetSocketAddress) server.getsockname()).getPort();
    StreamSocket socket = socket();
    socket.connectTo(InetSocketAddress.createUnresolved("localhost", port));
    open(server.accept());
    StreamSocket other = open(new StreamSocket(StandardProtocolFamily.INET));
    assertThrows(SocketException.class, () -> other.connectTo(new InetSocketAddress("::1", port)));
  }

  @Test
  void aServerIsMadeInOneStep() throws IOException {
    ListenerSocket server = open(ListenerSocket.createServer(free(), 7));
    assertEquals(1, server.getsockopt(SOL_SOCKET, SocketConstants.SO_REUSEADDR));
    assertThrows(
        java.net.BindException.class, () -> ListenerSocket.createServer(server.getsockname()));
  }

  @Test
  void listenTakesNoArgumentEither() throws IOException {
    ListenerSocket server = open(new ListenerSocket(family()));
    assertThrows(SocketException.class, server::listen);
    server.bind(free());
    server.listen();
    socket().connectTo(server.getsockname());
    server.settimeout(Bounds.WAIT);
    open(server.accept());
  }
}
