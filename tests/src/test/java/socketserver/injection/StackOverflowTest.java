package socketserver.injection;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import socketserver.DatagramRequestHandler;
import socketserver.SocketConstants;
import socketserver.StreamRequestHandler;
import socketserver.StreamSocket;
import socketserver.TCPServer;
import socketserver.contract.Remains;
import socketserver.fixture.Bounds;
import socketserver.fixture.Descriptors;
import socketserver.fixture.Eventually;
import socketserver.fixture.RequestThreads;
import socketserver.fixture.RunningServer;
import socketserver.fixture.UdpClient;
import socketserver.select.Select;

/**
 * A handler that recurses without end, as a nested document has one do, and uses its connection at
 * each level: the overflow comes at every point of a call. The connection may be lost; no other is,
 * and nothing stays behind.
 */
@Timeout(120)
class StackOverflowTest {
  /** At so many levels from the end of the stack upwards the call is made. */
  private static final int LEVELS = 600;

  private static final int OTHERS = 4;

  /** Where nobody receives: so many datagrams would overflow a client's buffer. */
  private static final InetSocketAddress NOBODY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 9);

  /** Errors where there was stack. */
  private static final AtomicInteger failures = new AtomicInteger();

  private Path path;
  private long before;

  /** A call of a handler. */
  private interface Call<H> {
    void make(H handler) throws IOException;
  }

  /** What a handler may do with its connection. */
  enum StreamUse {
    WRITE(handler -> handler.wfile.write("x")),
    WRITE_MUCH(handler -> handler.wfile.write(new byte[100_000])),
    SEND(handler -> handler.request.send(new byte[1])),
    READLINE(handler -> handler.rfile.readline()),
    READ_AND_WRITE(handler -> handler.wfile.write(handler.rfile.readline())),
    LOOK(handler -> handler.request.recv(1, SocketConstants.MSG_PEEK)),
    AVAILABLE(handler -> handler.rfile.available()),
    SELECT(handler -> Select.select(List.of(handler.request), List.of(), List.of())),
    WAIT_IN_VAIN(handler -> waitInVain(handler)),
    OPTION(
        handler ->
            handler.request.getsockopt(SocketConstants.SOL_SOCKET, SocketConstants.SO_RCVBUF)),
    CONNECT(handler -> connect(handler)),
    SHUTDOWN(handler -> handler.request.shutdown(SocketConstants.SHUT_WR)),
    CLOSE(handler -> handler.request.close());

    private final Call<StreamRequestHandler> call;

    StreamUse(Call<StreamRequestHandler> call) {
      this.call = call;
    }
  }

  private static void waitInVain(StreamRequestHandler handler) throws IOException {
    handler.request.settimeout(Duration.ofNanos(1000));
    try {
      handler.rfile.read();
    } catch (SocketTimeoutException e) {
      // as was to be
    }
  }

  private static void connect(StreamRequestHandler handler) throws IOException {
    try (StreamSocket client = StreamSocket.connect(handler.request.getsockname())) {
      client.send(new byte[1]);
    }
  }

  /** What a handler may do with the server's socket. */
  enum DatagramUse {
    SEND(handler -> handler.socket.sendto("x", NOBODY)),
    SELECT(handler -> Select.select(List.of(), List.of(handler.socket), List.of(), Duration.ZERO)),
    OPTION(
        handler ->
            handler.socket.getsockopt(SocketConstants.SOL_SOCKET, SocketConstants.SO_RCVBUF));

    private final Call<DatagramRequestHandler> call;

    DatagramUse(Call<DatagramRequestHandler> call) {
      this.call = call;
    }
  }

  /** The JDK keeps a socket of its own once there has been one. */
  @BeforeAll
  static void openWhatStaysOpen() throws IOException {
    new DatagramSocket().close();
  }

  @BeforeEach
  void count() throws IOException {
    Descriptors.assumeCountable();
    path = Kind.path();
    before = Descriptors.sockets();
  }

  @AfterEach
  void nothingIsLeft() throws IOException {
    Files.deleteIfExists(path);
    Files.deleteIfExists(path.getParent());
    RequestThreads.awaitNone();
    Eventually.holds(
        () -> Descriptors.sockets() + " sockets are open, before " + before,
        () -> Descriptors.sockets() <= before);
    Remains.awaitNoEngine();
  }

  /** Makes a call at the deepest levels, one after the other: where there is less stack first. */
  private static <H> void descend(H handler, Call<H> call, AtomicInteger levels)
      throws IOException {
    try {
      descend(handler, call, levels);
    } catch (StackOverflowError e) {
      if (levels.decrementAndGet() == 0) {
        return;
      }
      call.make(handler);
      // went well here; so it is to do one level above
      throw e;
    }
  }

  private static <H> void overflow(H handler, Call<H> call) throws IOException {
    try {
      descend(handler, call, new AtomicInteger(LEVELS));
    } catch (StackOverflowError e) {
      // it came up to here
    }
  }

  /** TCP connections, which others have meanwhile, and Unix ones, which are read otherwise. */
  static Stream<Arguments> streams() {
    return Stream.concat(
        Stream.of(Threads.values()).filter(Threads::areMany).flatMap(threads -> of(threads, false)),
        Stream.of(Threads.values())
            .filter(threads -> threads != Threads.POOL)
            .flatMap(threads -> of(threads, true)));
  }

  private static Stream<Arguments> of(Threads threads, boolean unix) {
    return Stream.of(StreamUse.values()).map(use -> Arguments.of(threads, use, unix));
  }

  static Stream<Arguments> datagrams() {
    return Stream.of(Threads.values())
        .flatMap(threads -> Stream.of(DatagramUse.values()).map(use -> Arguments.of(threads, use)));
  }

  /** Answers a line with itself, or overflows if it names a use. */
  private static final class Lines extends StreamRequestHandler {
    @Override
    public void handle() throws IOException {
      for (String line = line(); !line.isEmpty(); line = line()) {
        if (line.startsWith("use ")) {
          overflow(this, StreamUse.valueOf(line.substring(4).strip()).call);
          return;
        }
        if (line.startsWith("make ")) {
          try {
            StreamUse.valueOf(line.substring(5).strip()).call.make(this);
          } catch (Error e) {
            failures.incrementAndGet();
          }
          return;
        }
        wfile.write(line);
      }
    }

    private String line() throws IOException {
      return new String(rfile.readline(), StandardCharsets.UTF_8);
    }
  }

  private static StreamSocket connect(RunningServer<?> running) throws IOException {
    StreamSocket client = StreamSocket.connect(running.server().serverAddress());
    client.settimeout(Bounds.WAIT);
    return client;
  }

  private static void echo(StreamSocket client) throws IOException {
    client.sendall("echo\n");
    byte[] answer = client.recv(100);
    assertEquals("echo\n", new String(answer, StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @MethodSource("streams")
  void costsOneConnectionAtMost(Threads threads, StreamUse use, boolean unix) throws Exception {
    threads.assumeWorksHere();
    TCPServer server = unix ? threads.unix(path, Lines::new) : threads.tcp(Lines::new);
    // a handler connects faster than the server accepts
    server.socket().listen(LEVELS);
    try (var running = RunningServer.start(server)) {
      List<StreamSocket> others = new ArrayList<>();
      for (int i = 0; threads.areMany() && i < OTHERS; i++) {
        others.add(connect(running));
      }
      request(running, "use " + use + "\n" + "y\n".repeat(LEVELS));
      // no class is broken for who has stack enough
      int errors = failures.get();
      request(running, "make " + use + "\ny\n");
      assertEquals(errors, failures.get());
      for (StreamSocket other : others) {
        echo(other);
      }
      try (StreamSocket next = connect(running)) {
        echo(next);
      }
      others.forEach(StreamSocket::close);
    }
  }

  private static void request(RunningServer<?> running, String lines) throws IOException {
    try (StreamSocket client = connect(running)) {
      client.sendall(lines);
      client.shutdown(SocketConstants.SHUT_WR);
      readToEnd(client);
    }
  }

  private static void readToEnd(StreamSocket client) throws IOException {
    try {
      while (client.recv(100_000).length > 0) {}
    } catch (socketserver.ConnectionException e) {
      // an end as well: there was something that the handler did not read
    }
  }

  /** Answers a datagram with itself, or overflows if it names a use. */
  private static final class Datagrams extends DatagramRequestHandler {
    @Override
    public void handle() throws IOException {
      String text = new String(packet, StandardCharsets.UTF_8);
      if (text.startsWith("use ")) {
        overflow(this, DatagramUse.valueOf(text.substring(4)).call);
      }
      wfile.write(packet);
    }
  }

  @ParameterizedTest
  @MethodSource("datagrams")
  void costsOneDatagramAtMost(Threads threads, DatagramUse use) throws Exception {
    threads.assumeWorksHere();
    try (var running = RunningServer.start(threads.udp(Datagrams::new))) {
      try (UdpClient client = UdpClient.to(running)) {
        String request = "use " + use;
        client.send(request);
        assertEquals(request, client.text());
      }
      try (UdpClient next = UdpClient.to(running)) {
        next.send("echo");
        assertEquals("echo", next.text());
      }
    }
  }
}
