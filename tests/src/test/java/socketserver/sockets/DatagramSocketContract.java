package socketserver.sockets;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import socketserver.Datagram;
import socketserver.DgramSocket;
import socketserver.WouldBlockException;
import socketserver.fixture.Bounds;

/** Datagram sockets with one peer. */
@Timeout(60)
abstract class DatagramSocketContract extends Plain {
  abstract ProtocolFamily family();

  /** An address that is free. */
  abstract SocketAddress free() throws IOException;

  final DgramSocket socket() throws IOException {
    DgramSocket socket = open(new DgramSocket(family()));
    socket.settimeout(Bounds.WAIT);
    return socket;
  }

  final DgramSocket bound() throws IOException {
    DgramSocket socket = socket();
    socket.bind(free());
    return socket;
  }

  @Test
  void aPeerIsSentToAndReceivedFrom() throws IOException {
    DgramSocket server = bound();
    DgramSocket client = bound();
    client.connect(server.getsockname());
    assertEquals(server.getsockname(), client.getpeername());
    assertEquals(5, client.send("hello"));
    Datagram request = server.recvfrom(100);
    assertEquals("hello", text(request.data()));
    assertEquals(client.getsockname(), request.address());
    server.sendto("answer", request.address());
    assertEquals("answer", text(client.recv(100)));
    server.sendto("in place", request.address());
    byte[] buffer = new byte[20];
    assertEquals(8, client.recvInto(buffer));
    assertEquals("in place", text(buffer).trim());
  }

  @Test
  void onlyThePeerIsReceivedFrom() throws IOException {
    DgramSocket server = bound();
    DgramSocket client = bound();
    client.connect(server.getsockname());
    DgramSocket stranger = bound();
    try {
      stranger.sendto("not for you", client.getsockname());
    } catch (SocketException e) {
      // a Unix socket says so
    }
    server.sendto("for you", client.getsockname());
    assertEquals("for you", text(client.recv(100)));
  }

  @Test
  void anotherPeerCanBeChosen() throws IOException {
    DgramSocket first = bound();
    DgramSocket second = bound();
    DgramSocket client = bound();
    client.connect(first.getsockname());
    client.connect(second.getsockname());
    client.send("second");
    assertEquals("second", text(second.recv(100)));
    assertEquals(second.getsockname(), client.getpeername());
  }

  @Test
  void othersThanThePeerAreSentToAsWell() throws IOException {
    DgramSocket first = bound();
    DgramSocket second = bound();
    DgramSocket client = bound();
    client.connect(second.getsockname());
    client.sendto("first", first.getsockname());
    assertEquals("first", text(first.recv(100)));
  }

  @Test
  void withoutAPeerNothingIsSent() throws IOException {
    DgramSocket socket = socket();
    SocketException error = assertThrows(SocketException.class, () -> socket.send("x"));
    assertTrue(error.getMessage().startsWith("cannot send 1 bytes: "), error.getMessage());
    SocketException nobody = assertThrows(SocketException.class, socket::getpeername);
    assertTrue(nobody.getMessage().contains("not connected"), nobody.getMessage());
  }

  @Test
  void aPeerThatIsGoneRefuses() throws IOException {
    DgramSocket server = bound();
    DgramSocket client = bound();
    client.connect(server.getsockname());
    server.close();
    assertThrows(
        ConnectException.class,
        () -> {
          // UDP says it one call later
          client.send("is there anybody?");
          client.recv(10);
        });
  }

  @Test
  void emptyDatagramsAreDatagrams() throws IOException {
    DgramSocket server = bound();
    DgramSocket client = bound();
    client.connect(server.getsockname());
    assertEquals(0, client.send(new byte[0]));
    assertArrayEquals(new byte[0], server.recv(10));
  }

  @Test
  void whatWasLookedAtIsStillThere() throws IOException {
    DgramSocket server = bound();
    DgramSocket client = bound();
    client.connect(server.getsockname());
    client.send("whole");
    client.send("next");
    assertEquals("who", text(server.recv(3, DgramSocket.MSG_PEEK)));
    Datagram looked = server.recvfrom(100, DgramSocket.MSG_PEEK);
    assertEquals("whole", text(looked.data()));
    assertEquals(client.getsockname(), looked.address());
    assertEquals("whole", text(server.recv(100)));
    assertEquals("next", text(server.recv(100)));
  }

  @Test
  void callsThatWouldBlockSaySo() throws IOException {
    DgramSocket socket = bound();
    assertThrows(WouldBlockException.class, () -> socket.recvfrom(10, DgramSocket.MSG_DONTWAIT));
    assertThrows(
        WouldBlockException.class,
        () -> socket.recv(10, DgramSocket.MSG_DONTWAIT | DgramSocket.MSG_PEEK));
    socket.setblocking(false);
    assertThrows(WouldBlockException.class, () -> socket.recv(10));
    assertThrows(WouldBlockException.class, () -> socket.recv(10, DgramSocket.MSG_PEEK));
    assertThrows(WouldBlockException.class, () -> socket.recvInto(new byte[10]));
    socket.settimeout(shortly());
    assertThrows(SocketTimeoutException.class, () -> socket.recv(10));
    assertThrows(SocketTimeoutException.class, () -> socket.recv(10, DgramSocket.MSG_PEEK));
  }

  @Test
  void otherFlagsAreRefused() throws IOException {
    DgramSocket socket = bound();
    assertThrows(IllegalArgumentException.class, () -> socket.recv(10, DgramSocket.MSG_WAITALL));
    assertThrows(IllegalArgumentException.class, () -> socket.recv(-1));
  }
}
