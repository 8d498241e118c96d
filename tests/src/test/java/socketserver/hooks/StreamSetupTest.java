package socketserver.hooks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import socketserver.HandlerFactory;
import socketserver.SocketConstants;
import socketserver.StreamRequestHandler;
import socketserver.StreamSocket;
import socketserver.TCPServer;
import socketserver.fixture.Background;
import socketserver.fixture.RunningServer;
import socketserver.fixture.TcpClient;

/** A stream handler's attributes and how its files behave when time runs out. */
@Timeout(60)
class StreamSetupTest {
  private static final Duration SHORT = Duration.ofMillis(20);

  /** A server that handles one request in the background and gives the handler's exception. */
  private static final class Server extends TCPServer {
    final CompletableFuture<Throwable> failure = new CompletableFuture<>();

    Server(HandlerFactory<StreamSocket> handler) throws IOException {
      super(RunningServer.anyPort(), handler);
    }

    @Override
    public void handleError(StreamSocket request, SocketAddress client, Throwable error) {
      failure.complete(error);
    }

    @Override
    public void closeRequest(StreamSocket request) {
      super.closeRequest(request);
      failure.complete(null);
    }
  }

  private static void serve(HandlerFactory<StreamSocket> handler, Talk talk) throws Exception {
    try (var running = RunningServer.start(new Server(handler));
        var client = TcpClient.to(running)) {
      talk.with(client);
      Throwable failure = Background.result(running.server().failure);
      if (failure != null) {
        throw new AssertionError("the handler failed", failure);
      }
    }
  }

  private interface Talk {
    void with(TcpClient client) throws Exception;
  }

  @Test
  void connectionBlocksAndWaitsForAcknowledgementsUnlessToldOtherwise() throws Exception {
    class Handler extends StreamRequestHandler {
      @Override
      public void handle() throws IOException {
        assertNull(connection.gettimeout());
        assertEquals(
            0, connection.getsockopt(SocketConstants.IPPROTO_TCP, SocketConstants.TCP_NODELAY));
        assertEquals(
            0, connection.getsockopt(SocketConstants.SOL_SOCKET, SocketConstants.SO_KEEPALIVE));
      }
    }

    serve(Handler::new, client -> assertEquals("", client.rest()));
  }

  @Test
  void attributesAreAppliedToTheConnection() throws Exception {
    class Handler extends StreamRequestHandler {
      @Override
      public Duration timeout() {
        return Duration.ofSeconds(7);
      }

      @Override
      public boolean disableNagleAlgorithm() {
        return true;
      }

      @Override
      public void handle() throws IOException {
        assertEquals(Duration.ofSeconds(7), connection.gettimeout());
        assertEquals(true, connection.getsockopt(StandardSocketOptions.TCP_NODELAY));
      }
    }

    serve(Handler::new, client -> assertEquals("", client.rest()));
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 1, 7, 65536})
  void everySizeOfTheBuffersCarriesTheSameBytes(int size) throws Exception {
    class Handler extends StreamRequestHandler {
      @Override
      public int rbufsize() {
        return size;
      }

      @Override
      public int wbufsize() {
        return size;
      }

      @Override
      public void handle() throws IOException {
        for (byte[] line : rfile) {
          wfile.write(line);
        }
      }
    }

    String lines = "one\n" + "two ".repeat(3000) + "\n\r\n" + "no line feed";
    serve(
        Handler::new,
        client -> {
          client.send(lines).end();
          assertEquals(lines, client.rest());
        });
  }

  @Test
  void readOverItsTimeIsASocketTimeoutException() throws Exception {
    class Handler extends StreamRequestHandler {
      @Override
      public Duration timeout() {
        return SHORT;
      }

      @Override
      public void handle() throws IOException {
        rfile.readline();
      }
    }

    try (var running = RunningServer.start(new Server(Handler::new));
        var client = TcpClient.to(running)) {
      assertEquals("", client.rest());
      assertInstanceOf(SocketTimeoutException.class, Background.result(running.server().failure));
    }
  }

  @Test
  void bytesThatRfileReadAheadAreNotSeenByTheConnection() throws Exception {
    class Handler extends StreamRequestHandler {
      @Override
      public void handle() throws IOException {
        assertEquals("one\n", new String(rfile.readline()));
        assertEquals("two\n", new String(rfile.peek(1)), "both lines came at once");
        connection.settimeout(SHORT);
        assertThrows(SocketTimeoutException.class, () -> connection.recv(1));
        assertEquals("two\n", new String(rfile.readline()));
      }
    }

    serve(
        Handler::new,
        client -> {
          client.send("one\ntwo\n");
          assertEquals("", client.rest());
        });
  }
}
