package socketserver.mixins;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.epoll.Epoll;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import socketserver.Accepted;
import socketserver.BaseRequestHandler;
import socketserver.BaseServer;
import socketserver.Datagram;
import socketserver.DgramSocket;
import socketserver.HandlerFactory;
import socketserver.ListenerSocket;
import socketserver.StreamRequestHandler;
import socketserver.StreamSocket;
import socketserver.TCPServer;
import socketserver.fixture.Background;
import socketserver.fixture.Bounds;
import socketserver.fixture.Calls;
import socketserver.fixture.Child;
import socketserver.fixture.Descriptors;
import socketserver.fixture.Eventually;
import socketserver.fixture.RunningServer;
import socketserver.fixture.TcpClient;
import socketserver.spi.ReadinessSource;

/** A server that says itself what is ready: it is waited for before {@code getRequest()}. */
@Timeout(60)
class OwnReadinessTest {
  private final Calls calls = new Calls();

  private static final class Greeter extends StreamRequestHandler {
    @Override
    public void handle() throws IOException {
      wfile.write("hello\n");
    }
  }

  /** Has a listener of its own, and says so by its number, as in Python. */
  private class Numbered extends BaseServer<StreamSocket> {
    final ListenerSocket listener;

    Numbered(ListenerSocket listener) throws IOException {
      super(listener.getsockname(), (HandlerFactory<StreamSocket>) Greeter::new);
      this.listener = listener;
    }

    @Override
    public int fileno() {
      return listener.fileno();
    }

    @Override
    public Accepted<StreamSocket> getRequest() throws IOException {
      calls.add("getRequest");
      return listener.acceptWithAddress();
    }

    @Override
    public void closeRequest(StreamSocket request) {
      request.close();
    }

    @Override
    public void serviceActions() {
      calls.add("serviceActions");
    }

    @Override
    public void handleTimeout() {
      calls.add("handleTimeout");
    }

    @Override
    public void serverClose() {
      super.serverClose();
      listener.close();
    }
  }

  /** Says itself what is ready. */
  private class Listening extends Numbered {
    Listening(ListenerSocket listener) throws IOException {
      super(listener);
    }

    @Override
    public ReadinessSource readiness() {
      return listener.readiness();
    }
  }

  private Listening listening() throws IOException {
    return new Listening(ListenerSocket.createServer(RunningServer.anyPort()));
  }

  @Test
  void getRequestIsCalledWhenThereIsOne() throws IOException {
    try (var running = RunningServer.start(listening(), Duration.ofMillis(1))) {
      calls.await("serviceActions", 3);
      assertEquals(0, calls.count("getRequest"));
      for (int i = 1; i <= 2; i++) {
        try (var client = TcpClient.to(running)) {
          assertEquals("hello\n", client.rest());
        }
        assertEquals(i, calls.count("getRequest"));
      }
    }
  }

  @Test
  void shutdownEndsTheWait() throws IOException {
    try (var running = RunningServer.start(listening())) {
      Eventually.waitsIn(running.thread(), "awaitRequest");
      running.shutdown();
      assertNull(running.failure());
    }
  }

  @Test
  void interruptEndsTheWait() throws IOException {
    try (var running = RunningServer.start(listening())) {
      Eventually.waitsIn(running.thread(), "awaitRequest");
      running.thread().interrupt();
      assertNull(running.failure());
    }
  }

  @Test
  void closingEndsTheWaitAndTheServerDoesNotServeAgain() throws IOException {
    var running = RunningServer.start(listening());
    Eventually.waitsIn(running.thread(), "awaitRequest");
    running.server().serverClose();
    assertNull(running.failure());
    assertThrows(IllegalStateException.class, running.server()::serveForever);
  }

  @Test
  void socketThatSomebodyClosesEndsTheLoop() throws IOException {
    var running = RunningServer.start(listening());
    Eventually.waitsIn(running.thread(), "awaitRequest");
    running.server().listener.close();
    assertNull(running.failure());
    running.server().serverClose();
  }

  @Test
  void handleRequestWaitsAsLongAsItsTimeout() throws IOException {
    try (var server = listening()) {
      server.timeout(Duration.ofMillis(1));
      server.handleRequest();
      assertEquals(1, calls.count("handleTimeout"));
      assertEquals(0, calls.count("getRequest"));
      server.timeout(Bounds.WAIT);
      Thread handling = Background.start("handles", server::handleRequest);
      try (var client = TcpClient.to((java.net.InetSocketAddress) server.serverAddress(), 4096)) {
        assertEquals("hello\n", client.rest());
      }
      Eventually.ends(handling);
    }
  }

  // Servers that override fileno() alone

  @Test
  @SuppressWarnings("try") // serves, and that is all
  void theNumberOfASocketIsWaitedFor() throws IOException {
    Numbered server = new Numbered(ListenerSocket.createServer(RunningServer.anyPort()));
    try (var running = RunningServer.start(server, Duration.ofMillis(1))) {
      calls.await("serviceActions", 3);
      assertEquals(0, calls.count("getRequest"));
      for (int i = 1; i <= 2; i++) {
        try (var client = TcpClient.to((java.net.InetSocketAddress) server.serverAddress(), 4096)) {
          assertEquals("hello\n", client.rest());
        }
        assertEquals(i, calls.count("getRequest"));
      }
    }
  }

  @Test
  void socketWithANumberThatSomebodyClosesEndsTheLoop() throws IOException {
    Numbered server = new Numbered(ListenerSocket.createServer(RunningServer.anyPort()));
    var running = RunningServer.start(server);
    Eventually.waitsIn(running.thread(), "awaitRequest");
    server.listener.close();
    assertNull(running.failure());
    server.serverClose();
  }

  @Test
  @SuppressWarnings("try") // is there, and that is all
  void serverWithASocketIsWaitedForByTheNumberThatItReturns() throws IOException {
    try (var bell = ListenerSocket.createServer(RunningServer.anyPort())) {
      TCPServer server =
          new TCPServer(RunningServer.anyPort(), Greeter::new) {
            @Override
            public int fileno() {
              return bell.fileno();
            }

            @Override
            public Accepted<StreamSocket> getRequest() throws IOException {
              bell.accept().close();
              return super.getRequest();
            }
          };
      try (var running = RunningServer.start(server);
          var client = TcpClient.to(running)) {
        Eventually.waitsIn(running.thread(), "awaitRequest");
        assertTrue(running.thread().isAlive());
        try (var ringing = StreamSocket.connect(bell.getsockname())) {
          assertEquals("hello\n", client.rest());
        }
      }
    }
  }

  /** Takes lines from a pipe with a name, whose descriptor is none of the library's. */
  private static final class Piped extends BaseServer<String> implements AutoCloseable {
    private final Calls calls;
    private final RandomAccessFile pipe;
    private final int number;

    Piped(Path folder, Calls calls) throws Exception {
      super(
          RunningServer.anyPort(),
          () ->
              new BaseRequestHandler<>() {
                @Override
                public void handle() {
                  calls.add(request);
                }
              });
      this.calls = calls;
      Path path = folder.resolve("pipe");
      assertEquals(0, new ProcessBuilder("mkfifo", path.toString()).start().waitFor());
      pipe = new RandomAccessFile(path.toFile(), "rw");
      number = Descriptors.numberOf(path);
    }

    @Override
    public int fileno() {
      return number;
    }

    @Override
    public Accepted<String> getRequest() throws IOException {
      calls.add("getRequest");
      return new Accepted<>(pipe.readLine(), RunningServer.anyPort());
    }

    @Override
    public void serviceActions() {
      calls.add("serviceActions");
    }

    @Override
    public void serverClose() {
      super.serverClose();
      try {
        pipe.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @TempDir private Path folder;

  @Test
  @SuppressWarnings("try") // serves, and that is all
  void descriptorThatTheLibraryDoesNotKnowIsWaitedFor() throws Exception {
    Descriptors.assumeCountable();
    assumeTrue(Epoll.isAvailable(), "needs epoll");
    Piped server = new Piped(folder, calls);
    try (var running = RunningServer.start(server, Duration.ofMillis(1))) {
      calls.await("serviceActions", 3);
      assertEquals(0, calls.count("getRequest"));
      for (int i = 1; i <= 2; i++) {
        server.pipe.writeBytes("one\n");
        calls.await("one", i);
        assertEquals(i, calls.count("getRequest"));
      }
    }
  }

  /** Serves a pipe on a transport that watches no descriptors. */
  static final class WithoutEpoll {
    private WithoutEpoll() {}

    public static void main(String[] args) throws Exception {
      try (Piped server = new Piped(Path.of(args[0]), new Calls())) {
        Child.tell(assertThrows(UnsupportedOperationException.class, server::serveForever));
        Child.tell(assertThrows(UnsupportedOperationException.class, server::handleRequest));
      }
    }
  }

  @Test
  void whereNoDescriptorCanBeWaitedForServingSaysSoAtOnce() throws Exception {
    Descriptors.assumeCountable();
    try (Child program =
        Child.start(
            WithoutEpoll.class, List.of("-Dsocketserver.transport=nio"), folder.toString())) {
      for (int i = 0; i < 2; i++) {
        String said = program.hear();
        assertTrue(said.contains("the nio transport watches no descriptors but its own"), said);
        assertTrue(said.contains("cannot wait for descriptor "), said);
        assertTrue(said.contains("can override readiness()"), said);
      }
      program.awaitEnd();
    }
  }

  // Other sources

  /** Whose descriptor is watched by the system, with one of this process's own. */
  private final class Receiving extends BaseServer<String> {
    final DgramSocket socket;

    Receiving(DgramSocket socket, HandlerFactory<String> handler) throws IOException {
      super(socket.getsockname(), handler);
      this.socket = socket;
    }

    @Override
    public ReadinessSource readiness() {
      return socket.readiness();
    }

    @Override
    public Accepted<String> getRequest() throws IOException {
      calls.add("getRequest");
      Datagram datagram = socket.recvfrom(100);
      return new Accepted<>(new String(datagram.data()), datagram.address());
    }
  }

  @Test
  @SuppressWarnings("try") // is there, and that is all
  void nothingIsLeftOfTheWait() throws IOException {
    Descriptors.assumeCountable();
    try (var socket = new DgramSocket(java.net.StandardProtocolFamily.INET);
        var sender = new DgramSocket(java.net.StandardProtocolFamily.INET)) {
      socket.bind(RunningServer.anyPort());
      SocketAddress address = socket.getsockname();
      HandlerFactory<String> noting =
          () ->
              new socketserver.BaseRequestHandler<>() {
                @Override
                public void handle() {
                  calls.add(request);
                }
              };
      Receiving server = new Receiving(socket, noting);
      int before = Descriptors.open();
      for (int i = 1; i <= 2; i++) {
        sender.sendto("one", address);
        server.handleRequest();
        assertEquals(i, calls.count("one"));
      }
      assertEquals(before, Descriptors.open());
      try (var running = RunningServer.start(server)) {
        sender.sendto("two", address);
        calls.await("two", 1);
        assertEquals(3, calls.count("getRequest"));
      }
      assertEquals(before, Descriptors.open());
    }
  }

  @Test
  @SuppressWarnings("try") // is there, and that is all
  void serverWithASocketMayBeWaitedForByAnother() throws IOException {
    AtomicBoolean open = new AtomicBoolean();
    try (var bell = ListenerSocket.createServer(RunningServer.anyPort())) {
      TCPServer server =
          new TCPServer(RunningServer.anyPort(), Greeter::new) {
            @Override
            public ReadinessSource readiness() {
              return open.get() ? super.readiness() : bell.readiness();
            }
          };
      try (var running = RunningServer.start(server);
          var client = TcpClient.to(running)) {
        Eventually.waitsIn(running.thread(), "awaitRequest");
        open.set(true);
        // whoever is waited for is asked anew in each turn
        try (var ringing = StreamSocket.connect(bell.getsockname())) {
          assertEquals("hello\n", client.rest());
          assertTrue(running.thread().isAlive());
        }
      }
    }
  }
}
