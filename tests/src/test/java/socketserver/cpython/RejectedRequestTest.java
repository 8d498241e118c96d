package socketserver.cpython;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.SocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import socketserver.StreamRequestHandler;
import socketserver.StreamSocket;
import socketserver.TCPServer;
import socketserver.fixture.RunningServer;
import socketserver.fixture.TcpClient;

/** CPython's test_shutdown_request_called_if_verify_request_false. */
@Timeout(60)
class RejectedRequestTest {
  private final AtomicInteger shutdowns = new AtomicInteger();

  private final class Picky extends TCPServer {
    Picky() throws IOException {
      super(RunningServer.anyPort(), Unreachable::new);
    }

    @Override
    public boolean verifyRequest(StreamSocket request, SocketAddress clientAddress) {
      return false;
    }

    @Override
    public void shutdownRequest(StreamSocket request) {
      shutdowns.incrementAndGet();
      super.shutdownRequest(request);
    }
  }

  private static final class Unreachable extends StreamRequestHandler {
    @Override
    public void handle() throws IOException {
      wfile.write("handled all the same");
    }
  }

  @Test
  void requestThatIsNotVerifiedIsShutDownOnce() throws IOException {
    try (var server = new Picky()) {
      TcpClient.to(server).close();
      server.handleRequest();
      assertEquals(1, shutdowns.get());
    }
  }

  @Test
  void clientThatIsNotVerifiedSeesTheEnd() throws IOException {
    try (var server = new Picky();
        var client = TcpClient.to(server)) {
      server.handleRequest();
      assertEquals("", client.rest());
    }
  }
}
