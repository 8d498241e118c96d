package socketserver.cpython;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import socketserver.StreamRequestHandler;
import socketserver.TCPServer;
import socketserver.ThreadingMixIn;
import socketserver.fixture.Eventually;
import socketserver.fixture.RequestThreads;
import socketserver.fixture.RunningServer;
import socketserver.fixture.TcpClient;

/** CPython's test_threads_reaped: what a finished request leaves behind, which here is nothing. */
@Timeout(60)
class FinishedRequestsTest {
  private static final int REQUESTS = 10;

  private final List<WeakReference<Handler>> handlers = new CopyOnWriteArrayList<>();

  private static final class Handler extends StreamRequestHandler {
    Handler(List<WeakReference<Handler>> handlers) {
      handlers.add(new WeakReference<>(this));
    }
  }

  private static final class Server extends TCPServer implements ThreadingMixIn {
    Server(List<WeakReference<Handler>> handlers) throws IOException {
      super(RunningServer.anyPort(), () -> new Handler(handlers));
    }
  }

  @Test
  void threadsEndWhileTheServerGoesOn() throws IOException {
    try (var server = new Server(handlers)) {
      takeRequests(server);
      RequestThreads.awaitNone();
    }
  }

  @Test
  void handlersAreNotKeptWhileTheServerGoesOn() throws IOException {
    try (var server = new Server(handlers)) {
      takeRequests(server);
      Eventually.holds(
          "all handlers are collected",
          () -> {
            System.gc();
            return handlers.stream().allMatch(handler -> handler.get() == null);
          });
    }
  }

  private void takeRequests(Server server) throws IOException {
    for (int i = 0; i < REQUESTS; i++) {
      try (var client = TcpClient.to(server)) {
        server.handleRequest();
        assertEquals("", client.rest());
      }
    }
    assertEquals(REQUESTS, handlers.size());
  }
}
