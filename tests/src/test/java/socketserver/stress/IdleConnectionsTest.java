package socketserver.stress;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.SocketAddress;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import socketserver.BaseRequestHandler;
import socketserver.StreamSocket;
import socketserver.TCPServer;
import socketserver.fixture.Child;
import socketserver.fixture.Eventually;
import socketserver.fixture.RunningServer;

/** Ten thousand connections that do nothing, held by one server without a thread for each. */
class IdleConnectionsTest {
  private static final int CONNECTIONS = 10_000;
  private static final int OTHER_DESCRIPTORS = 1_000;
  private static final int PATIENCE_SECONDS = 120;

  /** Keeps its connections instead of handling them. */
  private static final class Keeper extends TCPServer {
    private final Queue<StreamSocket> kept = new ConcurrentLinkedQueue<>();

    Keeper() throws IOException {
      super(RunningServer.anyPort(), () -> new BaseRequestHandler<StreamSocket>() {});
    }

    @Override
    public int requestQueueSize() {
      return 1024;
    }

    @Override
    public void processRequest(StreamSocket request, SocketAddress clientAddress) {
      kept.add(request);
    }
  }

  @Test
  void tenThousandIdleConnectionsAreHeldAndAnsweredOneByOne() throws Exception {
    int count = affordable();
    try (var running = RunningServer.start(new Keeper());
        var clients =
            Child.start(
                IdleClients.class,
                List.of(),
                String.valueOf(running.server().serverPort()),
                String.valueOf(count))) {
      assertEquals("connected", clients.hear(PATIENCE_SECONDS));
      Queue<StreamSocket> kept = running.server().kept;
      Eventually.holds("all connections have been accepted", () -> kept.size() == count);
      clients.say("go");
      for (StreamSocket connection : kept) {
        assertArrayEquals(new byte[] {'?'}, connection.recv(10));
        connection.sendall("!");
        connection.close();
      }
      assertEquals(String.valueOf(count), clients.hear(PATIENCE_SECONDS));
    }
  }

  private static int affordable() {
    long limit =
        ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
            ? unix.getMaxFileDescriptorCount() - OTHER_DESCRIPTORS
            : CONNECTIONS;
    if (limit < CONNECTIONS) {
      System.err.println(
          "SCALED DOWN to " + limit + " connections: the limit of descriptors allows no more");
    }
    return (int) Math.min(limit, CONNECTIONS);
  }
}
