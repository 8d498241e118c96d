package socketserver.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import socketserver.BaseRequestHandler;
import socketserver.ConnectionResetException;
import socketserver.DatagramRequestHandler;
import socketserver.StreamRequestHandler;
import socketserver.StreamSocket;
import socketserver.TCPServer;
import socketserver.ThreadPoolMixIn;
import socketserver.ThreadingTCPServer;
import socketserver.ThreadingUDPServer;
import socketserver.UDPServer;
import socketserver.fixture.Background;
import socketserver.fixture.Bounds;
import socketserver.fixture.Descriptors;
import socketserver.fixture.Eventually;
import socketserver.fixture.RequestThreads;
import socketserver.fixture.RunningServer;
import socketserver.fixture.TcpClient;
import socketserver.fixture.UdpClient;

/** Servers as wholes: what is left when they have closed, and who can write to whom. */
@ParameterizedClass
@MethodSource("socketserver.contract.Ground#all")
class ServerContractTest extends OnGround {
  ServerContractTest(Ground ground) {
    super(ground);
  }

  @AfterEach
  @Override
  void closeAndLeaveNothing() throws Exception {
    super.closeAndLeaveNothing();
    RequestThreads.awaitNone();
  }

  /** Answers each line with itself. */
  static final class Echo extends StreamRequestHandler {
    @Override
    public void handle() throws IOException {
      for (byte[] line : rfile) {
        wfile.write(line);
      }
    }
  }

  private static final class DatagramEcho extends DatagramRequestHandler {
    @Override
    public void handle() throws IOException {
      wfile.write(packet);
    }
  }

  private <S extends TCPServer> RunningServer<S> running(S server) {
    RunningServer<S> running = RunningServer.start(server);
    opened.add(running);
    return running;
  }

  private TcpClient client(RunningServer<?> server) throws IOException {
    TcpClient client = TcpClient.to(server);
    opened.add(client);
    return client;
  }

  // Nothing is left

  private static void serveOnce() throws IOException {
    try (var server = RunningServer.start(new ThreadingTCPServer(Tcp.loopback(), Echo::new));
        TcpClient client = TcpClient.to(server)) {
      assertEquals("x\n", client.send("x\n").line());
    }
  }

  @Test
  void nothingIsLeftOfAServerThatHasClosed() throws IOException {
    Descriptors.assumeCountable();
    serveOnce();
    Remains.awaitNoEngine();
    int before = Descriptors.open();
    for (int i = 0; i < 5; i++) {
      serveOnce();
      assertEquals(List.of(), Remains.threads(), "threads after serverClose()");
    }
    RequestThreads.awaitNone();
    Eventually.holds("no descriptor is left", () -> Descriptors.open() <= before);
  }

  @Test
  void nothingIsLeftOfADatagramServerThatHasClosed() throws IOException {
    Descriptors.assumeCountable();
    int before = 0;
    for (int i = 0; i < 6; i++) {
      try (var server =
              RunningServer.start(new ThreadingUDPServer(Tcp.loopback(), DatagramEcho::new));
          UdpClient client = UdpClient.to(server)) {
        assertEquals("x", client.send("x").text());
      }
      assertEquals(List.of(), Remains.threads(), "threads after serverClose()");
      if (i == 0) {
        before = Descriptors.open();
      }
    }
    int limit = before;
    Eventually.holds("no descriptor is left", () -> Descriptors.open() <= limit);
  }

  /** Clients of a pool that has fewer workers. */
  private static final int POOLED = 12;

  private static final class Pool extends TCPServer implements ThreadPoolMixIn {
    Pool() throws IOException {
      super(Tcp.loopback(), Echo::new);
      // all clients come at once: the system would have some of them wait for a second
      socket().listen(POOLED);
    }

    @Override
    public int maxWorkers() {
      return 2;
    }
  }

  private static final class DatagramPool extends UDPServer implements ThreadPoolMixIn {
    DatagramPool() throws IOException {
      super(Tcp.loopback(), DatagramEcho::new);
    }

    @Override
    public int maxWorkers() {
      return 2;
    }
  }

  @Test
  void aPoolServesMoreClientsThanItHasWorkersAndLeavesNothing() throws IOException {
    try (var server = RunningServer.start(new Pool())) {
      List<TcpClient> clients = new ArrayList<>();
      for (int i = 0; i < POOLED; i++) {
        clients.add(client(server).send(i + "\n").end());
      }
      for (int i = 0; i < POOLED; i++) {
        assertEquals(i + "\n", clients.get(i).rest());
      }
    }
    assertEquals(List.of(), Remains.threads(), "threads after serverClose()");
  }

  @Test
  void aPoolAnswersMoreDatagramsThanItHasWorkersAndLeavesNothing() throws IOException {
    try (var server = RunningServer.start(new DatagramPool());
        UdpClient client = UdpClient.to(server)) {
      List<String> answers = new ArrayList<>();
      for (int i = 10; i < 40; i++) {
        client.send("" + i);
      }
      for (int i = 10; i < 40; i++) {
        answers.add(client.text());
      }
      Collections.sort(answers);
      assertEquals(IntStream.range(10, 40).mapToObj(String::valueOf).toList(), answers);
    }
    assertEquals(List.of(), Remains.threads(), "threads after serverClose()");
  }

  @Test
  void twoHundredServersOneAfterTheOtherLeaveNothing() throws IOException {
    Descriptors.assumeCountable();
    serveOnce();
    Remains.awaitNoEngine();
    int descriptors = Descriptors.open();
    for (int i = 0; i < 200; i++) {
      try (TCPServer stream = new TCPServer(Tcp.loopback(), Echo::new);
          UDPServer datagram = new UDPServer(Tcp.loopback(), DatagramEcho::new)) {
        if (i % 10 == 0) {
          TcpClient.to(stream).close();
        }
        assertTrue(stream.serverPort() > 0 && datagram.serverPort() > 0);
      }
    }
    assertEquals(List.of(), Remains.threads());
    Eventually.holds("no descriptor is left", () -> Descriptors.open() <= descriptors);
  }

  @Test
  void nothingIsLeftWhenTheConstructorFails() throws IOException {
    Descriptors.assumeCountable();
    serveOnce();
    Remains.awaitNoEngine();
    int before = Descriptors.open();
    InetSocketAddress nowhere = InetSocketAddress.createUnresolved("no-such-host.invalid", 0);
    InetSocketAddress elsewhere = new InetSocketAddress("192.0.2.77", 0);
    for (int i = 0; i < 10; i++) {
      assertThrows(IOException.class, () -> new TCPServer(nowhere, Echo::new));
      assertThrows(IOException.class, () -> new UDPServer(nowhere, DatagramEcho::new));
      assertThrows(IOException.class, () -> new TCPServer(elsewhere, Echo::new));
      assertThrows(IOException.class, () -> new UDPServer(elsewhere, DatagramEcho::new));
      assertThrows(IllegalStateException.class, UnwillingServer::new);
    }
    assertEquals(List.of(), Remains.threads());
    Eventually.holds("no descriptor is left", () -> Descriptors.open() <= before);
  }

  private static final class UnwillingServer extends TCPServer {
    UnwillingServer() throws IOException {
      super(Tcp.loopback(), Echo::new);
    }

    @Override
    public void serverActivate() throws IOException {
      super.serverActivate();
      throw new IllegalStateException("not today");
    }
  }

  @Test
  void aPortInUseLeavesTheFirstServerAlone() throws IOException {
    RunningServer<ThreadingTCPServer> first =
        running(new ThreadingTCPServer(Tcp.loopback(), Echo::new));
    SocketAddress taken = first.address();
    for (int i = 0; i < 10; i++) {
      BindException error =
          assertThrows(BindException.class, () -> new TCPServer(taken, Echo::new));
      assertTrue(error.getMessage().contains(taken.toString()), error.getMessage());
    }
    assertEquals("x\n", client(first).send("x\n").line());
  }

  @Test
  void aPortIsFreeForTheNextServerAtOnce() throws IOException {
    SocketAddress address;
    try (TCPServer first = new TCPServer(Tcp.loopback(), Echo::new)) {
      address = first.serverAddress();
    }
    for (int i = 0; i < 50; i++) {
      new TCPServer(address, Echo::new).close();
    }
  }

  @Test
  void anIdleServerCostsNoProcessorTime() throws Exception {
    RunningServer<ThreadingTCPServer> server =
        running(new ThreadingTCPServer(Tcp.loopback(), Echo::new));
    List<TcpClient> clients = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      clients.add(client(server));
      assertEquals("x\n", clients.get(i).send("x\n").line());
    }
    assertTrue(!LoopTime.isSpinning(), "an event loop spins on idle connections");
    for (TcpClient client : clients) {
      assertEquals("still there\n", client.send("still there\n").line());
    }
  }

  // Connections

  @Test
  void aClientThatIsGoneBeforeItIsTakenStillHasItsAddress() throws Exception {
    BlockingQueue<Optional<SocketAddress>> addresses = new LinkedBlockingQueue<>();
    class Reader extends BaseRequestHandler<StreamSocket> {
      @Override
      public void handle() throws IOException {
        assertThrows(ConnectionResetException.class, () -> request.recv(1));
        addresses.add(Optional.ofNullable(clientAddress));
      }
    }
    try (TCPServer server = new TCPServer(Tcp.loopback(), Reader::new)) {
      TcpClient client = TcpClient.to(server);
      SocketAddress address = client.address();
      client.reset();
      server.handleRequest();
      Optional<SocketAddress> seen = addresses.poll(Bounds.WAIT.toSeconds(), TimeUnit.SECONDS);
      assertNotNull(seen, "the handler has found the reset");
      assertEquals(address, seen.orElse(null));
    }
  }

  @Test
  void handlersWriteToOneAnothersClients() throws Exception {
    // each line goes to all who are there
    List<StreamRequestHandler> present = new ArrayList<>();
    class Chat extends StreamRequestHandler {
      @Override
      public void handle() throws IOException {
        synchronized (present) {
          present.add(this);
        }
        wfile.write("welcome\n");
        for (byte[] line : rfile) {
          List<StreamRequestHandler> all;
          synchronized (present) {
            all = List.copyOf(present);
          }
          for (StreamRequestHandler other : all) {
            if (line[0] == 'w') {
              other.wfile.write(line);
            } else {
              other.request.sendall(line);
            }
          }
        }
      }
    }
    RunningServer<ThreadingTCPServer> server =
        running(new ThreadingTCPServer(Tcp.loopback(), Chat::new));
    List<TcpClient> clients = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      clients.add(client(server));
      assertEquals("welcome\n", clients.get(i).line());
    }
    for (String line : new String[] {"with wfile\n", "by request\n"}) {
      clients.get(2).send(line);
      for (TcpClient client : clients) {
        assertEquals(line, client.line());
      }
    }
    clients.forEach(client -> endQuietly(client));
  }

  private static void endQuietly(TcpClient client) {
    try {
      client.end();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void whatAHandlerSentArrivesAlsoWhenItAndItsServerHaveEnded() throws Exception {
    byte[] data = Pattern.bytes(5 << 20);
    CountDownLatch handled = new CountDownLatch(1);
    class Sender extends StreamRequestHandler {
      @Override
      public void handle() throws IOException {
        wfile.write(data);
      }

      @Override
      public void finish() throws Exception {
        super.finish();
        handled.countDown();
      }
    }
    ThreadingTCPServer server = new ThreadingTCPServer(Tcp.loopback(), Sender::new);
    TcpClient client;
    try (RunningServer<ThreadingTCPServer> running = RunningServer.start(server)) {
      client = client(running);
      // what the system's buffers do not hold, so that the handler can end
      byte[] begin = client.read(1 << 20);
      Pattern.check(begin, begin.length, 0);
      byte[] more = client.read(3 << 20);
      Pattern.check(more, more.length, begin.length);
      Eventually.opens("the handler ends", handled);
    }
    // the server has closed, and the client goes on in small steps
    long position = 4 << 20;
    while (position < data.length) {
      byte[] piece = client.read(Math.min(10_000, (int) (data.length - position)));
      Pattern.check(piece, piece.length, position);
      position += piece.length;
    }
    assertArrayEquals(new byte[0], client.all());
  }

  @Test
  void closeOfOneServerLeavesTheOtherAlone() throws IOException {
    RunningServer<ThreadingTCPServer> other =
        running(new ThreadingTCPServer(Tcp.loopback(), Echo::new));
    TcpClient client = client(other);
    assertEquals("before\n", client.send("before\n").line());
    serveOnce();
    assertEquals("after\n", client.send("after\n").line());
  }

  @Test
  void datagramServersAnswerManyClientsAtOnce() throws Exception {
    ThreadingUDPServer server = new ThreadingUDPServer(Tcp.loopback(), DatagramEcho::new);
    try (RunningServer<ThreadingUDPServer> running = RunningServer.start(server)) {
      List<Thread> clients = new ArrayList<>();
      BlockingQueue<String> done = new LinkedBlockingQueue<>();
      for (int c = 0; c < 8; c++) {
        String name = "client " + c;
        clients.add(
            Background.start(
                name,
                () -> {
                  try (UdpClient client = UdpClient.to(running)) {
                    for (int i = 0; i < 50; i++) {
                      assertEquals(name + i, client.send(name + i).text());
                    }
                  }
                  done.add(name);
                }));
      }
      clients.forEach(Eventually::ends);
      assertEquals(8, done.size());
    }
  }
}
