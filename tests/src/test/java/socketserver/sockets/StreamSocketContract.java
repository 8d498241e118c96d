package socketserver.sockets;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import socketserver.Accepted;
import socketserver.ConnectionException;
import socketserver.Errno;
import socketserver.ListenerSocket;
import socketserver.SocketConstants;
import socketserver.StreamSocket;
import socketserver.WouldBlockException;
import socketserver.contract.Remains;
import socketserver.fixture.Background;
import socketserver.fixture.Bounds;
import socketserver.fixture.Eventually;

/** Stream sockets that a program makes by hand, and connects. */
@Timeout(60)
abstract class StreamSocketContract extends Plain {
  static final int SO_ERROR = SocketConstants.SO_ERROR;
  static final int SOL_SOCKET = SocketConstants.SOL_SOCKET;

  abstract ProtocolFamily family();

  /** An address that is free. */
  abstract SocketAddress free() throws IOException;

  /** An address at which nobody listens. */
  abstract SocketAddress deserted() throws IOException;

  final StreamSocket socket() throws IOException {
    return open(new StreamSocket(family()));
  }

  final ListenerSocket server() throws IOException {
    ListenerSocket server = open(ListenerSocket.createServer(free()));
    server.settimeout(Bounds.WAIT);
    return server;
  }

  @Test
  void aSocketHasADescriptorBeforeItIsConnected() throws IOException {
    StreamSocket socket = socket();
    assertTrue(socket.fileno() > 2, "" + socket.fileno());
    socket.close();
    assertEquals(-1, socket.fileno());
  }

  @Test
  void connectingByHandGivesAConnection() throws IOException {
    ListenerSocket server = server();
    StreamSocket socket = socket();
    int fd = socket.fileno();
    socket.connectTo(server.getsockname());
    assertEquals(fd, socket.fileno());
    Accepted<StreamSocket> accepted = server.acceptWithAddress();
    StreamSocket peer = open(accepted.request());
    assertEquals(socket.getsockname(), accepted.clientAddress());
    assertEquals(server.getsockname(), socket.getpeername());
    socket.sendall("ping");
    assertEquals("ping", receive(peer, 4));
    peer.sendall("pong");
    assertEquals("pong", receive(socket, 4));
    peer.close();
    assertArrayEquals(new byte[0], socket.recv(1));
  }

  @Test
  void connectingTwiceIsAnError() throws IOException {
    ListenerSocket server = server();
    StreamSocket socket = socket();
    assertEquals(0, socket.connectEx(server.getsockname()));
    assertEquals(Errno.EISCONN, socket.connectEx(server.getsockname()));
    SocketException error =
        assertThrows(SocketException.class, () -> socket.connectTo(server.getsockname()));
    assertTrue(error.getMessage().contains("already connected"), error.getMessage());
    open(server.accept());
  }

  @Test
  void anAcceptedConnectionIsConnectedAlready() throws IOException {
    ListenerSocket server = server();
    socket().connectTo(server.getsockname());
    StreamSocket peer = open(server.accept());
    assertEquals(Errno.EISCONN, peer.connectEx(server.getsockname()));
    assertThrows(BindException.class, () -> peer.bind(free()));
  }

  @Test
  void beforeItIsConnectedNothingCanBeDone() throws IOException {
    StreamSocket socket = socket();
    for (boolean blocking : new boolean[] {true, false}) {
      socket.setblocking(blocking);
      assertNotConnected(assertThrows(SocketException.class, () -> socket.recv(1)));
      assertNotConnected(assertThrows(SocketException.class, () -> socket.send(new byte[1])));
      assertNotConnected(assertThrows(SocketException.class, socket::getpeername));
      assertNotConnected(
          assertThrows(SocketException.class, () -> socket.shutdown(StreamSocket.SHUT_WR)));
      assertNotConnected(
          assertThrows(SocketException.class, () -> socket.shutdown(StreamSocket.SHUT_RD)));
      assertNotConnected(
          assertThrows(SocketException.class, () -> socket.recv(1, StreamSocket.MSG_PEEK)));
    }
  }

  private static void assertNotConnected(SocketException error) {
    assertTrue(error.getMessage().contains("transport endpoint is not connected"), "" + error);
  }

  @Test
  void afterAllThatItCanStillBeConnected() throws IOException {
    StreamSocket socket = socket();
    assertThrows(SocketException.class, () -> socket.shutdown(StreamSocket.SHUT_WR));
    assertThrows(SocketException.class, () -> socket.recv(1));
    ListenerSocket server = server();
    socket.connectTo(server.getsockname());
    socket.sendall("still");
    socket.shutdown(StreamSocket.SHUT_WR);
    StreamSocket peer = open(server.accept());
    assertEquals("still", receive(peer, 5));
    assertEquals(0, peer.recv(1).length);
  }

  @Test
  void optionsAreSetBeforeConnecting() throws IOException {
    ListenerSocket server = server();
    StreamSocket socket = socket();
    socket.setsockopt(SOL_SOCKET, SocketConstants.SO_KEEPALIVE, true);
    assertEquals(1, socket.getsockopt(SOL_SOCKET, SocketConstants.SO_KEEPALIVE));
    socket.connectTo(server.getsockname());
    assertEquals(1, socket.getsockopt(SOL_SOCKET, SocketConstants.SO_KEEPALIVE));
    open(server.accept());
  }

  @Test
  void theConnectionComesFromTheAddressThatWasBound() throws IOException {
    ListenerSocket server = server();
    StreamSocket socket = socket();
    socket.bind(free());
    SocketAddress source = socket.getsockname();
    socket.connectTo(server.getsockname());
    Accepted<StreamSocket> accepted = server.acceptWithAddress();
    open(accepted.request());
    assertEquals(source, accepted.clientAddress());
    assertEquals(source, socket.getsockname());
  }

  @Test
  void anAddressIsBoundOnce() throws IOException {
    StreamSocket first = socket();
    first.bind(free());
    StreamSocket second = socket();
    BindException error = assertThrows(BindException.class, () -> second.bind(first.getsockname()));
    assertTrue(error.getMessage().contains("in use"), error.getMessage());
  }

  @Test
  void aRefusedSocketIsTriedAgain() throws IOException {
    SocketAddress nobody = deserted();
    StreamSocket socket = socket();
    ConnectException error = assertThrows(ConnectException.class, () -> socket.connectTo(nobody));
    assertTrue(error.getMessage().contains("refused"), error.getMessage());
    assertEquals(Errno.ECONNREFUSED, socket.connectEx(nobody));
    socket.settimeout(Bounds.WAIT);
    assertEquals(Errno.ECONNREFUSED, socket.connectEx(nobody));
    ListenerSocket server = server();
    socket.connectTo(server.getsockname());
    socket.sendall("at last");
    assertEquals("at last", receive(open(server.accept()), 7));
  }

  @Test
  void aClosedSocketConnectsNoMore() throws IOException {
    ListenerSocket server = server();
    StreamSocket socket = socket();
    socket.close();
    SocketException error =
        assertThrows(SocketException.class, () -> socket.connectTo(server.getsockname()));
    assertTrue(error.getMessage().contains("closed"), error.getMessage());
  }

  @Test
  void callsThatWouldBlockSayNothingElse() throws IOException {
    ListenerSocket server = server();
    StreamSocket socket = socket();
    socket.connectTo(server.getsockname());
    StreamSocket peer = open(server.accept());
    peer.setblocking(false);
    socket.setblocking(false);
    for (StreamSocket end : new StreamSocket[] {socket, peer}) {
      assertThrows(WouldBlockException.class, () -> end.recv(1));
      assertThrows(WouldBlockException.class, () -> end.recv(1, StreamSocket.MSG_PEEK));
      assertThrows(WouldBlockException.class, () -> end.recvInto(new byte[8]));
      end.settimeout(Bounds.WAIT);
      assertThrows(WouldBlockException.class, () -> end.recv(1, StreamSocket.MSG_DONTWAIT));
      assertThrows(
          WouldBlockException.class,
          () -> end.recv(1, StreamSocket.MSG_DONTWAIT | StreamSocket.MSG_PEEK));
      end.setblocking(false);
    }
    server.setblocking(false);
    assertThrows(WouldBlockException.class, server::accept);
    byte[] much = new byte[1 << 20];
    assertThrows(
        WouldBlockException.class,
        () -> {
          while (true) {
            socket.send(much);
          }
        });
    peer.close();
    Eventually.holds(
        "the loss is told apart",
        () -> {
          try {
            return socket.recv(1).length == 0;
          } catch (WouldBlockException e) {
            return false;
          } catch (ConnectionException e) {
            return true;
          }
        });
  }

  @Test
  void theEndOfTheStreamIsNoExceptionWithoutBlocking() throws IOException {
    ListenerSocket server = server();
    StreamSocket socket = socket();
    socket.connectTo(server.getsockname());
    StreamSocket peer = open(server.accept());
    peer.sendall("last words");
    peer.close();
    socket.setblocking(false);
    StringBuilder read = new StringBuilder();
    Eventually.holds(
        "the stream has ended",
        () -> {
          try {
            String part = text(socket.recv(4));
            read.append(part);
            return part.isEmpty();
          } catch (WouldBlockException e) {
            return false;
          }
        });
    assertEquals("last words", read.toString());
    assertEquals(0, socket.recv(1).length);
    assertEquals(0, socket.recv(1, StreamSocket.MSG_PEEK).length);
  }

  @Test
  void callsThatDoNotWaitStartNoEventLoop() throws IOException {
    // the listener has a loop of its own, so it ends first
    SocketAddress address;
    StreamSocket socket = socket();
    StreamSocket peer;
    try (ListenerSocket server = server()) {
      address = server.getsockname();
      socket.connectTo(address);
      peer = open(server.accept());
    }
    assertEquals(address, socket.getpeername());
    int threads = Remains.threads().size();
    socket.setblocking(false);
    peer.setblocking(false);
    for (int i = 0; i < 3; i++) {
      assertThrows(WouldBlockException.class, () -> socket.recv(10));
      assertThrows(WouldBlockException.class, () -> peer.recv(10, StreamSocket.MSG_PEEK));
    }
    socket.send("x".getBytes());
    assertFalse(Remains.threads().size() > threads, Remains.threads().toString());
    // what has arrived was not read ahead: the descriptor can be given away with it
    int fd = peer.detach();
    assertNotEquals(-1, fd);
    Descriptor.close(fd);
  }

  @Test
  void whatWasLookedAtIsStillThere() throws IOException {
    ListenerSocket server = server();
    StreamSocket socket = socket();
    socket.connectTo(server.getsockname());
    StreamSocket peer = open(server.accept());
    peer.sendall("once");
    socket.setblocking(false);
    Eventually.holds(
        "it is seen",
        () -> {
          try {
            return text(socket.recv(9, StreamSocket.MSG_PEEK)).equals("once");
          } catch (WouldBlockException e) {
            return false;
          }
        });
    assertEquals("on", text(socket.recv(2)));
    assertEquals("ce", text(socket.recv(9)));
    assertThrows(WouldBlockException.class, () -> socket.recv(9));
  }

  @Test
  void aTimeOutEndsReadingAndLosesNothing() throws IOException {
    ListenerSocket server = server();
    StreamSocket socket = socket();
    socket.settimeout(shortly());
    socket.connectTo(server.getsockname());
    assertThrows(SocketTimeoutException.class, () -> socket.recv(1));
    StreamSocket peer = open(server.accept());
    peer.sendall("late");
    assertEquals("late", receive(socket, 4));
  }

  @Test
  void sendTakesAllItsBytesBeforeAnybodyHasWaited() throws IOException {
    ListenerSocket server = server();
    StreamSocket socket = socket();
    socket.connectTo(server.getsockname());
    StreamSocket peer = open(server.accept());
    assertThatSendTakesAll(socket, peer);
    StreamSocket second = socket();
    second.connectTo(server.getsockname());
    assertThatSendTakesAll(open(server.accept()), second);
  }

  static void assertThatSendTakesAll(StreamSocket from, StreamSocket to) throws IOException {
    int size = 32 << 20;
    var received = Background.ask("receives", () -> to.recv(size, SocketConstants.MSG_WAITALL));
    assertEquals(size, from.send(new byte[size]));
    assertEquals(size, Background.result(received).length);
  }

  @Test
  void sendWithATimeoutTakesMoreThanOnePieceButDoesNotWaitForMore() throws IOException {
    ListenerSocket server = server();
    StreamSocket socket = socket();
    socket.settimeout(Bounds.NEVER);
    socket.connectTo(server.getsockname());
    StreamSocket peer = open(server.accept());
    int sent = socket.send(new byte[64 << 20]);
    assertTrue(sent > 64 << 10 && sent < 64 << 20, sent + " bytes were taken");
    peer.settimeout(Bounds.WAIT);
    assertEquals(sent, peer.recv(sent, SocketConstants.MSG_WAITALL).length);
  }

  @Test
  void aTextFileIsMadeOfWhatWasConnectedByHand() throws IOException {
    ListenerSocket server = server();
    StreamSocket socket = socket();
    socket.connectTo(server.getsockname());
    StreamSocket peer = open(server.accept());
    peer.sendall("a line\nanother\n");
    var file = open(socket.makefileReader(-1));
    assertEquals("a line\n", text(file.readline()));
    assertEquals("another\n", text(file.readline()));
  }
}
