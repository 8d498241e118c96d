package socketserver.strategies;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import socketserver.DatagramRequestHandler;
import socketserver.StreamRequestHandler;
import socketserver.TCPServer;
import socketserver.UDPServer;
import socketserver.VirtualThreadingMixIn;
import socketserver.contract.Remains;
import socketserver.fixture.Eventually;
import socketserver.fixture.RunningServer;
import socketserver.fixture.Strategy;
import socketserver.fixture.TcpClient;
import socketserver.fixture.UdpClient;

/** Virtual threads that the event loops of their connections run, where they can. */
@Timeout(60)
class OnEventLoopsTest {
  private static final String PROPERTY = "socketserver.onEventLoops";

  private String before;

  @BeforeEach
  void clearProperty() {
    Strategy.EVENTLOOP.assumeWorksHere();
    before = System.clearProperty(PROPERTY);
  }

  @AfterEach
  void restoreProperty() {
    if (before != null) {
      System.setProperty(PROPERTY, before);
    }
    Remains.awaitNoEngine();
  }

  private static String carrier() {
    String self = Thread.currentThread().toString();
    return self.substring(self.indexOf('@') + 1) + "\n";
  }

  private static boolean isLoop(String carrier) {
    return carrier.startsWith("socketserver-loop");
  }

  /** Answers each line with what runs it. */
  private static final class Telling extends StreamRequestHandler {
    @Override
    public void handle() throws IOException {
      for (byte[] line = rfile.readline(); line.length > 0; line = rfile.readline()) {
        wfile.write(carrier());
      }
    }
  }

  private static final class Server extends TCPServer implements VirtualThreadingMixIn {
    Server() throws IOException {
      super(RunningServer.anyPort(), Telling::new);
    }
  }

  @Test
  void theLoopOfAConnectionRunsItsHandlerWhileItsTurnsAreShort() throws IOException {
    try (var running = RunningServer.start(new Server());
        var client = TcpClient.to(running)) {
      Eventually.holds("a loop runs it", () -> isLoop(client.send("\n").line()));
    }
  }

  private static void assertRunsElsewhere(Server server) throws IOException {
    try (var running = RunningServer.start(server);
        var client = TcpClient.to(running)) {
      for (int i = 0; i < 20; i++) {
        String carrier = client.send("\n").line();
        assertFalse(isLoop(carrier), carrier);
      }
    }
  }

  @Test
  void anAttributeSaysNo() throws IOException {
    Server server = new Server();
    server.onEventLoops(false);
    assertEquals(false, server.onEventLoops());
    assertRunsElsewhere(server);
  }

  @Test
  void thePropertySaysNo() throws IOException {
    System.setProperty(PROPERTY, "false");
    try {
      assertRunsElsewhere(new Server());
    } finally {
      System.clearProperty(PROPERTY);
    }
  }

  /** Answers with what runs it. */
  private static final class TellingDatagram extends DatagramRequestHandler {
    @Override
    public void handle() throws IOException {
      wfile.write(carrier());
    }
  }

  private static final class DatagramServer extends UDPServer implements VirtualThreadingMixIn {
    DatagramServer() throws IOException {
      super(RunningServer.anyPort(), TellingDatagram::new);
    }
  }

  @Test
  void theOneLoopOfADatagramSocketIsNotAllItsRequestsHave() throws IOException {
    try (var running = RunningServer.start(new DatagramServer());
        var client = UdpClient.to(running)) {
      for (int i = 0; i < 20; i++) {
        String carrier = client.send("x").text();
        assertFalse(isLoop(carrier), carrier);
      }
    }
  }
}
