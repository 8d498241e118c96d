package socketserver.badinput;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import socketserver.BaseRequestHandler;
import socketserver.HandlerFactory;
import socketserver.SocketConstants;
import socketserver.StreamRequestHandler;
import socketserver.StreamSocket;
import socketserver.TCPServer;
import socketserver.UDPServer;
import socketserver.fixture.Background;
import socketserver.fixture.Bounds;
import socketserver.fixture.RunningServer;
import socketserver.fixture.TcpClient;

/** Sizes, times and flags that make no sense are refused with the value in the message. */
@Timeout(60)
class SizesTest {
  private static final class Silent extends BaseRequestHandler<Object> {}

  private TCPServer streams;
  private UDPServer datagrams;

  @BeforeEach
  void makeServers() throws IOException {
    streams = new TCPServer(RunningServer.anyPort(), Silent::new, false);
    datagrams = new UDPServer(RunningServer.anyPort(), Silent::new, false);
  }

  @AfterEach
  void closeServers() {
    streams.close();
    datagrams.close();
  }

  private static void refused(Object value, Executable call) {
    IllegalArgumentException error = assertThrows(IllegalArgumentException.class, call);
    assertTrue(
        error.getMessage().contains(String.valueOf(value)), error.getMessage() + " lacks " + value);
  }

  @Test
  void queueSizeMustNotBeNegative() {
    refused(-1, () -> streams.requestQueueSize(-1));
    assertEquals(5, streams.requestQueueSize());
  }

  @Test
  void queueOfZeroStillTakesAConnection() throws IOException {
    streams.requestQueueSize(0);
    streams.serverBind();
    streams.serverActivate();
    try (var running = RunningServer.start(streams);
        var client = TcpClient.to(running)) {
      assertEquals("", client.rest());
    }
  }

  @Test
  void queueThatIsNegativeInAnOverrideIsTheShortest() throws IOException {
    TCPServer server =
        new TCPServer(RunningServer.anyPort(), Silent::new) {
          @Override
          public int requestQueueSize() {
            return -7;
          }
        };
    try (var running = RunningServer.start(server);
        var client = TcpClient.to(running)) {
      assertEquals("", client.rest());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1})
  void packetSizeMustBePositive(int size) {
    refused(size, () -> datagrams.maxPacketSize(size));
    assertEquals(8192, datagrams.maxPacketSize());
  }

  @Test
  void timeoutMustNotBeNegative() {
    Duration negative = Duration.ofMillis(-5);
    refused(negative, () -> streams.timeout(negative));
    refused(negative, () -> streams.socket().settimeout(negative));
    refused(negative, () -> datagrams.socket().settimeout(negative));
  }

  @Test
  void pollIntervalMustBePositive() throws IOException {
    streams.serverBind();
    streams.serverActivate();
    refused(Duration.ZERO, () -> streams.serveForever(Duration.ZERO));
    refused(Duration.ofSeconds(-1), () -> streams.serveForever(Duration.ofSeconds(-1)));
    refused(null, () -> streams.serveForever(null));
    try (var running = RunningServer.start(streams);
        var client = TcpClient.to(running)) {
      assertEquals("", client.rest(), "the server can still serve");
    }
  }

  @Test
  void timesBeyondAllBoundsAreTakenAsLong() throws IOException {
    streams.timeout(Duration.ofSeconds(Long.MAX_VALUE));
    streams.socket().settimeout(Duration.ofSeconds(Long.MAX_VALUE));
    streams.serverBind();
    streams.serverActivate();
    try (var client = TcpClient.to(streams)) {
      streams.handleRequest();
      assertEquals("", client.rest());
    }
    try (var running = RunningServer.start(streams, Duration.ofSeconds(Long.MAX_VALUE));
        var client = TcpClient.to(running)) {
      assertEquals("", client.rest());
    }
  }

  @Test
  void receivingMustNotBeOfANegativeSize() throws IOException {
    withConnection(
        socket -> {
          refused(-1, () -> socket.recv(-1));
          refused(-1, () -> socket.recv(-1, SocketConstants.MSG_PEEK));
          assertEquals(0, socket.recv(0).length);
          assertEquals(0, socket.recvInto(new byte[0]));
          assertThrows(IndexOutOfBoundsException.class, () -> socket.recvInto(new byte[4], 2, 3));
          assertThrows(IndexOutOfBoundsException.class, () -> socket.sendall(new byte[4], 2, 3));
          refused(-2, () -> socket.makefileReader(-2));
          refused(-2, () -> socket.makefileWriter(-2));
        });
    refused(-1, () -> datagrams.socket().recvfrom(-1));
  }

  @Test
  void refusedFileLeavesNoHoldOnTheSocket() throws IOException {
    withConnection(
        socket -> {
          refused(-2, () -> socket.makefileReader(-2));
          socket.close();
          assertEquals(-1, socket.fileno());
        });
  }

  @Test
  void unknownFlagsAndDirectionsAreRefused() throws IOException {
    withConnection(
        socket -> {
          refused("0x40000000", () -> socket.recv(1, 0x40000000));
          refused(9, () -> socket.shutdown(9));
          refused(-1, () -> socket.shutdown(-1));
          refused(0, () -> socket.getsockopt(SocketConstants.SOL_SOCKET, 1, 0));
        });
  }

  @Test
  void connectingNeedsTime() throws IOException {
    streams.serverBind();
    streams.serverActivate();
    refused(
        Duration.ZERO, () -> StreamSocket.connect(streams.serverAddress(), Duration.ZERO).close());
    Duration negative = Duration.ofMillis(-5);
    refused(negative, () -> StreamSocket.connect(streams.serverAddress(), negative).close());
  }

  @Test
  void bufferSizesOfAHandlerAreCheckedInItsSetup() throws IOException {
    class Reading extends StreamRequestHandler {
      @Override
      public int rbufsize() {
        return -2;
      }
    }
    class Writing extends StreamRequestHandler {
      @Override
      public int wbufsize() {
        return -3;
      }
    }
    class Waiting extends StreamRequestHandler {
      @Override
      public Duration timeout() {
        return Duration.ofSeconds(-4);
      }
    }

    assertTrue(failureOf(Reading::new).getMessage().contains("-2"));
    assertTrue(failureOf(Writing::new).getMessage().contains("-3"));
    assertTrue(failureOf(Waiting::new).getMessage().contains("-4"));
  }

  /** Serves one client with a handler that fails; the client sees the end. */
  private static Throwable failureOf(HandlerFactory<StreamSocket> handler) throws IOException {
    CompletableFuture<Throwable> failure = new CompletableFuture<>();
    TCPServer server =
        new TCPServer(RunningServer.anyPort(), handler) {
          @Override
          public void handleError(StreamSocket request, SocketAddress client, Throwable error) {
            failure.complete(error);
          }
        };
    try (var running = RunningServer.start(server);
        var client = TcpClient.to(running)) {
      assertEquals("", client.rest());
      Throwable error = Background.result(failure);
      assertTrue(error instanceof IllegalArgumentException, error.toString());
      return error;
    }
  }

  private interface Use {
    void with(StreamSocket socket) throws IOException;
  }

  private void withConnection(Use use) throws IOException {
    streams.serverBind();
    streams.serverActivate();
    try (StreamSocket socket = StreamSocket.connect(streams.serverAddress(), Bounds.WAIT)) {
      use.with(socket);
    }
  }
}
