package socketserver.stress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import socketserver.StreamRequestHandler;
import socketserver.ThreadingTCPServer;
import socketserver.contract.Peer;
import socketserver.contract.Tcp;
import socketserver.fixture.Child;

/**
 * Five thousand connections that do nothing, each with a thread of its own, and are then answered
 * one by one. The server is a process of its own: each end has all the descriptors that a process
 * may have, and so many threads do not slow the other tests.
 */
@Timeout(120)
class IdleThreadsTest {
  private static final int CONNECTIONS = 5_000;

  /** What a process needs beside the connections. */
  private static final int RESERVE = 500;

  @Test
  void fiveThousandIdleConnectionsHaveAThreadEachAndAreAnsweredOneByOne() throws Exception {
    int count = Math.min(Math.min(CONNECTIONS, descriptorLimit()), threadLimit());
    assertTrue(count > 0, "no descriptors and threads to test with: " + count);
    if (count < CONNECTIONS) {
      System.err.println(
          "SCALED DOWN to "
              + count
              + " connections: the limits of descriptors and threads allow no more");
    }
    try (Child server = Child.start(Threads.class, List.of("-Xmx512m"), "" + count)) {
      askAll(server, count);
      server.awaitEnd();
    }
  }

  private static void askAll(Child server, int count) throws IOException {
    InetSocketAddress address =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(server.hear()));
    List<Peer> clients = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        clients.add(Peer.connect(address));
      }
      assertEquals("all are here", server.hear());
      for (int i = 0; i < count; i++) {
        String question = "connection " + i + "\n";
        clients.get(i).send(question);
        assertEquals(question, clients.get(i).receiveText(question.length()));
      }
    } finally {
      for (Peer client : clients) {
        client.close();
      }
    }
  }

  private static int descriptorLimit() {
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
      long limit = system.getMaxFileDescriptorCount() - system.getOpenFileDescriptorCount();
      return (int) Math.min(limit - RESERVE, Integer.MAX_VALUE);
    }
    return 1000;
  }

  /** What the kernel and its control groups allow, with room for the other processes. */
  private static int threadLimit() throws IOException {
    long limit = CONNECTIONS;
    limit = Math.min(limit, number("/proc/sys/kernel/threads-max") / 2);
    limit = Math.min(limit, number("/proc/sys/kernel/pid_max") / 3);
    limit = Math.min(limit, number("/sys/fs/cgroup/pids.max") / 2);
    // a stack and its guard are two mappings
    limit = Math.min(limit, number("/proc/sys/vm/max_map_count") / 4);
    return (int) limit;
  }

  private static long number(String file) throws IOException {
    Path path = Path.of(file);
    if (!Files.isReadable(path)) {
      return Long.MAX_VALUE;
    }
    // by lines, as some of these files can only be read in one go
    String text = Files.readAllLines(path).get(0);
    return text.equals("max") ? Long.MAX_VALUE : Long.parseLong(text);
  }

  /** Handles each connection in a thread of its own. */
  static final class Threads {
    private static final BlockingQueue<SocketAddress> present = new LinkedBlockingQueue<>();

    private Threads() {}

    private static final class Handler extends StreamRequestHandler {
      @Override
      public void handle() throws IOException {
        present.add(clientAddress);
        wfile.write(rfile.readline());
      }
    }

    public static void main(String[] arguments) throws Exception {
      int count = Integer.parseInt(arguments[0]);
      try (ThreadingTCPServer server =
          new ThreadingTCPServer(Tcp.loopback(), Handler::new, false)) {
        server.requestQueueSize(1000);
        server.serverBind();
        server.serverActivate();
        Thread serving = new Thread(server::serveForever);
        serving.start();
        Child.tell(server.serverPort());
        for (int i = 0; i < count; i++) {
          present.take();
        }
        Child.tell("all are here");
        server.shutdown();
        serving.join();
      }
    }
  }
}
