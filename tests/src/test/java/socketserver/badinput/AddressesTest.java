package socketserver.badinput;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import socketserver.BaseRequestHandler;
import socketserver.StreamSocket;
import socketserver.TCPServer;
import socketserver.UDPServer;
import socketserver.fixture.RunningServer;

/** Addresses that a server cannot be bound to, and a client cannot connect to. */
@Timeout(60)
class AddressesTest {
  /** A label of a host name has 63 characters at the most: no resolver even asks for this one. */
  private static final String NO_HOST = "x".repeat(64) + ".invalid";

  private static final class Silent extends BaseRequestHandler<Object> {}

  private static TCPServer streams(SocketAddress address) throws IOException {
    return new TCPServer(address, Silent::new);
  }

  private static UDPServer datagrams(SocketAddress address) throws IOException {
    return new UDPServer(address, Silent::new);
  }

  private static void says(Exception error, String... parts) {
    for (String part : parts) {
      assertTrue(error.getMessage().contains(part), error.getMessage() + " lacks " + part);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 65536, 70000})
  void portOutOfRangeIsNamed(int port) {
    says(
        assertThrows(
            IllegalArgumentException.class, () -> streams(new InetSocketAddress(port)).close()),
        "port",
        String.valueOf(port));
    says(
        assertThrows(
            IllegalArgumentException.class,
            () -> StreamSocket.connect(new InetSocketAddress("localhost", port)).close()),
        "port",
        String.valueOf(port));
  }

  @Test
  void nameThatDoesNotResolveIsNamed() {
    SocketAddress address = InetSocketAddress.createUnresolved(NO_HOST, 0);
    says(assertThrows(UnknownHostException.class, () -> streams(address).close()), NO_HOST);
    says(assertThrows(UnknownHostException.class, () -> datagrams(address).close()), NO_HOST);
    says(
        assertThrows(
            UnknownHostException.class,
            () -> StreamSocket.connect(InetSocketAddress.createUnresolved(NO_HOST, 1)).close()),
        NO_HOST);
  }

  @Test
  void portOfAStreamServerThatIsInUseIsNamed() throws IOException {
    try (var taken = streams(RunningServer.anyPort())) {
      SocketAddress address = taken.serverAddress();
      says(
          assertThrows(BindException.class, () -> streams(address).close()),
          taken.serverHost(),
          String.valueOf(taken.serverPort()));
    }
  }

  @Test
  void portOfADatagramServerThatIsInUseIsNamed() throws IOException {
    try (var taken = datagrams(RunningServer.anyPort())) {
      SocketAddress address = taken.serverAddress();
      says(
          assertThrows(BindException.class, () -> datagrams(address).close()),
          taken.serverHost(),
          String.valueOf(taken.serverPort()));
    }
  }

  @Test
  void portThatSomebodyElseUsesIsNamed() throws IOException {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      SocketAddress address = taken.getLocalSocketAddress();
      says(
          assertThrows(BindException.class, () -> streams(address).close()),
          String.valueOf(taken.getLocalPort()));
    }
  }

  @Test
  void addressOfAnotherMachineIsNamed() {
    // a documentation address, RFC 5737: no machine has it
    SocketAddress address = new InetSocketAddress("192.0.2.1", 0);
    says(assertThrows(BindException.class, () -> streams(address).close()), "192.0.2.1");
    says(assertThrows(BindException.class, () -> datagrams(address).close()), "192.0.2.1");
  }

  @Test
  void ipv6AddressOnTheIpv4FamilySaysWhatToOverride() throws IOException {
    SocketAddress address = new InetSocketAddress(InetAddress.getByName("::1"), 0);
    says(
        assertThrows(SocketException.class, () -> streams(address).close()),
        "IPv6",
        "addressFamily()");
    says(
        assertThrows(SocketException.class, () -> datagrams(address).close()),
        "IPv6",
        "addressFamily()");
  }

  @Test
  void addressOfAUnixSocketOnTheIpv4FamilyIsNamed() {
    SocketAddress address = UnixDomainSocketAddress.of("some.sock");
    says(assertThrows(SocketException.class, () -> streams(address).close()), "some.sock", "INET");
    says(
        assertThrows(SocketException.class, () -> datagrams(address).close()), "some.sock", "INET");
  }

  @Test
  void missingAddressSaysWhatToGive() {
    says(
        assertThrows(NullPointerException.class, () -> streams(null).close()),
        "address",
        "InetSocketAddress");
    says(
        assertThrows(NullPointerException.class, () -> datagrams(null).close()),
        "address",
        "InetSocketAddress");
    says(
        assertThrows(NullPointerException.class, () -> StreamSocket.connect(null).close()),
        "address");
  }

  @Test
  void serverThatRefusesAConnectionIsNamed() throws IOException {
    InetSocketAddress nobody;
    try (var server = streams(RunningServer.anyPort())) {
      nobody = (InetSocketAddress) server.serverAddress();
    }
    says(
        assertThrows(ConnectException.class, () -> StreamSocket.connect(nobody).close()),
        String.valueOf(nobody.getPort()));
  }

  @Test
  void datagramToNoAddressSaysSo() throws IOException {
    try (var server = datagrams(RunningServer.anyPort())) {
      says(
          assertThrows(NullPointerException.class, () -> server.socket().sendto(new byte[1], null)),
          "address");
      says(
          assertThrows(
              NullPointerException.class,
              () -> server.socket().sendto((byte[]) null, server.serverAddress())),
          "data");
      SocketAddress ipv6 = new InetSocketAddress(InetAddress.getByName("::1"), 1);
      says(
          assertThrows(SocketException.class, () -> server.socket().sendto(new byte[1], ipv6)),
          "IPv6");
    }
  }
}
