package socketserver.outside;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import socketserver.TCPServer;
import socketserver.ThreadingTCPServer;
import socketserver.fixture.Answering;
import socketserver.fixture.Child;
import socketserver.fixture.TcpClient;

/** Processes that share a port: {@code allow_reuse_port}. Linux gives each its share. */
@Timeout(120)
@EnabledOnOs(OS.LINUX)
class ReusePortTest {
  /** That all go to one of two processes does not happen: one chance in 2 to the 199th. */
  private static final int MANY = 200;

  /** A server that says in which process it is; its argument is the port. */
  static final class Sharing {
    private Sharing() {}

    public static void main(String[] arguments) throws IOException {
      try (var server =
          new ThreadingTCPServer(
              address(Integer.parseInt(arguments[0])),
              Answering.with((line, handler) -> ProcessHandle.current().pid()),
              false)) {
        server.allowReusePort(true);
        server.serverBind();
        server.serverActivate();
        Child.tell(server.serverPort());
        server.serveForever();
      }
    }
  }

  private static InetSocketAddress address(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  private static Child start(int port) throws IOException {
    return Child.start(Sharing.class, List.of(), Integer.toString(port));
  }

  private static long ask(int port) throws IOException {
    try (TcpClient client = TcpClient.to(address(port), 0)) {
      return Long.parseLong(client.send("who\n").line().strip());
    }
  }

  @Test
  void bothOfTwoProcessesGetRequests() throws Exception {
    try (Child first = start(0)) {
      int port = Integer.parseInt(first.hear());
      assertEquals(first.pid(), ask(port));
      try (Child second = start(port)) {
        assertEquals(port, Integer.parseInt(second.hear()));
        Set<Long> answering = new HashSet<>();
        for (int i = 0; i < MANY && answering.size() < 2; i++) {
          answering.add(ask(port));
        }
        assertEquals(Set.of(first.pid(), second.pid()), answering);
      }
      // the port is the first one's alone again
      for (int i = 0; i < 10; i++) {
        assertEquals(first.pid(), ask(port));
      }
      assertThrows(
          BindException.class,
          () -> new TCPServer(address(port), Answering.with((line, handler) -> line)));
    }
  }
}
