package socketserver.forking;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import socketserver.ForkingTCPServer;
import socketserver.StreamRequestHandler;
import socketserver.fixture.Processes;
import socketserver.fixture.RunningServer;
import socketserver.fixture.TcpClient;

/** What a handler writes last, before its process ends. */
@Timeout(120)
class LastWordsTest {
  /** Much more than a connection holds. */
  private static final int LENGTH = 8 << 20;

  /** Writes and returns; the first line is its process's id. */
  static final class Talker extends StreamRequestHandler {
    @Override
    public int wbufsize() {
      return LENGTH;
    }

    @Override
    public void handle() throws IOException {
      wfile.write(ProcessHandle.current().pid() + "\n");
      wfile.write(text());
    }
  }

  private static byte[] text() {
    byte[] text = new byte[LENGTH];
    for (int i = 0; i < text.length; i++) {
      text[i] = (byte) (i >> 7);
    }
    return text;
  }

  @Test
  void arriveWholeHoweverLateTheClientReads() throws Exception {
    ForkingTCPServer server = new ForkingTCPServer(RunningServer.anyPort(), Talker::new);
    server.spareChildren(0);
    try (var running = RunningServer.start(server);
        TcpClient client = TcpClient.to(running.address(), 4096)) {
      long child = Long.parseLong(client.line().strip());
      byte[] expected = text();
      assertArrayEquals(Arrays.copyOf(expected, 1000), client.read(1000));
      // the child waits for the client, and the parent may wait for the child
      assertTrue(Processes.isAlive(child));
      assertArrayEquals(Arrays.copyOfRange(expected, 1000, LENGTH), client.all());
      Processes.awaitEnd(child);
    }
  }
}
