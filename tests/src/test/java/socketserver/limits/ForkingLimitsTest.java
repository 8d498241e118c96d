package socketserver.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import socketserver.ForkingTCPServer;
import socketserver.StreamRequestHandler;
import socketserver.fixture.Eventually;
import socketserver.fixture.RunningServer;
import socketserver.fixture.TcpClient;
import socketserver.stopping.Stage;

/** Limits and deadlines of a server whose requests run in child processes. */
@Timeout(180)
class ForkingLimitsTest {
  static final class Handler extends StreamRequestHandler {
    @Override
    public void handle() throws Exception {
      String line = rfile.readline(StandardCharsets.UTF_8);
      while (!line.isEmpty()) {
        wfile.write(line);
        if (line.equals("hold\n")) {
          new CountDownLatch(1).await();
        }
        line = rfile.readline(StandardCharsets.UTF_8);
      }
    }
  }

  static final class Server extends ForkingTCPServer {
    Server() throws IOException {
      super(RunningServer.anyPort(), Handler::new);
      spareChildren(1);
      maxRequestsPerChild(0);
    }
  }

  private static String echo(TcpClient client, String line) throws IOException {
    return client.send(line + "\n").line();
  }

  @Test
  void requestsInChildrenCount() throws Exception {
    Server server = new Server();
    server.maxConnections(1);
    try (var running = RunningServer.start(server)) {
      try (TcpClient first = TcpClient.to(running);
          TcpClient second = TcpClient.to(running)) {
        assertEquals("one\n", echo(first, "one"));
        Eventually.waitsIn(running.thread(), "awaitRoom");
        first.end();
        assertEquals("two\n", echo(second, "two"));
        server.maxConnections(0);
        server.maxConnectionsPerClient(1);
        try (TcpClient third = TcpClient.to(running)) {
          assertEquals("", third.rest());
        }
      }
      Stage.awaitNone(server);
    }
  }

  @Test
  void childrenWatchTheirDeadlines() throws Exception {
    Server server = new Server();
    server.idleTimeout(Duration.ofMillis(300));
    try (var running = RunningServer.start(server)) {
      for (int i = 0; i < 2; i++) {
        try (TcpClient client = TcpClient.to(running)) {
          assertEquals("line\n", echo(client, "line"));
          assertEquals("", client.rest());
        }
      }
      Stage.awaitNone(server);
      server.idleTimeout(null);
      server.requestTimeout(Duration.ofMillis(300));
      try (TcpClient client = TcpClient.to(running)) {
        assertEquals("hold\n", echo(client, "hold"));
        assertThrows(SocketException.class, client::rest);
      }
      Stage.awaitNone(server);
    }
  }
}
