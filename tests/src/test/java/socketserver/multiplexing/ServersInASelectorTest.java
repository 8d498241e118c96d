package socketserver.multiplexing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import socketserver.BaseServer;
import socketserver.DatagramRequestHandler;
import socketserver.DgramSocket;
import socketserver.StreamRequestHandler;
import socketserver.StreamSocket;
import socketserver.TCPServer;
import socketserver.UDPServer;
import socketserver.UnixAddress;
import socketserver.UnixDatagramServer;
import socketserver.UnixStreamServer;
import socketserver.fixture.Bounds;
import socketserver.fixture.QueueServer;
import socketserver.select.Select;
import socketserver.select.Selectable;
import socketserver.selectors.DefaultSelector;
import socketserver.selectors.ReadyKey;

/** Servers that a program's own loop drives: one selector, handleRequest() for what is ready. */
@Timeout(60)
class ServersInASelectorTest {
  @TempDir Path folder;

  private final Sockets sockets = new Sockets();
  private final DefaultSelector selector = sockets.add(new DefaultSelector());
  private final List<String> calls = new ArrayList<>();

  @AfterEach
  void close() throws IOException {
    sockets.close();
  }

  private static final class Upper extends StreamRequestHandler {
    @Override
    public void handle() throws IOException {
      String line = new String(rfile.readline(), StandardCharsets.UTF_8);
      wfile.write(line.toUpperCase(java.util.Locale.ROOT));
    }
  }

  private static final class UpperDatagram extends DatagramRequestHandler {
    @Override
    public void handle() throws IOException {
      String text = new String(rfile.readAllBytes(), StandardCharsets.UTF_8);
      wfile.write(text.toUpperCase(java.util.Locale.ROOT));
    }
  }

  private final class Streams extends TCPServer {
    Streams() throws IOException {
      super(Ends.loopback(StandardProtocolFamily.INET), Upper::new);
    }

    @Override
    public void handleTimeout() {
      calls.add("handleTimeout");
    }

    @Override
    public void serviceActions() {
      calls.add("serviceActions");
    }
  }

  private TCPServer tcp() throws IOException {
    return add(new Streams());
  }

  /** As a server in a loop is set up: it never waits for itself. */
  private <S extends BaseServer<?>> S add(S server) throws IOException {
    server.timeout(Duration.ZERO);
    selector.register(server, DefaultSelector.EVENT_READ, server);
    return sockets.add(server);
  }

  /** One turn of the loop. */
  private List<BaseServer<?>> turn() throws Exception {
    List<BaseServer<?>> handled = new ArrayList<>();
    for (ReadyKey ready : selector.select(Bounds.WAIT)) {
      assertEquals(DefaultSelector.EVENT_READ, ready.events());
      BaseServer<?> server = ready.key().data(BaseServer.class);
      server.handleRequest();
      server.serviceActions();
      handled.add(server);
    }
    return handled;
  }

  private StreamSocket ask(BaseServer<?> server, String line) throws IOException {
    StreamSocket client = sockets.add(StreamSocket.connect(server.serverAddress(), Bounds.WAIT));
    client.sendall(line);
    return client;
  }

  private static void assertAnswer(String expected, StreamSocket client) throws IOException {
    assertEquals(expected, new String(client.recv(100), StandardCharsets.UTF_8));
  }

  @Test
  void aServerIsReadyForEachRequest() throws Exception {
    TCPServer server = tcp();
    assertEquals(server.fileno(), selector.getKey(server).fd());
    assertEquals(List.of(), selector.select(Duration.ZERO));
    for (int i = 0; i < 3; i++) {
      StreamSocket client = ask(server, "hello " + i + "\n");
      assertEquals(List.of(server), turn());
      assertAnswer("HELLO " + i + "\n", client);
      assertEquals(List.of(), selector.select(Duration.ZERO));
    }
    assertEquals(List.of("serviceActions", "serviceActions", "serviceActions"), calls);
  }

  @Test
  void requestsThatCameTogetherAreHandledOneInATurn() throws Exception {
    TCPServer server = tcp();
    List<StreamSocket> clients = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      clients.add(ask(server, i + "a\n"));
    }
    for (int i = 0; i < 5; i++) {
      assertEquals(List.of(server), turn());
      assertAnswer(i + "A\n", clients.get(i));
    }
    assertEquals(List.of(), selector.select(Duration.ZERO));
  }

  @Test
  void serversOfAllKindsShareALoop() throws Exception {
    TCPServer tcp = tcp();
    UDPServer udp =
        add(new UDPServer(Ends.loopback(StandardProtocolFamily.INET), UpperDatagram::new));
    UnixStreamServer unix = add(new UnixStreamServer(folder.resolve("s"), Upper::new));
    UnixDatagramServer datagrams =
        add(new UnixDatagramServer(folder.resolve("d"), UpperDatagram::new));
    assertEquals(4, selector.getMap().size());
    assertEquals(List.of(), selector.select(Duration.ZERO));

    StreamSocket client = ask(unix, "unix\n");
    assertEquals(List.of(unix), turn());
    assertAnswer("UNIX\n", client);

    DgramSocket sender = sockets.add(new DgramSocket(StandardProtocolFamily.INET));
    sender.settimeout(Bounds.WAIT);
    sender.sendto("udp", udp.serverAddress());
    assertEquals(List.of(udp), turn());
    assertEquals("UDP", new String(sender.recvfrom(100).data(), StandardCharsets.UTF_8));

    DgramSocket named = sockets.add(new DgramSocket(StandardProtocolFamily.UNIX));
    named.settimeout(Bounds.WAIT);
    named.bind(UnixAddress.of(folder.resolve("c")));
    named.sendto("unix datagram", datagrams.serverAddress());
    assertEquals(List.of(datagrams), turn());
    assertEquals("UNIX DATAGRAM", new String(named.recvfrom(100).data(), StandardCharsets.UTF_8));

    client = ask(tcp, "tcp\n");
    assertEquals(List.of(tcp), turn());
    assertAnswer("TCP\n", client);
    assertEquals(List.of(), selector.select(Duration.ZERO));
  }

  @Test
  void twoServersOfAKindAreToldApart() throws Exception {
    TCPServer first = tcp();
    TCPServer second = tcp();
    StreamSocket client = ask(second, "second\n");
    assertEquals(List.of(second), turn());
    assertAnswer("SECOND\n", client);
    client = ask(first, "first\n");
    assertEquals(List.of(first), turn());
    assertAnswer("FIRST\n", client);
  }

  @Test
  void whoeverAsksWithoutBeingToldHasATimeout() throws IOException {
    TCPServer server = tcp();
    server.handleRequest();
    assertEquals(List.of("handleTimeout"), calls);
    server.handleRequest();
    assertEquals(List.of("handleTimeout", "handleTimeout"), calls);
  }

  @Test
  void aRequestThatAnotherLoopHasTakenIsATimeout() throws Exception {
    TCPServer server = tcp();
    StreamSocket client = ask(server, "hello\n");
    assertEquals(1, selector.select(Bounds.WAIT).size());
    server.handleRequest();
    assertAnswer("HELLO\n", client);
    server.handleRequest();
    assertEquals(List.of("handleTimeout"), calls);
    assertEquals(List.of(), selector.select(Duration.ZERO));
  }

  @Test
  void aServerAndItsListenerAreTheSameToSelect() throws Exception {
    TCPServer server = tcp();
    List<Selectable> asServer = List.of(server);
    List<Selectable> asListener = List.of(server.socket());
    List<Selectable> none = List.of();
    assertEquals(none, Select.select(asServer, none, none, Duration.ZERO).rlist());
    StreamSocket client = ask(server, "hello\n");
    assertSame(server, Select.select(asServer, none, none, Bounds.WAIT).rlist().get(0));
    assertEquals(asListener, Select.select(asListener, none, none, Bounds.WAIT).rlist());
    server.handleRequest();
    assertEquals(none, Select.select(asListener, none, none, Duration.ZERO).rlist());
    assertEquals(none, Select.select(asServer, none, none, Duration.ZERO).rlist());
    assertAnswer("HELLO\n", client);
  }

  @Test
  void aClosedServerIsForgotten() throws Exception {
    TCPServer server = tcp();
    ask(server, "never answered\n");
    assertEquals(1, selector.select(Bounds.WAIT).size());
    server.serverClose();
    assertEquals(List.of(), selector.select(Duration.ZERO));
    assertSame(server, selector.unregister(server).fileobj());
    assertThrows(
        IllegalArgumentException.class,
        () -> selector.register(server, DefaultSelector.EVENT_READ));
    assertTrue(selector.getMap().isEmpty());
  }

  @Test
  void aServerThatIsNotBoundYetCanBeRegisteredOnceItIs() throws Exception {
    try (TCPServer server =
        new TCPServer(Ends.loopback(StandardProtocolFamily.INET), Upper::new, false)) {
      server.timeout(Duration.ZERO);
      server.serverBind();
      server.serverActivate();
      selector.register(server, DefaultSelector.EVENT_READ, server);
      assertEquals(List.of(), selector.select(Duration.ZERO));
      StreamSocket client = ask(server, "late\n");
      assertEquals(List.of(server), turn());
      assertAnswer("LATE\n", client);
    }
  }

  @Test
  void aServerWithoutASocketSaysSo() {
    BaseServer<String> server = new QueueServer(() -> null);
    assertThrows(
        UnsupportedOperationException.class,
        () -> selector.register(server, DefaultSelector.EVENT_READ));
  }
}
