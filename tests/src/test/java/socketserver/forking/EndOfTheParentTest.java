package socketserver.forking;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import socketserver.ForkingTCPServer;
import socketserver.fixture.Answering;
import socketserver.fixture.Child;
import socketserver.fixture.Eventually;
import socketserver.fixture.Processes;
import socketserver.fixture.RunningServer;
import socketserver.fixture.TcpClient;

/** What becomes of the children of a process that ends, in whatever way. */
@Timeout(120)
class EndOfTheParentTest {
  /** Serves until it is told to exit. */
  static final class Parent {
    private Parent() {}

    public static void main(String[] args) throws Exception {
      ForkingTCPServer server =
          new ForkingTCPServer(RunningServer.anyPort(), Answering.with(Parent::answer));
      RunningServer.start(server);
      Child.tell(ProcessHandle.current().pid());
      Child.tell(server.serverPort());
      int said = System.in.read();
      System.exit(said == 'x' ? 0 : 1);
    }

    private static Object answer(String line, Answering handler) throws InterruptedException {
      if (line.equals("hang")) {
        new CountDownLatch(1).await();
      }
      return ProcessHandle.current().pid();
    }
  }

  private static TcpClient client(int port) throws IOException {
    return TcpClient.to(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
  }

  private static long pid(TcpClient client) throws IOException {
    return Long.parseLong(client.send("pid\n").line().strip());
  }

  /** Waits until a process has so many children. */
  private static Set<Long> awaitChildren(ProcessHandle parent, int count) {
    Eventually.holds(
        () -> "there are " + count + " children; there are " + Processes.children(parent),
        () -> Processes.children(parent).size() == count);
    return Processes.children(parent);
  }

  @Test
  void killsThemIfItIsKilled() throws Exception {
    try (Child program = Child.start(Parent.class, List.of())) {
      ProcessHandle parent = ProcessHandle.of(Long.parseLong(program.hear())).orElseThrow();
      int port = Integer.parseInt(program.hear());
      try (TcpClient busy = client(port)) {
        long child = pid(busy);
        // one that handles a request, and two that wait for one, or have yet to begin
        Set<Long> children = awaitChildren(parent, 3);
        assertTrue(children.contains(child), child + " is not among " + children);
        busy.send("hang\n");
        Processes.signal("KILL", parent.pid());
        Eventually.holds(
            () ->
                "none is left; of "
                    + children
                    + " there are "
                    + children.stream().filter(Processes::isAlive).toList(),
            () -> children.stream().noneMatch(Processes::isAlive));
        assertEquals("", busy.rest());
      }
    }
  }

  @Test
  void letsThoseFinishThatWorkIfItEndsByItself() throws Exception {
    try (Child program = Child.start(Parent.class, List.of())) {
      ProcessHandle parent = ProcessHandle.of(Long.parseLong(program.hear())).orElseThrow();
      int port = Integer.parseInt(program.hear());
      try (TcpClient busy = client(port)) {
        long child = pid(busy);
        Set<Long> children = awaitChildren(parent, 3);
        program.say("x");
        Processes.awaitEnd(parent.pid());
        for (long spare : children) {
          if (spare != child) {
            Processes.awaitEnd(spare);
          }
        }
        assertEquals(child, pid(busy));
        busy.end();
        assertEquals("", busy.rest());
        Processes.awaitEnd(child);
      }
      program.awaitEnd();
    }
  }
}
