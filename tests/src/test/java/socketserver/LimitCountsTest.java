package socketserver;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import socketserver.LimitCounts.Limit;
import socketserver.Limits.WhenTooMany;
import socketserver.fixture.Eventually;
import socketserver.fixture.RunningServer;
import socketserver.fixture.TcpClient;

/** How many requests each limit has refused or ended. */
@Timeout(60)
class LimitCountsTest {
  private static final Duration SHORT = Duration.ofMillis(100);

  /** Answers lines. */
  private static final class Lines extends StreamRequestHandler {
    @Override
    public void handle() throws Exception {
      for (byte[] line = rfile.readline(); line.length > 0; line = rfile.readline()) {
        wfile.write(line);
      }
    }
  }

  private static String rest(TcpClient client) throws IOException {
    try {
      return client.rest();
    } catch (SocketException e) {
      return "";
    }
  }

  @Test
  void everyReasonIsCountedByItself() throws Exception {
    try (var running =
        RunningServer.start(new ThreadingTCPServer(RunningServer.anyPort(), Lines::new))) {
      ThreadingTCPServer server = running.server();
      LimitCounts counts = ConnectionLimits.of(server).counts();
      try (TcpClient client = TcpClient.to(running)) {
        assertEquals("line\n", client.send("line\n").line());
        server.maxConnectionsPerClient(1);
        server.maxConnections(1);
        server.whenTooMany(WhenTooMany.REFUSE);
        // the first one began before clients were counted
        refuse(running);
        assertEquals(1, counts.of(Limit.CONNECTIONS));
        server.idleTimeout(SHORT);
        assertEquals("", rest(client));
        assertEquals(1, counts.of(Limit.IDLE));
        server.idleTimeout(null);
      }
      awaitNone(server);
      try (TcpClient client = TcpClient.to(running)) {
        assertEquals("line\n", client.send("line\n").line());
        refuse(running);
        assertEquals(1, counts.of(Limit.CONNECTIONS_PER_CLIENT));
        server.requestTimeout(SHORT);
        assertEquals("", rest(client));
        assertEquals(1, counts.of(Limit.REQUEST_TIME));
        server.requestTimeout(null);
      }
      awaitNone(server);
      server.firstByteTimeout(SHORT);
      refuse(running);
      assertEquals(1, counts.of(Limit.FIRST_BYTE));
      assertEquals(1, counts.of(Limit.CONNECTIONS));
      assertEquals(0, counts.of(Limit.RATE));
    }
  }

  private static void refuse(RunningServer<?> running) throws IOException {
    try (TcpClient client = TcpClient.to(running)) {
      assertEquals("", rest(client));
    }
  }

  private static void awaitNone(BaseServer<?> server) {
    Eventually.holds("no request runs", () -> server.requests().isEmpty());
  }
}
