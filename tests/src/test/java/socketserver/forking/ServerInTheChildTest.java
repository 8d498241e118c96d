package socketserver.forking;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static socketserver.fixture.Answering.ask;
import static socketserver.fixture.Answering.number;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import socketserver.Accepted;
import socketserver.ForkingMixIn;
import socketserver.StreamSocket;
import socketserver.TCPServer;
import socketserver.fixture.Answering;
import socketserver.fixture.RunningServer;
import socketserver.fixture.TcpClient;

/** What {@code server} is, and can do, in a child process. */
@Timeout(120)
class ServerInTheChildTest {
  static final class Server extends TCPServer implements ForkingMixIn {
    private long accepter;
    private long verifier;
    private long finisher;

    Server() throws IOException {
      super(RunningServer.anyPort(), Answering.with((line, handler) -> answer(line, handler)));
      spareChildren(0);
      maxRequestsPerChild(0);
      maxChildren(9);
    }

    @Override
    public int requestQueueSize() {
      return 17;
    }

    @Override
    public Accepted<StreamSocket> getRequest() throws IOException {
      accepter = ProcessHandle.current().pid();
      Accepted<StreamSocket> accepted = super.getRequest();
      accepted.request().settimeout(Duration.ofSeconds(1234));
      return accepted;
    }

    @Override
    public boolean verifyRequest(StreamSocket request, SocketAddress client) {
      verifier = ProcessHandle.current().pid();
      return true;
    }

    @Override
    public void finishRequest(StreamSocket request, SocketAddress client) throws Exception {
      finisher = ProcessHandle.current().pid();
      super.finishRequest(request, client);
    }
  }

  private static String answer(String line, Answering handler) throws Exception {
    Server server = handler.server(Server.class);
    return switch (line) {
      case "pid" -> "" + ProcessHandle.current().pid();
      case "accepter" -> "" + server.accepter;
      case "verifier" -> "" + server.verifier;
      case "finisher" ->
          server.finisher == ProcessHandle.current().pid() ? "this process" : "" + server.finisher;
      case "class" -> server.getClass().getName();
      case "address" -> "" + server.serverAddress();
      case "client" -> handler.clientHost() + " " + handler.clientPort();
      case "attributes" -> server.maxChildren() + " " + server.requestQueueSize();
      case "time-out" -> "" + handler.connection.gettimeout();
      case "fileno" -> "" + server.fileno();
      case "active" -> "" + server.activeChildren();
      case "serve" -> thrownBy(server::serveForever);
      case "handle" -> thrownBy(server::handleRequest);
      case "accept" -> thrownBy(server::getRequest);
      case "shutdown" -> thrownBy(server::shutdown);
      case "close" -> thrownBy(server::serverClose);
      case "collect" -> thrownBy(() -> server.collectChildren(true));
      case "input" -> "" + System.in.read();
      default -> throw new IllegalArgumentException(line);
    };
  }

  private interface Action {
    void run() throws Exception;
  }

  private static String thrownBy(Action action) {
    try {
      action.run();
      return "nothing";
    } catch (Exception e) {
      return e.toString();
    }
  }

  private static RunningServer<Server> running;
  private static Server server;

  @BeforeAll
  static void serve() throws IOException {
    server = new Server();
    running = RunningServer.start(server);
  }

  @AfterAll
  static void close() {
    running.close();
  }

  @Test
  void isOfTheSameClassWithTheSameAddressAndAttributes() throws Exception {
    assertEquals(Server.class.getName(), ask(server, "class"));
    assertEquals("" + server.serverAddress(), ask(server, "address"));
    assertEquals("9 17", ask(server, "attributes"));
  }

  @Test
  void hasTheClientsAddress() throws Exception {
    try (TcpClient client = TcpClient.to(server)) {
      String expected =
          client.address().getAddress().getHostAddress() + " " + client.address().getPort() + "\n";
      assertEquals(expected, client.send("client\n").line());
    }
  }

  @Test
  void handlesWhatTheParentHasAcceptedAndVerified() throws Exception {
    long parent = ProcessHandle.current().pid();
    long child = number(server, "pid");
    assertNotEquals(parent, child);
    assertEquals(parent, number(server, "accepter"));
    assertEquals(parent, number(server, "verifier"));
    assertEquals("this process", ask(server, "finisher"));
    assertEquals(0, server.finisher);
  }

  @Test
  void findsTheTimeOutThatTheParentHasSet() throws Exception {
    assertEquals("" + Duration.ofSeconds(1234), ask(server, "time-out"));
  }

  @Test
  void doesNotListen() throws Exception {
    assertEquals("-1", ask(server, "fileno"));
    for (String call : new String[] {"serve", "handle", "accept"}) {
      String thrown = ask(server, call);
      assertTrue(thrown.contains("closed"), call + ": " + thrown);
    }
  }

  @Test
  void hasNoChildren() throws Exception {
    assertEquals("[]", ask(server, "active"));
    assertEquals("nothing", ask(server, "collect"));
  }

  @Test
  void harmsNobodyWhenItIsShutDownOrClosed() throws Exception {
    try (TcpClient client = TcpClient.to(server)) {
      assertEquals("nothing\n", client.send("shutdown\n").line());
      assertEquals("nothing\n", client.send("close\n").line());
      assertEquals("nothing\n", client.send("close\n").line());
      assertEquals("-1\n", client.send("fileno\n").line());
    }
    assertEquals("-1", ask(server, "fileno"));
    assertTrue(running.thread().isAlive());
  }

  @Test
  void hasAStandardInputThatIsAtItsEnd() throws Exception {
    assertEquals("-1", ask(server, "input"));
  }

  @Test
  void getsALongRequestWhole() throws Exception {
    // as long as a line without a limit may be, and more than has arrived when the child is given
    // it
    String name = "address" + " ".repeat(1_000_000);
    try (TcpClient client = TcpClient.to(server)) {
      client.send(name.getBytes(StandardCharsets.US_ASCII));
      assertEquals(server.serverAddress() + "\n", client.send("\n").line());
    }
  }
}
