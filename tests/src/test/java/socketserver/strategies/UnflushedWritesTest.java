package socketserver.strategies;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import socketserver.HandlerFactory;
import socketserver.StreamRequestHandler;
import socketserver.StreamSocket;
import socketserver.fixture.Eventually;
import socketserver.fixture.RunningServer;
import socketserver.fixture.Strategy;
import socketserver.fixture.TcpClient;

/** Small writes leave together, but never wait for the handler to do anything about them. */
@Timeout(60)
class UnflushedWritesTest {
  private final CountDownLatch received = new CountDownLatch(1);

  private void writePieces(StreamRequestHandler handler) throws IOException {
    for (int i = 0; i < 10; i++) {
      handler.wfile.write("piece " + i + ", ");
    }
    handler.wfile.write("all\n");
  }

  private void checkPiecesArrive(Strategy strategy, HandlerFactory<StreamSocket> handler)
      throws IOException {
    strategy.assumeWorksHere();
    try (var running = RunningServer.start(strategy.server(handler));
        var client = TcpClient.to(running)) {
      try {
        String line = client.line();
        assertEquals("all", line.strip().replaceAll("piece [0-9], ", ""));
      } finally {
        received.countDown();
      }
      assertEquals("computed", client.rest());
    }
  }

  /** The loop that writes is another thread. */
  @ParameterizedTest
  @EnumSource(
      value = Strategy.class,
      names = {"PLATFORM", "VIRTUAL"})
  void theyLeaveWhileTheHandlerComputes(Strategy strategy) throws IOException {
    class Computing extends StreamRequestHandler {
      @Override
      public void handle() throws IOException {
        writePieces(this);
        while (received.getCount() > 0) {
          Thread.onSpinWait();
        }
        wfile.write("computed");
      }
    }
    checkPiecesArrive(strategy, Computing::new);
  }

  /** The handler has the loop as long as it does not wait. */
  @Test
  void onAnEventLoopTheyLeaveWhenTheHandlerWaitsForSomethingElse() throws IOException {
    class Waiting extends StreamRequestHandler {
      @Override
      public void handle() throws IOException {
        writePieces(this);
        Eventually.opens("the client has all pieces", received);
        wfile.write("computed");
      }
    }
    checkPiecesArrive(Strategy.EVENTLOOP, Waiting::new);
  }
}
