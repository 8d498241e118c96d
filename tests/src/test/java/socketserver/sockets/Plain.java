package socketserver.sockets;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import socketserver.DgramSocket;
import socketserver.StreamSocket;
import socketserver.contract.Remains;
import socketserver.fixture.Bounds;
import socketserver.fixture.Descriptors;
import socketserver.fixture.Eventually;
import socketserver.spi.StreamEndpoint;

/** What the tests of sockets that are made by hand share: after each nothing is left open. */
abstract class Plain {
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private int before;

  @BeforeEach
  void count() throws Exception {
    Descriptors.assumeCountable();
    // what the JVM opens the first time it makes a socket is not the test's
    ServerSocketChannel.open().close();
    try (StreamSocket first = new StreamSocket(java.net.StandardProtocolFamily.INET);
        DgramSocket second = new DgramSocket(java.net.StandardProtocolFamily.INET)) {
      assertTrue(first.fileno() >= 0 && second.fileno() >= 0);
    }
    Remains.awaitNoEngine();
    before = Descriptors.open();
  }

  @AfterEach
  void closeAndLeaveNothing() throws Exception {
    while (!opened.isEmpty()) {
      opened.pop().close();
    }
    Remains.awaitNoEngine();
    Eventually.holds(
        () -> "as many descriptors as before: " + before + ", now " + Descriptors.open(),
        () -> Descriptors.open() <= before);
  }

  final <T extends AutoCloseable> T open(T thing) {
    opened.push(thing);
    return thing;
  }

  static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** Receives so many bytes. */
  static String receive(StreamSocket socket, int count) throws IOException {
    socket.settimeout(Bounds.WAIT);
    return text(socket.recv(count, StreamSocket.MSG_WAITALL));
  }

  /** Waits until a socket that has begun to connect is connected. */
  static void awaitConnected(StreamSocket socket) {
    Eventually.holds(
        "it is connected",
        () -> {
          try {
            return socket.getpeername() != null;
          } catch (IOException e) {
            return false;
          }
        });
  }

  /** Waits until connecting has failed, and leaves the error where it is. */
  static void awaitFailed(StreamSocket socket) throws IOException {
    StreamEndpoint endpoint = (StreamEndpoint) socket.transportEndpoint();
    assertTrue(endpoint.awaitReadable(Bounds.WAIT.toNanos()));
  }

  static Duration shortly() {
    return Duration.ofMillis(100);
  }

  static InetSocketAddress loopback() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  /** Where nobody listens. */
  static SocketAddress closedPort(InetSocketAddress any) throws IOException {
    try (ServerSocketChannel closed = ServerSocketChannel.open().bind(any)) {
      return closed.getLocalAddress();
    }
  }

  /** Where a connection is neither made nor refused, as nobody accepts and the queue is full. */
  final SocketAddress fullPort(InetSocketAddress any) throws IOException {
    ServerSocketChannel listener = open(ServerSocketChannel.open());
    listener.bind(any, 1);
    SocketAddress address = listener.getLocalAddress();
    for (int i = 0; i < 4; i++) {
      SocketChannel filler = open(SocketChannel.open());
      filler.configureBlocking(false);
      filler.connect(address);
    }
    return address;
  }
}
