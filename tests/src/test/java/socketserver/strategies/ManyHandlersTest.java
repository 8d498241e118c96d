package socketserver.strategies;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import socketserver.ConnectionException;
import socketserver.StreamRequestHandler;
import socketserver.contract.Tcp;
import socketserver.fixture.Child;
import socketserver.fixture.RunningServer;
import socketserver.fixture.Strategy;

/**
 * Ten thousand handlers that wait for their clients at the same time, in a process whose heap would
 * not do for as many of anything large, and which has a handful of threads.
 */
@Timeout(180)
class ManyHandlersTest {
  private static final int CONNECTIONS = 10_000;
  private static final int OTHER_DESCRIPTORS = 1_000;
  private static final int MOST_THREADS = 100;
  private static final int PATIENCE_SECONDS = 120;

  @ParameterizedTest
  @EnumSource(
      value = Strategy.class,
      names = {"VIRTUAL", "EVENTLOOP"})
  void tenThousandHandlersWaitAtTheSameTime(Strategy strategy) throws Exception {
    strategy.assumeWorksHere();
    assumeDescriptors();
    List<SocketChannel> clients = new ArrayList<>();
    try (Child server =
        Child.start(Server.class, List.of(Strategy.opens(), "-Xmx256m"), strategy.name())) {
      var address =
          new InetSocketAddress(Tcp.loopback().getAddress(), Integer.parseInt(server.hear()));
      for (int i = 0; i < CONNECTIONS; i++) {
        clients.add(SocketChannel.open(address));
      }
      int threads = Integer.parseInt(server.hear(PATIENCE_SECONDS));
      assertTrue(threads < MOST_THREADS, threads + " threads");
      for (SocketChannel client : clients) {
        client.write(ByteBuffer.wrap(new byte[] {'x', '\n'}));
      }
      for (SocketChannel client : clients) {
        ByteBuffer answer = ByteBuffer.allocate(2);
        while (answer.hasRemaining() && client.read(answer) >= 0) {
          // to its end
        }
        assertEquals(2, answer.position());
        // a reset, as so many ports that linger would be in the way of other tests
        client.setOption(StandardSocketOptions.SO_LINGER, 0);
        client.close();
      }
      server.say("stop");
      server.awaitEnd();
    } finally {
      for (SocketChannel client : clients) {
        client.close();
      }
    }
  }

  private static void assumeDescriptors() {
    long limit =
        ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
            ? unix.getMaxFileDescriptorCount() - OTHER_DESCRIPTORS
            : Long.MAX_VALUE;
    Without.assume(
        limit >= CONNECTIONS, "a process may open " + limit + " descriptors, not " + CONNECTIONS);
  }

  /** Tells how many threads there are when all handlers wait. */
  static final class Server {
    private static final CountDownLatch missing = new CountDownLatch(CONNECTIONS);

    private Server() {}

    private static final class Waiting extends StreamRequestHandler {
      @Override
      public void handle() throws IOException {
        missing.countDown();
        wfile.write(rfile.readline());
        assertThrows(ConnectionException.class, () -> rfile.read());
      }
    }

    public static void main(String[] arguments) throws Exception {
      Strategy strategy = Strategy.valueOf(arguments[0]);
      try (var running = RunningServer.start(strategy.server(Waiting::new))) {
        Child.tell(running.server().serverPort());
        missing.await();
        Child.tell(ManagementFactory.getThreadMXBean().getThreadCount());
        System.in.read();
      }
    }
  }
}
