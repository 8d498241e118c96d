package socketserver.strategies;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import socketserver.SocketConstants;
import socketserver.SocketReader;
import socketserver.SocketWriter;
import socketserver.StreamRequestHandler;
import socketserver.StreamSocket;
import socketserver.TCPServer;
import socketserver.ThreadPoolMixIn;
import socketserver.fixture.Descriptors;
import socketserver.fixture.Eventually;
import socketserver.fixture.RequestThreads;
import socketserver.fixture.RunningServer;
import socketserver.fixture.Strategy;
import socketserver.fixture.TcpClient;
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

  /** Errors where there was stack. */
  private static final AtomicInteger failures = new AtomicInteger();

  /** A call of a handler. */
  private interface Call {
    void make(Overflowing handler) throws IOException;
  }

  /** What a handler may do with its connection. */
  enum Use {
    WRITE(handler -> handler.wfile().write("x")),
    WRITE_MUCH(handler -> handler.wfile().write(new byte[100_000])),
    SEND(handler -> handler.connection().send(new byte[1])),
    READLINE(handler -> handler.rfile().readline()),
    READ_AND_WRITE(handler -> handler.wfile().write(handler.rfile().readline())),
    LOOK(handler -> handler.connection().recv(1, SocketConstants.MSG_PEEK)),
    AVAILABLE(handler -> handler.rfile().available()),
    SELECT(handler -> Select.select(List.of(handler.connection()), List.of(), List.of())),
    WAIT_IN_VAIN(Overflowing::waitInVain),
    OPTION(
        handler ->
            handler.connection().getsockopt(SocketConstants.SOL_SOCKET, SocketConstants.SO_RCVBUF)),
    CONNECT(Overflowing::connect),
    SHUTDOWN(handler -> handler.connection().shutdown(SocketConstants.SHUT_WR)),
    CLOSE(handler -> handler.connection().close());

    private final Call call;

    Use(Call call) {
      this.call = call;
    }
  }

  /** What gives requests their threads. */
  enum Threads {
    PLATFORM(Strategy.PLATFORM),
    POOL(null),
    VIRTUAL(Strategy.VIRTUAL),
    EVENTLOOP(Strategy.EVENTLOOP);

    private final Strategy strategy;

    Threads(Strategy strategy) {
      this.strategy = strategy;
    }

    TCPServer server() throws IOException {
      if (strategy != null) {
        strategy.assumeWorksHere();
      }
      TCPServer server = strategy == null ? new Pooled() : strategy.server(Overflowing::new);
      // a handler connects faster than the server accepts
      server.socket().listen(LEVELS);
      return server;
    }
  }

  private static final class Pooled extends TCPServer implements ThreadPoolMixIn {
    Pooled() throws IOException {
      super(RunningServer.anyPort(), Overflowing::new);
    }

    @Override
    public int maxWorkers() {
      return 2 * OTHERS;
    }
  }

  static Stream<Arguments> uses() {
    return Stream.of(Threads.values())
        .flatMap(threads -> Stream.of(Use.values()).map(use -> Arguments.of(threads, use)));
  }

  /** The JDK keeps a socket of its own once there has been one. */
  @BeforeAll
  static void openWhatStaysOpen() throws IOException {
    try (var running = RunningServer.start(Threads.PLATFORM.server());
        TcpClient client = TcpClient.to(running)) {
      assertEquals("first\n", client.send("first\n").line());
    }
  }

  @ParameterizedTest
  @MethodSource("uses")
  void costsOneConnectionAtMost(Threads threads, Use use) throws Exception {
    Descriptors.assumeCountable();
    long before = Descriptors.sockets();
    try (var running = RunningServer.start(threads.server())) {
      List<TcpClient> others = new ArrayList<>();
      for (int i = 0; i < OTHERS; i++) {
        others.add(TcpClient.to(running));
      }
      try (TcpClient client = TcpClient.to(running)) {
        client.send("use " + use + "\n" + "y\n".repeat(LEVELS)).end();
        assertEnds(client);
      }
      makeWithStack(running, use);
      for (TcpClient other : others) {
        assertEquals("echo\n", other.send("echo\n").line());
      }
      for (TcpClient other : others) {
        other.close();
      }
    }
    RequestThreads.awaitNone();
    Eventually.holds(
        () -> Descriptors.sockets() + " sockets are open, before " + before,
        () -> Descriptors.sockets() <= before);
    Eventually.holds("no event loop is left", () -> loops() == 0);
  }

  /** No class is broken for who has stack enough. */
  private static void makeWithStack(RunningServer<?> running, Use use) throws IOException {
    int errors = failures.get();
    try (TcpClient client = TcpClient.to(running)) {
      client.send("make " + use + "\ny\n").end();
      assertEnds(client);
    }
    assertEquals(errors, failures.get());
  }

  private static long loops() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("socketserver-loop"))
        .count();
  }

  private static void assertEnds(TcpClient client) throws IOException {
    try {
      client.all();
    } catch (SocketException e) {
      // an end as well: there was something that the handler did not read
    }
  }

  /** Answers a line with itself, or overflows if it names a use. */
  private static final class Overflowing extends StreamRequestHandler {
    @Override
    public void handle() throws IOException {
      for (String line = line(); !line.isEmpty(); line = line()) {
        if (line.startsWith("make ")) {
          try {
            Use.valueOf(line.substring(5).strip()).call.make(this);
          } catch (Error e) {
            failures.incrementAndGet();
          }
          return;
        }
        if (line.startsWith("use ")) {
          Use use = Use.valueOf(line.substring(4).strip());
          try {
            descend(use, new AtomicInteger(LEVELS));
          } catch (StackOverflowError e) {
            // it came up to here
          }
          return;
        }
        wfile.write(line);
      }
    }

    private String line() throws IOException {
      return new String(rfile.readline(), US_ASCII);
    }

    /**
     * Makes the call at the deepest levels, one after the other: where there is less stack first.
     */
    private void descend(Use use, AtomicInteger levels) throws IOException {
      try {
        descend(use, levels);
      } catch (StackOverflowError e) {
        if (levels.decrementAndGet() == 0) {
          return;
        }
        use.call.make(this);
        // went well here; so it is to do one level above
        throw e;
      }
    }

    void waitInVain() throws IOException {
      request.settimeout(Duration.ofNanos(1000));
      try {
        rfile.read();
      } catch (SocketTimeoutException e) {
        // as was to be
      }
    }

    void connect() throws IOException {
      try (StreamSocket client = StreamSocket.connect(request.getsockname())) {
        client.send(new byte[1]);
      }
    }

    SocketReader rfile() {
      return rfile;
    }

    SocketWriter wfile() {
      return wfile;
    }

    StreamSocket connection() {
      return request;
    }
  }
}
