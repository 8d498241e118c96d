package socketserver.hooks;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import socketserver.BaseRequestHandler;
import socketserver.DatagramRequest;
import socketserver.DatagramRequestHandler;
import socketserver.HandlerFactory;
import socketserver.ThreadingUDPServer;
import socketserver.UDPServer;
import socketserver.fixture.Bounds;
import socketserver.fixture.LogCapture;
import socketserver.fixture.RunningServer;
import socketserver.fixture.UdpClient;

/** Datagrams: cut ones, empty ones, answers and no answers. */
@Timeout(60)
class DatagramServerTest {
  private final BlockingQueue<byte[]> seen = new LinkedBlockingQueue<>();
  private final BlockingQueue<Throwable> errors = new LinkedBlockingQueue<>();

  private final class Server extends UDPServer {
    Server(HandlerFactory<DatagramRequest> handler) throws IOException {
      super(RunningServer.anyPort(), handler);
    }

    @Override
    public void handleError(DatagramRequest request, SocketAddress client, Throwable error) {
      errors.add(error);
    }
  }

  /** Takes datagrams and answers nothing: the one-way form. */
  private final class Listening extends BaseRequestHandler<DatagramRequest> {
    @Override
    public void handle() {
      seen.add(request.data());
    }
  }

  private static final class Upper extends DatagramRequestHandler {
    @Override
    public void handle() throws IOException {
      wfile.write(new String(rfile.readAllBytes()).toUpperCase(java.util.Locale.ROOT));
    }
  }

  private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
    T taken = queue.poll(Bounds.WAIT.toMillis(), TimeUnit.MILLISECONDS);
    if (taken == null) {
      throw new AssertionError("nothing came within " + Bounds.WAIT);
    }
    return taken;
  }

  @Test
  void requestIsTheDataAndTheServersSocket() throws Exception {
    try (var running = RunningServer.start(new Server(Upper::new));
        var client = UdpClient.to(running)) {
      client.send("hello");
      assertEquals("HELLO", client.text());
      client.send("again");
      assertEquals(running.address(), client.sender());
    }
  }

  @Test
  void handlerAnswersByTheSocketOfItsRequest() throws Exception {
    class Handler extends BaseRequestHandler<DatagramRequest> {
      @Override
      public void handle() throws IOException {
        assertSame(((UDPServer) server).socket(), request.socket());
        request.socket().sendto(request.data(), clientAddress);
        request.socket().sendto("second", clientAddress);
      }
    }

    try (var running = RunningServer.start(new Server(Handler::new));
        var client = UdpClient.to(running)) {
      client.send("first");
      assertEquals(Set.of("first", "second"), Set.of(client.text(), client.text()));
    }
  }

  @Test
  void longerDatagramIsCutWithOneWarning() throws Exception {
    try (var log = new LogCapture();
        var running = RunningServer.start(new Server(() -> new Listening()));
        var client = UdpClient.to(running)) {
      for (int i = 0; i < 3; i++) {
        client.send(new byte[9000]);
        assertEquals(8192, next(seen).length);
      }
      assertEquals(1, log.at(Level.WARN).size(), () -> log.events().toString());
      assertTrue(log.at(Level.WARN).get(0).contains("8192"), () -> log.events().toString());
    }
  }

  @Test
  void datagramThatJustFitsIsNotCut() throws Exception {
    try (var log = new LogCapture();
        var running = RunningServer.start(new Server(() -> new Listening()));
        var client = UdpClient.to(running)) {
      client.send(new byte[8192]);
      assertEquals(8192, next(seen).length);
      client.send(new byte[8191]);
      assertEquals(8191, next(seen).length);
      assertEquals(0, log.at(Level.WARN).size(), () -> log.events().toString());
    }
  }

  @Test
  void maxPacketSizeIsReadForEachDatagram() throws Exception {
    try (var running = RunningServer.start(new Server(() -> new Listening()));
        var client = UdpClient.to(running)) {
      running.server().maxPacketSize(4);
      client.send("12345678");
      assertArrayEquals("1234".getBytes(), next(seen));
      running.server().maxPacketSize(65507);
      client.send("12345678");
      assertArrayEquals("12345678".getBytes(), next(seen));
      client.send(new byte[65507]);
      assertEquals(65507, next(seen).length);
    }
  }

  @Test
  void emptyDatagramIsARequest() throws Exception {
    try (var running = RunningServer.start(new Server(() -> new Listening()));
        var client = UdpClient.to(running)) {
      client.send(new byte[0]);
      assertEquals(0, next(seen).length);
    }
  }

  @Test
  void handlerThatWritesNothingAnswersWithAnEmptyDatagram() throws Exception {
    class Handler extends DatagramRequestHandler {}

    try (var running = RunningServer.start(new Server(Handler::new));
        var client = UdpClient.to(running)) {
      client.send("x");
      assertEquals(0, client.receive().length);
    }
  }

  @Test
  void whatAHandlerWroteBeforeItFailedIsSent() throws Exception {
    class Handler extends DatagramRequestHandler {
      @Override
      public void handle() throws IOException {
        wfile.write("as far as it got");
        throw new IOException("test");
      }
    }

    try (var running = RunningServer.start(new Server(Handler::new));
        var client = UdpClient.to(running)) {
      client.send("x");
      assertEquals("as far as it got", client.text());
      assertEquals("test", next(errors).getMessage());
    }
  }

  @Test
  void writesAreOneDatagram() throws Exception {
    class Handler extends DatagramRequestHandler {
      @Override
      public void handle() throws IOException {
        assertArrayEquals("x\ny".getBytes(), packet);
        wfile.write(rfile.readline());
        wfile.writelines("1", "2");
        wfile.flush();
        assertEquals(4, wfile.size());
      }
    }

    try (var running = RunningServer.start(new Server(Handler::new));
        var client = UdpClient.to(running)) {
      client.send("x\ny");
      assertEquals("x\n12", client.text());
    }
  }

  @Test
  void answerThatIsTooLongIsAnErrorAndTheServerGoesOn() throws Exception {
    class Handler extends DatagramRequestHandler {
      @Override
      public void handle() throws IOException {
        wfile.write(packet.length == 1 ? new byte[65508] : packet);
      }
    }

    try (var running = RunningServer.start(new Server(Handler::new));
        var client = UdpClient.to(running)) {
      client.send("x");
      assertInstanceOf(IOException.class, next(errors));
      client.send("fits");
      assertEquals("fits", client.text());
    }
  }

  @Test
  void handlerThatOverridesFinishNeedNotAnswer() throws Exception {
    class Handler extends DatagramRequestHandler {
      @Override
      public void finish() throws Exception {
        if (wfile.size() > 0) {
          super.finish();
        }
      }

      @Override
      public void handle() throws IOException {
        if (packet.length > 1) {
          wfile.write(packet);
        }
      }
    }

    try (var running = RunningServer.start(new Server(Handler::new));
        var client = UdpClient.to(running)) {
      client.send("x");
      client.send("yes");
      assertEquals("yes", client.text(), "nothing came for the first");
    }
  }

  @Test
  void threadsAnswerFromTheServersOwnSocket() throws Exception {
    int count = 20;
    try (var running =
            RunningServer.start(new ThreadingUDPServer(RunningServer.anyPort(), Upper::new));
        var client = UdpClient.to(running)) {
      Set<String> expected = new HashSet<>();
      Set<String> answers = new HashSet<>();
      for (int i = 0; i < count; i++) {
        client.send("n" + i);
        expected.add("N" + i);
        answers.add(client.text());
      }
      assertEquals(
          expected.stream().sorted().collect(Collectors.toList()),
          answers.stream().sorted().collect(Collectors.toList()));
    }
  }

  @Test
  void forgottenSuperSetupIsSaid() throws Exception {
    class Handler extends DatagramRequestHandler {
      @Override
      public void setup() {}
    }

    try (var server = new Server(Handler::new);
        var client = UdpClient.to(server)) {
      client.send("x");
      server.handleRequest();
      String message = next(errors).getMessage();
      assertTrue(message.contains("call super.setup()"), message);
    }
  }

  @Test
  void closingARequestDoesNotCloseTheServersSocket() throws Exception {
    try (var server = new Server(() -> new Listening());
        var client = UdpClient.to(server)) {
      for (int i = 0; i < 2; i++) {
        client.send("x");
        server.handleRequest();
        assertEquals(1, next(seen).length);
        assertTrue(server.fileno() >= 0);
      }
    }
  }
}
