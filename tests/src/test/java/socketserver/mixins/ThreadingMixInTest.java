package socketserver.mixins;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.SocketAddress;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import socketserver.BaseRequestHandler;
import socketserver.DatagramRequest;
import socketserver.HandlerFactory;
import socketserver.StreamSocket;
import socketserver.TCPServer;
import socketserver.ThreadingMixIn;
import socketserver.UDPServer;
import socketserver.fixture.Background;
import socketserver.fixture.Calls;
import socketserver.fixture.RunningServer;
import socketserver.fixture.TcpClient;
import socketserver.fixture.UdpClient;

/** A mix-in is one word, and a server that overrides a hook beside it keeps what it does. */
@Timeout(60)
class ThreadingMixInTest {
  private final CompletableFuture<Thread> handledBy = new CompletableFuture<>();
  private final Calls calls = new Calls();

  private final class Handler extends BaseRequestHandler<Object> {
    @Override
    public void handle() {
      handledBy.complete(Thread.currentThread());
    }
  }

  private HandlerFactory<StreamSocket> streams() {
    return Handler::new;
  }

  private HandlerFactory<DatagramRequest> datagrams() {
    return Handler::new;
  }

  private static final class Server extends TCPServer implements ThreadingMixIn {
    Server(HandlerFactory<StreamSocket> handler) throws IOException {
      super(RunningServer.anyPort(), handler);
    }
  }

  private static final class DatagramServer extends UDPServer implements ThreadingMixIn {
    DatagramServer(HandlerFactory<DatagramRequest> handler) throws IOException {
      super(RunningServer.anyPort(), handler);
    }
  }

  @Test
  void oneWordMakesAStreamServerThreading() throws IOException {
    assertStartsAThread(new Server(streams()));
  }

  @Test
  void oneWordMakesADatagramServerThreading() throws IOException {
    try (var running = RunningServer.start(new DatagramServer(datagrams()));
        var client = UdpClient.to(running)) {
      client.send("x");
      assertIsARequestThread(running, Background.result(handledBy));
    }
  }

  @Test
  void withoutTheMixInTheServingThreadHandles() throws IOException {
    try (var running = RunningServer.start(new TCPServer(RunningServer.anyPort(), streams()));
        var client = TcpClient.to(running)) {
      assertSame(running.thread(), Background.result(handledBy));
      assertEquals("", client.rest());
    }
  }

  @Test
  void superProcessRequestStillStartsTheThread() throws IOException {
    class Logging extends TCPServer implements ThreadingMixIn {
      Logging() throws IOException {
        super(RunningServer.anyPort(), streams());
      }

      @Override
      public void processRequest(StreamSocket request, SocketAddress client) throws Exception {
        calls.add("before");
        super.processRequest(request, client);
      }
    }

    assertStartsAThread(new Logging());
    assertEquals(1, calls.count("before"));
  }

  @Test
  void superProcessRequestOfASubclassOfAThreadingServerStillStartsTheThread() throws IOException {
    class Logging extends socketserver.ThreadingTCPServer {
      Logging() throws IOException {
        super(RunningServer.anyPort(), streams());
      }

      @Override
      public void processRequest(StreamSocket request, SocketAddress client) throws Exception {
        calls.add("before");
        super.processRequest(request, client);
      }
    }

    assertStartsAThread(new Logging());
    assertEquals(1, calls.count("before"));
  }

  @Test
  void superFinishRequestAndProcessRequestThreadAreThere() throws IOException {
    class Logging extends TCPServer implements ThreadingMixIn {
      Logging() throws IOException {
        super(RunningServer.anyPort(), streams());
      }

      @Override
      public void processRequestThread(StreamSocket request, SocketAddress client) {
        calls.add("thread begins");
        super.processRequestThread(request, client);
        calls.add("thread ends");
      }

      @Override
      public void finishRequest(StreamSocket request, SocketAddress client) throws Exception {
        calls.add("handler begins");
        super.finishRequest(request, client);
        calls.add("handler ends");
      }
    }

    try (var running = RunningServer.start(new Logging());
        var client = TcpClient.to(running)) {
      assertEquals("", client.rest());
      calls.await("thread ends", 1);
    }
    assertEquals(
        java.util.List.of("thread begins", "handler begins", "handler ends", "thread ends"),
        calls.all());
  }

  @Test
  void mixInOfASuperclassCounts() throws IOException {
    class Base extends TCPServer implements ThreadingMixIn {
      Base() throws IOException {
        super(RunningServer.anyPort(), streams());
      }
    }
    class Derived extends Base {
      Derived() throws IOException {}
    }

    assertStartsAThread(new Derived());
  }

  @Test
  void mixInOnSomethingThatIsNoServerSaysSo() {
    class Nothing implements ThreadingMixIn {}

    IllegalStateException error =
        org.junit.jupiter.api.Assertions.assertThrows(
            IllegalStateException.class, () -> new Nothing().daemonThreads());
    assertTrue(error.getMessage().contains("Nothing"), error.getMessage());
    assertTrue(error.getMessage().contains("BaseServer"), error.getMessage());
  }

  private void assertStartsAThread(TCPServer server) throws IOException {
    try (var running = RunningServer.start(server);
        var client = TcpClient.to(running)) {
      assertIsARequestThread(running, Background.result(handledBy));
      assertEquals("", client.rest());
    }
  }

  private static void assertIsARequestThread(RunningServer<?> running, Thread thread) {
    assertNotEquals(running.thread(), thread);
    assertTrue(thread.getName().endsWith("(process_request_thread)"), thread.getName());
  }
}
