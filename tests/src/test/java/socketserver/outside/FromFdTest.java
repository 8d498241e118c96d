package socketserver.outside;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FileInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.newsclub.net.unix.FileDescriptorCast;
import socketserver.Datagram;
import socketserver.DatagramRequestHandler;
import socketserver.DgramSocket;
import socketserver.ListenerSocket;
import socketserver.SocketReader;
import socketserver.StreamSocket;
import socketserver.ThreadingTCPServer;
import socketserver.ThreadingUnixStreamServer;
import socketserver.UDPServer;
import socketserver.UnixAddress;
import socketserver.contract.Copies;
import socketserver.fixture.Answering;
import socketserver.fixture.Background;
import socketserver.fixture.Bounds;
import socketserver.fixture.Child;
import socketserver.fixture.Descriptors;
import socketserver.fixture.RunningServer;
import socketserver.fixture.TcpClient;
import socketserver.unix.NativePair;

/** Sockets of descriptors that somebody else has opened: {@code socket.socket(fileno=fd)}. */
@Timeout(60)
class FromFdTest {
  private static final SocketAddress UNUSED = new InetSocketAddress(1);

  @TempDir private Path folder;

  @BeforeAll
  static void assumeDescriptors() {
    Descriptors.assumeCountable();
  }

  /** A copy of a descriptor whose socket is closed here, as if another program had made it. */
  private static int left(ListenerSocket socket) throws IOException {
    try (socket) {
      return Copies.of(socket.fileno());
    }
  }

  private static int listening() throws IOException {
    return left(ListenerSocket.createServer(RunningServer.anyPort()));
  }

  private static int receiving() throws IOException {
    try (DgramSocket socket = new DgramSocket(StandardProtocolFamily.INET)) {
      socket.bind(RunningServer.anyPort());
      return Copies.of(socket.fileno());
    }
  }

  private static void close(int fd) throws IOException {
    new io.netty.channel.unix.FileDescriptor(fd).close();
  }

  private static String text(byte[] data) {
    return new String(data, StandardCharsets.UTF_8);
  }

  private static String line(StreamSocket socket) throws IOException {
    try (SocketReader reader = socket.makefileReader(0)) {
      return reader.readline(StandardCharsets.UTF_8);
    }
  }

  // Servers

  @Test
  void aServerTakesAListenerAndNeedsNeitherBindNorListen() throws Exception {
    long before = Descriptors.sockets();
    ListenerSocket listener = ListenerSocket.fromFd(listening());
    InetSocketAddress bound = (InetSocketAddress) listener.getsockname();
    var server =
        new ThreadingTCPServer(UNUSED, Answering.with((line, handler) -> "got " + line), false);
    server.socket(listener);
    try (var running = RunningServer.start(server);
        TcpClient client = TcpClient.to(bound, 0)) {
      assertEquals("got it\n", client.send("it\n").line());
      assertEquals(bound, running.server().socket().getsockname());
    }
    assertEquals(-1, listener.fileno());
    assertEquals(before, Descriptors.sockets());
  }

  @Test
  void aUnixServerTakesAListener() throws Exception {
    UnixAddress path = UnixAddress.of(folder.resolve("s"));
    ListenerSocket listener = ListenerSocket.fromFd(left(ListenerSocket.createServer(path)));
    assertEquals(path, listener.getsockname());
    var server =
        new ThreadingUnixStreamServer(
            path,
            Answering.with((line, handler) -> handler.request.peerCredentials().pid()),
            false);
    server.socket(listener);
    try (var running = RunningServer.start(server);
        StreamSocket client = StreamSocket.connect(path)) {
      client.settimeout(Bounds.WAIT);
      client.sendall("who\n");
      assertEquals(ProcessHandle.current().pid() + "\n", line(client));
      assertEquals(path, running.server().socket().getsockname());
    }
  }

  /** Answers a datagram with itself. */
  private static final class Echo extends DatagramRequestHandler {
    @Override
    public void handle() throws IOException {
      wfile.write(request.data());
    }
  }

  @Test
  void aDatagramServerTakesASocket() throws Exception {
    long before = Descriptors.sockets();
    DgramSocket socket = DgramSocket.fromFd(receiving());
    SocketAddress bound = socket.getsockname();
    UDPServer server = new UDPServer(UNUSED, Echo::new, false);
    server.socket(socket);
    try (var running = RunningServer.start(server);
        DgramSocket client = new DgramSocket(StandardProtocolFamily.INET)) {
      client.settimeout(Bounds.WAIT);
      client.bind(RunningServer.anyPort());
      client.sendto("datagram", bound);
      Datagram answer = client.recvfrom(100);
      assertEquals("datagram", text(answer.data()));
      assertEquals(bound, running.server().socket().getsockname());
      assertEquals(bound, answer.address());
    }
    assertEquals(before, Descriptors.sockets());
  }

  @Test
  void aUnixDatagramSocketIsOneToo() throws Exception {
    UnixAddress path = UnixAddress.of(folder.resolve("d"));
    int fd;
    try (DgramSocket socket = new DgramSocket(StandardProtocolFamily.UNIX)) {
      socket.bind(path);
      fd = Copies.of(socket.fileno());
    }
    try (DgramSocket socket = DgramSocket.fromFd(fd);
        DgramSocket client = new DgramSocket(StandardProtocolFamily.UNIX)) {
      socket.settimeout(Bounds.WAIT);
      client.sendto("datagram", path);
      assertEquals("datagram", text(socket.recv(100)));
    }
  }

  // Connections

  @Test
  void aConnectionThatWasDetachedGoesOn() throws Exception {
    try (var running =
            RunningServer.start(
                new ThreadingTCPServer(
                    RunningServer.anyPort(), Answering.with((line, handler) -> line)));
        StreamSocket given =
            StreamSocket.fromFd(StreamSocket.connect(running.server().serverAddress()).detach())) {
      given.settimeout(Bounds.WAIT);
      assertEquals(running.server().serverAddress(), given.getpeername());
      given.sendall("line\n");
      assertEquals("line\n", line(given));
    }
  }

  @Test
  void callsOnWhatWasBlockingWaitNoLongerThanTheTimeOut() throws Exception {
    long before = Descriptors.sockets();
    var pair = NativePair.open(true);
    try (StreamSocket near =
            StreamSocket.fromFd(FileDescriptorCast.using(pair[0]).as(Integer.class));
        StreamSocket far =
            StreamSocket.fromFd(FileDescriptorCast.using(pair[1]).as(Integer.class))) {
      near.settimeout(Duration.ofMillis(20));
      // on a thread of its own, as a call that waits in the system would never end
      var received = Background.ask("receives", () -> timesOut(near));
      assertTrue(Background.result(received));
      far.sendall("x");
      near.settimeout(Bounds.WAIT);
      assertArrayEquals(new byte[] {'x'}, near.recv(1));
    }
    assertEquals(before, Descriptors.sockets());
  }

  private static boolean timesOut(StreamSocket socket) throws IOException {
    try {
      socket.recv(1);
      return false;
    } catch (SocketTimeoutException e) {
      return true;
    }
  }

  // Refusals

  private static void assertRefused(String what, String cure, Taking taking) {
    SocketException error = assertThrows(SocketException.class, taking::take);
    assertTrue(error.getMessage().contains(what), error.getMessage());
    assertTrue(error.getMessage().contains(cure), error.getMessage());
  }

  private interface Taking {
    void take() throws IOException;
  }

  @Test
  void aListenerIsNeitherAConnectionNorADatagramSocketAndStaysTheCallers() throws Exception {
    int fd = listening();
    String is = "descriptor " + fd + " is a stream socket that listens";
    assertRefused(is, "StreamSocket.fromFd takes", () -> StreamSocket.fromFd(fd));
    assertRefused(is, "DgramSocket.fromFd takes", () -> DgramSocket.fromFd(fd));
    try (ListenerSocket listener = ListenerSocket.fromFd(fd);
        StreamSocket client = StreamSocket.connect(listener.getsockname());
        StreamSocket accepted = listener.accept()) {
      assertEquals(client.getsockname(), accepted.getpeername());
    }
  }

  @Test
  void aConnectionDoesNotListenAndStaysTheCallers() throws Exception {
    List<StreamSocket> pair = StreamSocket.socketpair();
    int fd = pair.get(0).detach();
    String is = "descriptor " + fd + " is a connected stream socket";
    assertRefused(is, "ListenerSocket.fromFd takes", () -> ListenerSocket.fromFd(fd));
    assertRefused(is, "DgramSocket.fromFd takes", () -> DgramSocket.fromFd(fd));
    try (StreamSocket given = StreamSocket.fromFd(fd);
        StreamSocket other = pair.get(1)) {
      given.sendall("x");
      assertEquals("x", text(other.recv(1)));
    }
  }

  @Test
  void aSocketThatIsNotConnectedIsNoConnection() throws Exception {
    int fd;
    try (StreamSocket socket = new StreamSocket(StandardProtocolFamily.INET)) {
      fd = Copies.of(socket.fileno());
    }
    try {
      String is = "a stream socket that is not connected";
      assertRefused(is, "StreamSocket.fromFd takes", () -> StreamSocket.fromFd(fd));
      assertRefused(is, "ListenerSocket.fromFd takes", () -> ListenerSocket.fromFd(fd));
    } finally {
      close(fd);
    }
  }

  @Test
  void aDatagramSocketIsNoStream() throws Exception {
    int fd = receiving();
    try {
      assertRefused("a datagram socket", "StreamSocket", () -> StreamSocket.fromFd(fd));
      assertRefused("a datagram socket", "ListenerSocket", () -> ListenerSocket.fromFd(fd));
    } finally {
      close(fd);
    }
  }

  @Test
  void aFileIsNoSocket() throws Exception {
    Path file = Files.createFile(folder.resolve("file"));
    try (FileInputStream open = new FileInputStream(file.toFile())) {
      int fd = Descriptors.numberOf(file);
      for (Taking taking : everyWay(fd)) {
        IOException error = assertThrows(IOException.class, taking::take);
        assertEquals("descriptor " + fd + " is no open socket", error.getMessage());
      }
      assertEquals(-1, open.read());
    }
  }

  @Test
  void aNumberThatIsNotOpenIsNoSocket() {
    for (Taking taking : everyWay(654_321)) {
      IOException error = assertThrows(IOException.class, taking::take);
      assertEquals("descriptor 654321 is no open socket", error.getMessage());
    }
  }

  @Test
  void aNegativeNumberIsAMistake() {
    for (Taking taking : everyWay(-1)) {
      var error = assertThrows(IllegalArgumentException.class, taking::take);
      assertEquals("descriptor must not be negative: -1", error.getMessage());
    }
  }

  private static List<Taking> everyWay(int fd) {
    return List.of(
        () -> ListenerSocket.fromFd(fd),
        () -> StreamSocket.fromFd(fd),
        () -> DgramSocket.fromFd(fd));
  }

  /** Tries where there are no descriptors. */
  static final class WithoutDescriptors {
    private WithoutDescriptors() {}

    public static void main(String[] arguments) throws IOException {
      for (Taking taking : everyWay(0)) {
        try {
          taking.take();
          Child.tell("it works");
        } catch (UnsupportedOperationException e) {
          Child.tell(e.getMessage());
        }
      }
    }
  }

  @Test
  void whereThereAreNoDescriptorsTheErrorSaysWhatToDo() throws Exception {
    try (Child program =
        Child.start(WithoutDescriptors.class, List.of("-Dsocketserver.transport=nio"))) {
      for (int i = 0; i < 3; i++) {
        assertEquals("the nio transport adopts no descriptors: use epoll", program.hear());
      }
      program.awaitEnd();
    }
  }

  @Test
  void aListenerOfNobodysIsClosedWithItsSocket() throws Exception {
    int fd = listening();
    SocketAddress bound;
    try (ListenerSocket listener = ListenerSocket.fromFd(fd)) {
      bound = listener.getsockname();
      assertEquals(fd, listener.fileno());
      listener.listen(1);
    }
    assertThrows(java.net.ConnectException.class, () -> StreamSocket.connect(bound));
    try (ListenerSocket again = ListenerSocket.createServer(bound)) {
      assertEquals(bound, again.getsockname());
      assertNull(again.gettimeout());
      assertTrue(((InetSocketAddress) bound).getAddress().equals(InetAddress.getLoopbackAddress()));
    }
  }
}
