package socketserver.forking;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import socketserver.Accepted;
import socketserver.ForkingTCPServer;
import socketserver.StreamSocket;
import socketserver.fixture.Answering;
import socketserver.fixture.Bounds;
import socketserver.fixture.Child;
import socketserver.fixture.Eventually;
import socketserver.fixture.Processes;
import socketserver.fixture.RunningServer;
import socketserver.fixture.TcpClient;

/** {@code maxStarting}: so many JVMs start at a time, and what needs another one waits. */
@Timeout(120)
class MaxStartingTest {
  /** Where children stop while they start, until they are let in. */
  private static final class Gate implements AutoCloseable {
    private final ServerSocket port = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

    Gate() throws IOException {
      port.setSoTimeout((int) Bounds.WAIT.toMillis());
    }

    /** Waits for a child that starts; closing the socket lets it in. */
    Socket child() throws IOException {
      return port.accept();
    }

    @Override
    public void close() throws IOException {
      port.close();
    }
  }

  /** What a child comes by when it reads the server for the first time. */
  private static final class AtTheGate implements Serializable {
    private static final long serialVersionUID = 1;
    private static boolean passed;

    private final long parent = ProcessHandle.current().pid();
    private final int port;

    AtTheGate(Gate gate) {
      port = gate.port.getLocalPort();
    }

    private Object readResolve() {
      if (!passed && ProcessHandle.current().pid() != parent) {
        passed = true;
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
          socket.getInputStream().read();
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
      return this;
    }

    String answer() {
      return "answered";
    }
  }

  /** Starts children for requests alone, and counts these. */
  private static final class Server extends ForkingTCPServer {
    private final transient AtomicInteger accepted = new AtomicInteger();

    Server(AtTheGate gate) throws IOException {
      super(RunningServer.anyPort(), Answering.with((line, handler) -> gate.answer()));
      spareChildren(0);
      maxRequestsPerChild(0);
    }

    @Override
    public Accepted<StreamSocket> getRequest() throws IOException {
      Accepted<StreamSocket> request = super.getRequest();
      accepted.incrementAndGet();
      return request;
    }
  }

  private static void awaitRequests(RunningServer<Server> running, int count) {
    Eventually.holds(
        () -> count + " requests are taken; " + running.server().accepted + " are",
        () -> running.server().accepted.get() == count);
    Eventually.waits(running.thread());
  }

  @Test
  void isHowManyChildrenOfAServerStartAtOnce() throws Exception {
    Set<Long> before = Processes.children();
    try (Gate gate = new Gate()) {
      Server server = new Server(new AtTheGate(gate));
      server.maxStarting(1);
      try (var running = RunningServer.start(server);
          TcpClient first = TcpClient.to(server).send("\n");
          TcpClient second = TcpClient.to(server).send("\n");
          TcpClient third = TcpClient.to(server).send("\n")) {
        awaitRequests(running, 3);
        for (int i = 1; i <= 3; i++) {
          Socket child = gate.child();
          Set<Long> started = new HashSet<>(Processes.children());
          started.removeAll(before);
          assertEquals(i, started.size());
          child.close();
        }
        for (TcpClient client : List.of(first, second, third)) {
          assertEquals("answered\n", client.line());
        }
      }
    }
  }

  /** A process of its own, as its limit is read once. */
  static final class TwoServers {
    private TwoServers() {}

    public static void main(String[] args) throws Exception {
      try (Gate gate = new Gate()) {
        AtTheGate both = new AtTheGate(gate);
        try (var one = RunningServer.start(new Server(both));
            var other = RunningServer.start(new Server(both));
            TcpClient first = TcpClient.to(one).send("\n");
            TcpClient second = TcpClient.to(other).send("\n")) {
          awaitRequests(one, 1);
          awaitRequests(other, 1);
          for (int i = 0; i < 2; i++) {
            Socket child = gate.child();
            Child.tell(Processes.children().size());
            child.close();
          }
          Child.tell(first.line().strip());
          Child.tell(second.line().strip());
        }
      }
    }
  }

  @Test
  void isLimitedForAllServersOfAProcessByAProperty() throws Exception {
    try (Child process =
        Child.start(TwoServers.class, List.of("-Dsocketserver.maxStartingChildren=1"))) {
      assertEquals("1", process.hear());
      assertEquals("2", process.hear());
      assertEquals("answered", process.hear());
      assertEquals("answered", process.hear());
      process.awaitEnd();
    }
  }
}
