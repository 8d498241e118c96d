package socketserver.stress;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import socketserver.StreamRequestHandler;
import socketserver.TCPServer;
import socketserver.ThreadingMixIn;
import socketserver.diesel.Diesel;
import socketserver.diesel.Service;
import socketserver.fixture.Background;
import socketserver.fixture.Child;
import socketserver.fixture.RunningServer;
import socketserver.fixture.TcpClient;

/** Many clients that take nothing, or send what nobody reads, cost the others nothing. */
@Timeout(180)
class SmallMemoryTest {
  private static final List<String> OPTIONS = List.of("-Xmx32m", "-XX:+UseSerialGC");
  private static final int PIECE = 60_000;
  private static final int PIECES = 20;
  private static final int SMALL_BUFFER = 4096;

  /** One for all: what handlers hold themselves is not what is tested. */
  private static final byte[] NOISE = new byte[PIECE];

  private final List<TcpClient> clients = new ArrayList<>();

  /** A server that does what a client's line asks for. */
  static final class Server {
    private Server() {}

    private static final class Handler extends StreamRequestHandler {
      @Override
      public void handle() throws IOException {
        wfile.write("ready\n");
        switch (rfile.readline()[0]) {
          case 'f' -> {
            while (true) {
              wfile.write(NOISE);
            }
          }
          case 'i' -> sleep();
          default -> {
            for (int i = 0; i < PIECES; i++) {
              wfile.write(piece(i));
            }
          }
        }
      }

      private static void sleep() {
        try {
          Thread.currentThread().join();
        } catch (InterruptedException e) {
          // the server has closed
        }
      }
    }

    public static void main(String[] arguments) throws IOException {
      class ThreadingServer extends TCPServer implements ThreadingMixIn {
        ThreadingServer() throws IOException {
          super(RunningServer.anyPort(), Handler::new);
        }

        @Override
        public int requestQueueSize() {
          return 500;
        }
      }

      ThreadingServer server = new ThreadingServer();
      Child.tell(server.serverPort());
      server.serveForever();
    }
  }

  /** The same with Diesel. */
  static final class DieselServer {
    private DieselServer() {}

    public static void main(String[] arguments) {
      Service service = new Service(DieselServer::handle, 0, "127.0.0.1");
      Diesel.quickstart(service, (socketserver.diesel.LoopBody) () -> Child.tell(service.port()));
    }

    private static void handle(InetSocketAddress addr) throws IOException {
      Diesel.send("ready\n");
      if (Diesel.until("\n").charAt(0) == 'f') {
        while (true) {
          Diesel.send(NOISE);
        }
      }
      for (int i = 0; i < PIECES; i++) {
        Diesel.send(piece(i));
      }
    }
  }

  private static byte[] piece(int number) {
    byte[] bytes = new byte[PIECE];
    Arrays.fill(bytes, (byte) number);
    return bytes;
  }

  private TcpClient connect(int port) throws IOException {
    TcpClient client = TcpClient.to(new InetSocketAddress("127.0.0.1", port), SMALL_BUFFER);
    clients.add(client);
    assertEquals("ready\n", client.line());
    return client;
  }

  @AfterEach
  void closeClients() throws IOException {
    for (TcpClient client : clients) {
      client.close();
    }
  }

  /** Healthy clients ask while the others are there, and get every byte. */
  private void assertOthersAreServed(int port) throws Exception {
    List<CompletableFuture<Object>> answers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      TcpClient client = connect(port);
      answers.add(
          Background.ask(
              "a client that reads",
              () -> {
                client.send("get\n");
                for (int number = 0; number < PIECES; number++) {
                  assertArrayEquals(piece(number), client.read(PIECE));
                }
                assertEquals("", client.rest());
                return null;
              }));
    }
    answers.forEach(Background::result);
  }

  /**
   * Nothing failed.
   *
   * @param reports how often the log has said that connections have to wait for memory
   */
  private static void assertCalm(Child server, int reports) {
    String log = server.output();
    assertFalse(log.contains("OutOfMemoryError"), log);
    assertFalse(log.contains("Exception"), log);
    assertEquals(reports, log.lines().filter(line -> line.contains("maxBuffered")).count(), log);
  }

  @Test
  void clientsThatReadNothingHarmNoOthers() throws Exception {
    try (Child server = Child.start(Server.class, OPTIONS)) {
      int port = Integer.parseInt(server.hear());
      for (int i = 0; i < 400; i++) {
        connect(port).send("flood\n");
      }
      assertOthersAreServed(port);
      // what the system does not take waits in the handlers
      assertCalm(server, 0);
    }
  }

  @Test
  void clientsWhoseInputNobodyReadsHarmNoOthers() throws Exception {
    try (Child server = Child.start(Server.class, OPTIONS)) {
      int port = Integer.parseInt(server.hear());
      for (int i = 0; i < 400; i++) {
        // as much as the system takes, if nobody reads, without a wait
        connect(port).send("idle\n").send(new byte[40_000]).end();
      }
      assertOthersAreServed(port);
      // what nobody has asked for stays with the system
      assertCalm(server, 0);
    }
  }

  @Test
  void clientsOfDieselThatReadNothingHarmNoOthers() throws Exception {
    try (Child server = Child.start(DieselServer.class, OPTIONS)) {
      int port = Integer.parseInt(server.hear());
      for (int i = 0; i < 40; i++) {
        connect(port).send("flood\n");
      }
      assertOthersAreServed(port);
      assertCalm(server, 1);
    }
  }
}
