package socketserver.sockets;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static socketserver.SocketConstants.MSG_OOB;
import static socketserver.SocketConstants.MSG_PEEK;
import static socketserver.SocketConstants.MSG_WAITALL;
import static socketserver.SocketConstants.SOL_SOCKET;
import static socketserver.SocketConstants.SO_OOBINLINE;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import socketserver.ListenerSocket;
import socketserver.StreamSocket;
import socketserver.fixture.Bounds;
import socketserver.netty.Pipelines;
import socketserver.select.Select;

/** Urgent data of TCP: select announces it, and recv and send take it past the stream. */
@Timeout(60)
class UrgentDataTest extends Plain {
  private StreamSocket socket;
  private Socket peer;

  @BeforeEach
  void connect() throws IOException {
    ListenerSocket listener = open(ListenerSocket.createServer(loopback()));
    peer = open(new Socket());
    peer.connect(listener.getsockname());
    socket = open(listener.accept());
    socket.settimeout(Bounds.WAIT);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private void fromPeer(String text) throws IOException {
    peer.getOutputStream().write(utf8(text));
  }

  private void awaitUrgent() throws IOException {
    List<StreamSocket> one = List.of(socket);
    assertEquals(one, Select.select(List.of(), List.of(), one, Bounds.WAIT).xlist());
  }

  @Test
  void whatSelectAnnouncesIsReceivedPastTheStream() throws IOException {
    fromPeer("before");
    peer.sendUrgentData('!');
    fromPeer("after");
    awaitUrgent();
    assertArrayEquals(utf8("!"), socket.recv(1, MSG_OOB));
    assertEquals("beforeafter", receive(socket, 11));
  }

  @Test
  void oneUrgentByteFollowsAnother() throws IOException {
    for (String urgent : List.of("1", "2", "3")) {
      fromPeer("stream");
      peer.sendUrgentData(urgent.charAt(0));
      awaitUrgent();
      assertArrayEquals(utf8(urgent), socket.recv(100, MSG_OOB));
      assertEquals("stream", receive(socket, 6));
    }
  }

  @Test
  void withoutUrgentDataNothingIsReceivedAndNothingLost() throws IOException {
    fromPeer("stream");
    assertEquals("stream", text(socket.recv(6, MSG_WAITALL)));
    peer.sendUrgentData('!');
    awaitUrgent();
    assertArrayEquals(utf8("!"), socket.recv(1, MSG_OOB));
    SocketException none = assertThrows(SocketException.class, () -> socket.recv(1, MSG_OOB));
    assertTrue(none.getMessage().contains("no urgent data"), none.getMessage());
  }

  @Test
  void inTheStreamItIsReadAsTheRest() throws IOException {
    socket.setsockopt(SOL_SOCKET, SO_OOBINLINE, 1);
    fromPeer("a");
    peer.sendUrgentData('!');
    fromPeer("b");
    awaitUrgent();
    assertThrows(SocketException.class, () -> socket.recv(1, MSG_OOB));
    assertEquals(1, socket.getsockopt(SOL_SOCKET, SO_OOBINLINE));
    assertEquals("a!b", receive(socket, 3));
  }

  @Test
  void theLastByteIsSentAsUrgent() throws IOException {
    peer.setOOBInline(true);
    assertEquals(3, socket.send(utf8("ab!"), MSG_OOB));
    socket.sendall("c");
    assertEquals("ab!c", text(peer.getInputStream().readNBytes(4)));
    assertEquals(0, socket.send(new byte[0], MSG_OOB));
  }

  @Test
  void whatIsSentAsUrgentTheOtherEndReceivesAsThat() throws IOException {
    ListenerSocket listener = open(ListenerSocket.createServer(loopback()));
    StreamSocket client = open(new StreamSocket(StandardProtocolFamily.INET));
    client.connectTo(listener.getsockname());
    socket = open(listener.accept());
    socket.settimeout(Bounds.WAIT);
    client.sendall("stream");
    assertEquals(1, client.send(utf8("!"), MSG_OOB));
    awaitUrgent();
    assertArrayEquals(utf8("!"), socket.recv(1, MSG_OOB));
    assertEquals("stream", receive(socket, 6));
  }

  @Test
  void aConnectionWithAPipelineSendsUrgentDataAndSaysThatItReceivesNone() throws IOException {
    peer.setOOBInline(true);
    fromPeer("x");
    Pipelines.of(socket);
    assertEquals("x", text(socket.recv(1, MSG_PEEK)));
    assertThrows(UnsupportedOperationException.class, () -> socket.recv(1, MSG_OOB));
    socket.sendall("stream");
    assertEquals(1, socket.send(utf8("!"), MSG_OOB));
    assertEquals("stream!", text(peer.getInputStream().readNBytes(7)));
  }

  @Test
  void otherFlagsAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> socket.recv(1, MSG_OOB | MSG_PEEK));
    assertThrows(IllegalArgumentException.class, () -> socket.send(utf8("x"), MSG_PEEK));
  }
}
