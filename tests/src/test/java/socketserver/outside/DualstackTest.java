package socketserver.outside;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import socketserver.DgramSocket;
import socketserver.HandlerFactory;
import socketserver.ListenerSocket;
import socketserver.SocketConstants;
import socketserver.StreamSocket;
import socketserver.TCPServer;
import socketserver.ThreadingTCPServer;
import socketserver.UDPServer;
import socketserver.contract.Mechanism;
import socketserver.fixture.Answering;
import socketserver.fixture.Bounds;
import socketserver.fixture.RunningServer;
import socketserver.fixture.TcpClient;

/** One socket for IPv4 and IPv6: {@code socket.create_server(dualstack_ipv6=True)}. */
@Timeout(60)
class DualstackTest {
  private static final InetSocketAddress EVERYWHERE = new InetSocketAddress(0);

  private static final HandlerFactory<StreamSocket> ADDRESS =
      Answering.with((line, handler) -> handler.clientAddress);

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

  private static String ask(String host, int port) throws IOException {
    try (TcpClient client = TcpClient.to(new InetSocketAddress(host, port), 0)) {
      String answer = client.send("who\n").line().strip();
      assertEquals(client.address().toString(), answer);
      return answer;
    }
  }

  private static void assertServesBoth(TCPServer server) throws IOException {
    try (var running = RunningServer.start(server)) {
      int port = running.server().serverPort();
      assertTrue(ask("127.0.0.1", port).startsWith("/127.0.0.1:"));
      assertTrue(ask("::1", port).contains("0:0:0:0:0:0:0:1"));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"EPOLL", "NIO"})
  void aServerServesBothByOneAttribute(Mechanism mechanism) throws Exception {
    mechanism.choose();
    try {
      var server = new ThreadingTCPServer(EVERYWHERE, ADDRESS, false);
      server.dualstackIpv6(true);
      assertEquals(StandardProtocolFamily.INET6, server.addressFamily());
      server.serverBind();
      server.serverActivate();
      assertServesBoth(server);
    } finally {
      Mechanism.leave();
    }
  }

  /** A class that overrides the attribute. */
  private static final class Dualstack extends ThreadingTCPServer {
    Dualstack() throws IOException {
      super(EVERYWHERE, ADDRESS);
    }

    @Override
    public boolean dualstackIpv6() {
      return true;
    }
  }

  @Test
  void anOverrideCounts() throws Exception {
    assertServesBoth(new Dualstack());
  }

  @Test
  void aDatagramServerAnswersBoth() throws Exception {
    UDPServer made = new UDPServer(EVERYWHERE, Service.Echo::new, false);
    made.dualstackIpv6(true);
    made.serverBind();
    made.serverActivate();
    try (var running = RunningServer.start(made)) {
      for (String host : new String[] {"127.0.0.1", "::1"}) {
        boolean six = host.contains(":");
        try (DgramSocket client =
            new DgramSocket(six ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET)) {
          client.settimeout(Bounds.WAIT);
          client.sendto(host, new InetSocketAddress(host, running.server().serverPort()));
          assertEquals(host, new String(client.recv(100), StandardCharsets.UTF_8));
        }
      }
    }
  }

  @Test
  void aListenerIsMadeInOneCall() throws Exception {
    try (ListenerSocket listener = ListenerSocket.createServer(EVERYWHERE, 5, true)) {
      assertEquals(
          0, listener.getsockopt(SocketConstants.IPPROTO_IPV6, SocketConstants.IPV6_V6ONLY));
      int port = ((InetSocketAddress) listener.getsockname()).getPort();
      for (String host : new String[] {"127.0.0.1", "::1"}) {
        try (StreamSocket client = StreamSocket.connect(new InetSocketAddress(host, port));
            StreamSocket accepted = listener.accept()) {
          assertEquals(client.getsockname(), accepted.getpeername());
        }
      }
    }
  }

  // What is so without it

  @Test
  void aServerIsOfIpv4AloneUnlessItSaysOtherwise() throws Exception {
    try (var server = new TCPServer(EVERYWHERE, ADDRESS)) {
      assertFalse(server.dualstackIpv6());
      assertThrows(ConnectException.class, () -> ask("::1", server.serverPort()));
    }
  }

  @Test
  void aServerOfIpv6ServesIpv4TooAsItAlwaysDid() throws Exception {
    var server = new ThreadingTCPServer(EVERYWHERE, ADDRESS, false);
    server.addressFamily(StandardProtocolFamily.INET6);
    server.serverBind();
    server.serverActivate();
    assertServesBoth(server);
  }

  @Test
  void ipv6AloneIsAnOptionOfTheSocket() throws Exception {
    try (var server = new TCPServer(EVERYWHERE, ADDRESS, false)) {
      server.addressFamily(StandardProtocolFamily.INET6);
      server.socket().setsockopt(SocketConstants.IPPROTO_IPV6, SocketConstants.IPV6_V6ONLY, true);
      server.serverBind();
      server.serverActivate();
      assertThrows(ConnectException.class, () -> ask("127.0.0.1", server.serverPort()));
    }
  }

  // Mistakes

  @Test
  void anotherFamilyHasNoEffectAndIsRefused() throws Exception {
    try (var server = new TCPServer(EVERYWHERE, ADDRESS, false)) {
      server.dualstackIpv6(true);
      var error =
          assertThrows(
              IllegalStateException.class, () -> server.addressFamily(StandardProtocolFamily.INET));
      assertTrue(error.getMessage().contains("has the family INET6"), error.getMessage());
    }
  }

  /** Contradicts itself. */
  private static final class OfFour extends TCPServer {
    OfFour() throws IOException {
      super(EVERYWHERE, ADDRESS, false);
    }

    @Override
    public ProtocolFamily addressFamily() {
      return StandardProtocolFamily.INET;
    }
  }

  @Test
  void aClassOfAnotherFamilyIsRefused() throws Exception {
    try (var server = new OfFour()) {
      server.dualstackIpv6(true);
      var error = assertThrows(IllegalStateException.class, server::serverBind);
      assertTrue(error.getMessage().contains("addressFamily() returns INET"), error.getMessage());
    }
  }

  @Test
  void whenTheSocketIsOpenItIsTooLate() throws Exception {
    try (var server = new TCPServer(EVERYWHERE, ADDRESS, false)) {
      server.socket();
      var error = assertThrows(IllegalStateException.class, () -> server.dualstackIpv6(true));
      assertTrue(error.getMessage().contains("too late"), error.getMessage());
    }
  }
}
