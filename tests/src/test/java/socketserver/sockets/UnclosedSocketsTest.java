package socketserver.sockets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import socketserver.DgramSocket;
import socketserver.ListenerSocket;
import socketserver.SocketReader;
import socketserver.StreamSocket;
import socketserver.contract.PendingCall;
import socketserver.contract.Remains;
import socketserver.fixture.Background;
import socketserver.fixture.Bounds;
import socketserver.fixture.ChildJvm;
import socketserver.fixture.Descriptors;
import socketserver.fixture.Eventually;
import socketserver.select.Epoll;
import socketserver.select.Poll;
import socketserver.select.Selectable;
import socketserver.selectors.DefaultSelector;
import socketserver.spi.ReadinessSource;

/** Sockets that nobody has any more and nobody has closed. */
@Timeout(60)
class UnclosedSocketsTest {
  private static final InetSocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  @BeforeEach
  void countable() {
    Descriptors.assumeCountable();
  }

  /** The last ones may not have been found yet: other tests count what is left. */
  @AfterEach
  void nothingIsLeft() {
    Remains.awaitDroppedAreClosed();
  }

  /** Makes sockets in a frame that has ended when it returns. */
  private interface Making {
    void run() throws IOException;
  }

  /** Checks that what is made ten times and dropped leaves no descriptor. */
  private static void assertLeavesNothing(Making making) throws IOException {
    try (ListenerSocket keepsTheEngine = ListenerSocket.createServer(ANY_PORT)) {
      making.run();
      awaitDescriptors(Descriptors.open());
      int before = Descriptors.open();
      for (int i = 0; i < 10; i++) {
        making.run();
      }
      awaitDescriptors(before);
      assertTrue(keepsTheEngine.fileno() >= 0);
    }
  }

  private static void awaitDescriptors(int most) {
    Eventually.holds(
        () -> most + " descriptors are open; there are " + Descriptors.open(),
        () -> {
          System.gc();
          return Descriptors.open() <= most;
        });
  }

  @Test
  void aConnectionIsClosed() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      SocketAddress address = server.getLocalSocketAddress();
      assertLeavesNothing(
          () -> {
            StreamSocket.connect(address).sendall("x");
            try (Socket accepted = server.accept()) {
              assertEquals('x', accepted.getInputStream().read());
            }
          });
    }
  }

  @Test
  void thePeerOfAnAcceptedConnectionFindsTheEnd() throws IOException {
    try (ListenerSocket listener = ListenerSocket.createServer(ANY_PORT);
        Socket client = connect(listener)) {
      listener.accept().sendall("x");
      CompletableFuture<Integer> end =
          Background.ask("reads to the end", () -> client.getInputStream().readAllBytes().length);
      Eventually.holds("the end is there", () -> isDoneAfterCollecting(end));
      assertEquals(1, end.join());
    }
  }

  private static Socket connect(ListenerSocket listener) throws IOException {
    return new Socket(
        InetAddress.getLoopbackAddress(), ((InetSocketAddress) listener.getsockname()).getPort());
  }

  private static boolean isDoneAfterCollecting(CompletableFuture<?> call) {
    System.gc();
    return call.isDone();
  }

  @Test
  void aConnectionIsClosedWhoseFileIsDroppedWithIt() throws IOException {
    try (ListenerSocket listener = ListenerSocket.createServer(ANY_PORT)) {
      assertLeavesNothing(
          () -> {
            try (Socket client = connect(listener)) {
              client.getOutputStream().write('\n');
              assertEquals(1, listener.accept().makefileReader(-1).readline().length);
            }
          });
    }
  }

  @Test
  void whatCouldNotBeConnectedIsClosed() throws IOException {
    SocketAddress nobody;
    try (ListenerSocket closed = ListenerSocket.createServer(ANY_PORT)) {
      nobody = closed.getsockname();
    }
    assertLeavesNothing(
        () ->
            assertThrows(
                IOException.class,
                () -> new StreamSocket(StandardProtocolFamily.INET).connectTo(nobody)));
    assertLeavesNothing(() -> assertThrows(IOException.class, () -> StreamSocket.connect(nobody)));
  }

  @Test
  void aListenerAndADatagramSocketAreClosed() throws IOException {
    assertLeavesNothing(() -> ListenerSocket.createServer(ANY_PORT));
    assertLeavesNothing(() -> new DgramSocket(StandardProtocolFamily.INET).bind(ANY_PORT));
  }

  @Test
  void whatADroppedPollHasWatchedIsClosed() throws IOException {
    assertLeavesNothing(
        () -> {
          Poll poll = new Poll();
          poll.register(bound(), Poll.POLLIN);
          poll.register(ListenerSocket.createServer(ANY_PORT), Poll.POLLIN);
          assertEquals(List.of(), poll.poll(Duration.ZERO));
        });
    assertLeavesNothing(
        () -> {
          Epoll epoll = new Epoll();
          epoll.register(bound(), Epoll.EPOLLIN);
          epoll.register(ListenerSocket.createServer(ANY_PORT), Epoll.EPOLLIN);
          assertEquals(List.of(), epoll.poll(Duration.ZERO));
        });
    assertLeavesNothing(
        () -> {
          DefaultSelector selector = new DefaultSelector();
          selector.register(bound(), DefaultSelector.EVENT_READ, selector);
          assertEquals(List.of(), selector.select(Duration.ZERO));
        });
  }

  @Test
  void whatADroppedPollHasWatchedIsClosedAlsoIfItRefersToThePoll() throws IOException {
    assertLeavesNothing(
        () -> {
          Epoll epoll = new Epoll();
          DgramSocket socket = bound();
          epoll.register(new OfALoop(epoll, socket), Epoll.EPOLLIN);
          assertEquals(List.of(), epoll.poll(Duration.ZERO));
        });
  }

  /** What a program's own loop may register. */
  private record OfALoop(Epoll epoll, DgramSocket socket) implements Selectable {
    @Override
    public int fileno() {
      return socket.fileno();
    }

    @Override
    public ReadinessSource readiness() {
      return socket.readiness();
    }
  }

  private static DgramSocket bound() throws IOException {
    DgramSocket socket = new DgramSocket(StandardProtocolFamily.INET);
    socket.bind(ANY_PORT);
    return socket;
  }

  @Test
  void aDroppedPollIsClosedWhileItsSocketIsUsed() throws IOException {
    try (DgramSocket socket = bound()) {
      assertLeavesNothing(
          () -> {
            Epoll epoll = new Epoll();
            epoll.register(socket, Epoll.EPOLLIN);
            assertEquals(List.of(), epoll.poll(Duration.ZERO));
          });
      try (Epoll epoll = new Epoll()) {
        epoll.register(socket, Epoll.EPOLLIN);
        socket.sendto("x", socket.getsockname());
        assertEquals(1, epoll.poll(Bounds.WAIT).size());
      }
    }
  }

  @Test
  void aPollKeepsWhatItsEventsGiveBack() throws IOException {
    Epoll epoll = new Epoll();
    SocketAddress address = register(epoll);
    // what is found together with this one, or before, is closed when this one is
    assertLeavesNothing(() -> new DgramSocket(StandardProtocolFamily.INET));
    try (DgramSocket sender = new DgramSocket(StandardProtocolFamily.INET)) {
      sender.sendto("x", address);
    }
    try (DgramSocket kept = (DgramSocket) epoll.poll(Bounds.WAIT).get(0).fileobj()) {
      assertEquals(1, kept.recv(10).length);
    }
    epoll.close();
  }

  private static SocketAddress register(Epoll epoll) throws IOException {
    DgramSocket socket = bound();
    epoll.register(socket, Epoll.EPOLLIN);
    return socket.getsockname();
  }

  @Test
  void aSocketStaysOpenWhileAThreadWaitsInItOrAFileIsUsed() throws Exception {
    try (ListenerSocket listener = ListenerSocket.createServer(ANY_PORT);
        Socket first = connect(listener);
        Socket second = connect(listener)) {
      StreamSocket socket = listener.accept();
      first.getOutputStream().write(new byte[10_000]);
      for (int i = 0; i < 10_000; i++) {
        // a compiled call keeps nothing that it does not use any more
        assertEquals(1, socket.recv(1).length);
      }
      SocketReader file = socket.makefileReader(-1);
      socket = null;
      PendingCall<byte[]> waits = PendingCall.call(() -> listener.accept().recv(1)).awaitBlocked();
      // what is found together with this one, or before, is closed when this one is
      assertLeavesNothing(() -> new DgramSocket(StandardProtocolFamily.INET));
      first.getOutputStream().write("line\n".getBytes());
      assertEquals(5, file.readline().length);
      second.getOutputStream().write('x');
      assertEquals(1, waits.result().length);
    }
  }

  @Test
  void whereAnUnclosedSocketWasOpenedIsSaidOnRequest() throws IOException {
    String printed = ChildJvm.run(Careless.class, List.of("-Dsocketserver.trackUnclosed=true"));
    assertTrue(printed.contains("WARN"), printed);
    assertTrue(printed.contains("nobody has closed the socket with descriptor"), printed);
    assertTrue(printed.contains("Careless.opensAndForgets"), printed);
  }

  /** Opens sockets that nobody closes, and ends when that was noticed. */
  static final class Careless {
    private Careless() {}

    public static void main(String[] args) throws IOException {
      assertLeavesNothing(Careless::opensAndForgets);
    }

    private static void opensAndForgets() throws IOException {
      new DgramSocket(StandardProtocolFamily.INET).bind(ANY_PORT);
    }
  }
}
