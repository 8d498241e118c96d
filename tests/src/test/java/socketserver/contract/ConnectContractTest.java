package socketserver.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnknownHostException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import socketserver.ListenerSocket;
import socketserver.StreamSocket;
import socketserver.fixture.Descriptors;
import socketserver.fixture.Eventually;

/** Connecting over the internet, and all the ways in which it fails; each leaves nothing behind. */
@ParameterizedClass
@MethodSource("socketserver.contract.Ground#mechanisms")
class ConnectContractTest extends OnGround {
  ConnectContractTest(Ground ground) {
    super(ground);
  }

  private static InetSocketAddress closedPort() throws IOException {
    try (ServerSocketChannel closed = ServerSocketChannel.open().bind(Tcp.loopback())) {
      return (InetSocketAddress) closed.getLocalAddress();
    }
  }

  @Test
  void connectingTakesTheTimeoutOver() throws IOException {
    var listener = opened.add(new Tcp().listen());
    StreamSocket endless = opened.add(StreamSocket.connect(listener.address()));
    ground.mechanism.assertRuns(endless.transportEndpoint());
    assertNull(endless.gettimeout());
    Duration limit = Duration.ofSeconds(9);
    StreamSocket limited = opened.add(StreamSocket.connect(listener.address(), limit));
    assertEquals(limit, limited.gettimeout());
  }

  @Test
  void aNameIsResolved() throws IOException {
    var listener = opened.add(new Tcp().listen());
    int port = ((InetSocketAddress) listener.address()).getPort();
    StreamSocket socket =
        opened.add(StreamSocket.connect(InetSocketAddress.createUnresolved("localhost", port)));
    Peer peer = opened.add(listener.accept());
    socket.sendall("here");
    assertEquals("here", peer.receiveText(4));
  }

  @Test
  void aClosedPortRefuses() throws IOException {
    InetSocketAddress closed = closedPort();
    ConnectException error =
        assertThrows(ConnectException.class, () -> StreamSocket.connect(closed));
    assertTrue(error.getMessage().contains("" + closed.getPort()), error.getMessage());
    Remains.awaitNoEngine();
  }

  @Test
  void aClosedPortRefusesWithinATimeToo() throws IOException {
    InetSocketAddress closed = closedPort();
    assertThrows(
        ConnectException.class, () -> StreamSocket.connect(closed, Duration.ofSeconds(20)));
  }

  @Test
  void refusedConnectionsLeaveNoDescriptorOpen() throws IOException {
    Descriptors.assumeCountable();
    InetSocketAddress closed = closedPort();
    assertThrows(ConnectException.class, () -> StreamSocket.connect(closed));
    Remains.awaitNoEngine();
    int before = Descriptors.open();
    for (int i = 0; i < 50; i++) {
      assertThrows(ConnectException.class, () -> StreamSocket.connect(closed));
    }
    Remains.awaitNoEngine();
    Eventually.holds("no descriptor more", () -> Descriptors.open() <= before);
  }

  @Test
  void aNameThatDoesNotResolveIsNamed() {
    InetSocketAddress nowhere = InetSocketAddress.createUnresolved("no-such-host.invalid", 80);
    UnknownHostException error =
        assertThrows(UnknownHostException.class, () -> StreamSocket.connect(nowhere));
    assertTrue(error.getMessage().contains("no-such-host.invalid"), error.getMessage());
  }

  @Test
  void connectingOverItsTimeFails() throws IOException {
    InetSocketAddress full = addressWithFullBacklog();
    SocketTimeoutException error =
        assertThrows(
            SocketTimeoutException.class, () -> StreamSocket.connect(full, Duration.ofMillis(200)));
    assertTrue(error.getMessage().contains("timed out"), error.getMessage());
    Remains.awaitNoEngine();
  }

  @Test
  void anInterruptEndsTheWaitForAConnection() throws IOException {
    InetSocketAddress full = addressWithFullBacklog();
    PendingCall<StreamSocket> connecting =
        PendingCall.call(() -> StreamSocket.connect(full)).awaitBlocked();
    connecting.thread().interrupt();
    var error = connecting.failure(InterruptedIOException.class);
    assertFalse(error instanceof SocketTimeoutException);
    Remains.awaitNoEngine();
  }

  /** Where a connection is neither made nor refused, as nobody accepts and the queue is full. */
  private InetSocketAddress addressWithFullBacklog() throws IOException {
    ServerSocketChannel listener = opened.add(ServerSocketChannel.open());
    listener.bind(Tcp.loopback(), 1);
    InetSocketAddress address = (InetSocketAddress) listener.getLocalAddress();
    List<SocketChannel> waiting = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      SocketChannel channel = opened.add(SocketChannel.open());
      channel.configureBlocking(false);
      channel.connect(address);
      waiting.add(channel);
    }
    boolean isFull = false;
    for (SocketChannel channel : waiting) {
      isFull |= !channel.finishConnect();
    }
    Assumptions.assumeTrue(isFull, "the system takes more connections than it is asked to");
    return address;
  }

  @Test
  void impossibleTimesAreRefused() {
    InetSocketAddress address = Tcp.loopback();
    assertThrows(
        IllegalArgumentException.class, () -> StreamSocket.connect(address, Duration.ZERO));
    assertThrows(
        IllegalArgumentException.class,
        () -> StreamSocket.connect(address, Duration.ofSeconds(-1)));
    assertThrows(NullPointerException.class, () -> StreamSocket.connect(null));
  }

  @Test
  void anAddressOfAnUnknownKindIsRefused() {
    SocketAddress odd =
        new SocketAddress() {
          private static final long serialVersionUID = 1L;
        };
    assertThrows(Exception.class, () -> StreamSocket.connect(odd));
    Remains.awaitNoEngine();
  }

  @Test
  void bothEndsCanBeTheLibrarys() throws IOException {
    ListenerSocket listener = opened.add(new ListenerSocket(StandardProtocolFamily.INET));
    listener.bind(Tcp.loopback());
    listener.listen(5);
    StreamSocket client = opened.add(StreamSocket.connect(listener.getsockname()));
    StreamSocket server = opened.add(listener.accept());
    assertEquals(client.getsockname(), server.getpeername());
    assertEquals(server.getsockname(), client.getpeername());
    client.sendall("ping");
    assertEquals("ping", new String(ConnectionFixture.receive(server, 4)));
    server.sendall("pong");
    assertEquals("pong", new String(ConnectionFixture.receive(client, 4)));
  }

  @Test
  void ipv6Works() throws IOException {
    InetAddress loopback = InetAddress.getByName("::1");
    Assumptions.assumeTrue(canBind(loopback), "this machine has no IPv6 loopback address");
    ListenerSocket listener = opened.add(new ListenerSocket(StandardProtocolFamily.INET6));
    listener.bind(new InetSocketAddress(loopback, 0));
    listener.listen(5);
    StreamSocket client = opened.add(StreamSocket.connect(listener.getsockname()));
    StreamSocket server = opened.add(listener.accept());
    client.sendall("six");
    assertEquals("six", new String(ConnectionFixture.receive(server, 3)));
    assertEquals(client.getsockname(), server.getpeername());
    assertEquals(loopback, ((InetSocketAddress) server.getpeername()).getAddress());
  }

  private static boolean canBind(InetAddress address) {
    try (ServerSocketChannel channel = ServerSocketChannel.open()) {
      channel.bind(new InetSocketAddress(address, 0));
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
