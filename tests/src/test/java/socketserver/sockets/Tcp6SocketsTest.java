package socketserver.sockets;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import socketserver.Accepted;
import socketserver.Datagram;
import socketserver.DgramSocket;
import socketserver.ListenerSocket;
import socketserver.SocketConstants;
import socketserver.StreamSocket;

/** TCP over IPv6, by hand. */
class Tcp6SocketsTest extends StreamSocketContract {
  @BeforeAll
  static void assumeSixIsThere() {
    try (ServerSocketChannel listener = ServerSocketChannel.open()) {
      listener.bind(new InetSocketAddress("::1", 0));
    } catch (IOException e) {
      String reason = "SKIPPED: no IPv6 on this machine: " + e.getMessage();
      System.err.println(reason);
      Assumptions.abort(reason);
    }
  }

  @Override
  ProtocolFamily family() {
    return StandardProtocolFamily.INET6;
  }

  @Override
  SocketAddress free() {
    return new InetSocketAddress("::1", 0);
  }

  @Override
  SocketAddress deserted() throws IOException {
    return closedPort((InetSocketAddress) free());
  }

  @Test
  void aServerServesSixAlone() throws IOException {
    ListenerSocket server = server();
    assertEquals(1, server.getsockopt(SocketConstants.IPPROTO_IPV6, SocketConstants.IPV6_V6ONLY));
  }

  @Test
  void aFourClientOfASixServerHasAFourAddress() throws IOException {
    ListenerSocket server = open(new ListenerSocket(family()));
    server.setsockopt(SocketConstants.IPPROTO_IPV6, SocketConstants.IPV6_V6ONLY, false);
    server.bind(new InetSocketAddress("::", 0));
    server.listen();
    int port = ((InetSocketAddress) server.getsockname()).getPort();
    StreamSocket client = open(StreamSocket.connect(new InetSocketAddress("127.0.0.1", port)));
    Accepted<StreamSocket> accepted = server.acceptWithAddress();
    open(accepted.request());
    assertEquals(client.getsockname(), accepted.clientAddress());
    assertEquals(client.getsockname(), accepted.request().getpeername());
    assertEquals(client.getpeername(), accepted.request().getsockname());
  }

  @Test
  void aSixSocketAnswersAFourDatagram() throws IOException {
    DgramSocket server = open(new DgramSocket(family()));
    server.setsockopt(SocketConstants.IPPROTO_IPV6, SocketConstants.IPV6_V6ONLY, false);
    server.bind(new InetSocketAddress("::", 0));
    DgramSocket client = open(new DgramSocket(StandardProtocolFamily.INET));
    client.bind(new InetSocketAddress("127.0.0.1", 0));
    int port = ((InetSocketAddress) server.getsockname()).getPort();
    client.sendto("question", new InetSocketAddress("127.0.0.1", port));
    Datagram question = server.recvfrom(100);
    assertEquals(client.getsockname(), question.address());
    server.sendto("answer", question.address());
    assertEquals("answer", new String(client.recv(100), StandardCharsets.UTF_8));
  }
}
