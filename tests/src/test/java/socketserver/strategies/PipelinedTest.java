package socketserver.strategies;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import socketserver.StreamRequestHandler;
import socketserver.fixture.RunningServer;
import socketserver.fixture.Strategy;
import socketserver.fixture.TcpClient;

/** Many connections send many requests at once, again and again, and none waits for ever. */
@Timeout(120)
class PipelinedTest {
  private static final int TURNS = 10;
  private static final int CLIENTS = 64;
  private static final int ROUNDS = 20;
  private static final int LINES = 16;

  @ParameterizedTest
  @EnumSource
  void everyRequestIsAnswered(Strategy strategy) throws IOException {
    strategy.assumeWorksHere();
    class Echo extends StreamRequestHandler {
      @Override
      public void handle() throws IOException {
        for (byte[] line : rfile) {
          wfile.write(line);
        }
      }
    }
    // more than the memory that a connection begins with
    String window = ("x".repeat(99) + "\n").repeat(LINES);
    try (var running = RunningServer.start(strategy.server(Echo::new))) {
      for (int turn = 0; turn < TURNS; turn++) {
        List<TcpClient> clients = new ArrayList<>();
        try {
          for (int i = 0; i < CLIENTS; i++) {
            clients.add(TcpClient.to(running));
          }
          for (int round = 0; round < ROUNDS; round++) {
            for (TcpClient client : clients) {
              client.send(window);
            }
            for (TcpClient client : clients) {
              for (int line = 0; line < LINES; line++) {
                assertEquals(100, client.line().length());
              }
            }
          }
        } finally {
          for (TcpClient client : clients) {
            client.close();
          }
        }
      }
    }
  }
}
