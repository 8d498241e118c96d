package socketserver.stress;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import socketserver.StreamRequestHandler;
import socketserver.ThreadingTCPServer;
import socketserver.fixture.Bounds;
import socketserver.fixture.RunningServer;

/** A million lines through one threading server. */
class ManyLinesTest {
  private static final int CLIENTS = 64;
  private static final int WINDOW = 125;
  private static final int WINDOWS = 125;

  private static final class Echo extends StreamRequestHandler {
    @Override
    public void handle() throws IOException {
      for (byte[] line : rfile) {
        wfile.write(line);
      }
    }
  }

  @Test
  void aMillionLinesOf64ClientsComeBackInOrderAndNoneIsLost() throws Exception {
    assertEquals(1_000_000, CLIENTS * WINDOW * WINDOWS);
    try (var running =
        RunningServer.start(new ThreadingTCPServer(RunningServer.anyPort(), Echo::new))) {
      Clients.run(CLIENTS, number -> echoLines(running, number));
    }
  }

  private static void echoLines(RunningServer<?> running, int client) throws IOException {
    try (Socket socket = new Socket(running.address().getAddress(), running.address().getPort())) {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout((int) Bounds.WAIT.toMillis());
      var answers =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      for (int window = 0; window < WINDOWS; window++) {
        StringBuilder lines = new StringBuilder();
        for (int line = 0; line < WINDOW; line++) {
          lines.append(line(client, window, line)).append('\n');
        }
        socket.getOutputStream().write(lines.toString().getBytes(StandardCharsets.US_ASCII));
        for (int line = 0; line < WINDOW; line++) {
          assertEquals(line(client, window, line), answers.readLine());
        }
      }
      socket.shutdownOutput();
      assertEquals(null, answers.readLine());
    }
  }

  private static String line(int client, int window, int line) {
    return "client " + client + " window " + window + " line " + line;
  }
}
