package socketserver.sockets;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import socketserver.ListenerSocket;
import socketserver.SocketConstants;

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
}
