package socketserver.badinput;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.SocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import socketserver.BaseRequestHandler;
import socketserver.BaseServer;
import socketserver.DatagramRequest;
import socketserver.SocketConstants;
import socketserver.StreamRequestHandler;
import socketserver.TCPServer;
import socketserver.UDPServer;
import socketserver.fixture.Background;
import socketserver.fixture.Eventually;
import socketserver.fixture.QueueServer;
import socketserver.fixture.RunningServer;
import socketserver.fixture.TcpClient;
import socketserver.fixture.UdpClient;

/** Calls at the wrong time or on the wrong thread. */
@Timeout(60)
class LifecycleTest {
  private static final class Silent extends BaseRequestHandler<Object> {}

  private static void closed(Executable call) {
    IllegalStateException error = assertThrows(IllegalStateException.class, call);
    assertTrue(error.getMessage().contains("closed"), error.getMessage());
  }

  @Test
  void closedServerDoesNotServe() throws IOException {
    var streams = new TCPServer(RunningServer.anyPort(), Silent::new);
    var datagrams = new UDPServer(RunningServer.anyPort(), Silent::new);
    var queue = new QueueServer(Silent::new);
    for (BaseServer<?> server : new BaseServer<?>[] {streams, datagrams, queue}) {
      server.serverClose();
      closed(server::serveForever);
      closed(server::handleRequest);
    }
  }

  @Test
  void closedServerCanBeShutDown() throws IOException {
    var server = new TCPServer(RunningServer.anyPort(), Silent::new);
    server.serverClose();
    Eventually.ends(Background.start("shuts down", server::shutdown));
  }

  @Test
  void closedServerCannotBeBoundOrActivated() throws IOException {
    var server = new TCPServer(RunningServer.anyPort(), Silent::new, false);
    server.serverClose();
    assertThrows(IllegalStateException.class, server::serverBind);
    assertThrows(IllegalStateException.class, server::serverActivate);
    assertEquals(-1, server.fileno());

    var bound = new TCPServer(RunningServer.anyPort(), Silent::new, false);
    bound.serverBind();
    bound.serverClose();
    assertThrows(IOException.class, bound::serverActivate);
    assertThrows(IOException.class, bound::serverBind);
  }

  @Test
  void closedServerStillKnowsItsAddress() throws IOException {
    var server = new TCPServer(RunningServer.anyPort(), Silent::new);
    SocketAddress address = server.serverAddress();
    server.serverClose();
    assertEquals(address, server.serverAddress());
    assertTrue(server.serverPort() > 0);
    assertTrue(server.toString().length() > 0);
    assertTrue(server.socket().toString().contains("closed"), server.socket().toString());
  }

  @Test
  void requestIsClosedOnceItsHandlerIsDone() throws IOException {
    AtomicReference<StreamRequestHandler> kept = new AtomicReference<>();
    class Handler extends StreamRequestHandler {
      @Override
      public void handle() throws IOException {
        wfile.write("done\n");
        kept.set(this);
      }
    }

    try (var server = new TCPServer(RunningServer.anyPort(), Handler::new);
        var client = TcpClient.to(server)) {
      server.handleRequest();
      assertEquals("done\n", client.rest());
      StreamRequestHandler handler = kept.get();
      assertEquals(-1, handler.request.fileno());
      assertThrows(IOException.class, () -> handler.request.recv(1));
      assertThrows(IOException.class, () -> handler.request.sendall("x"));
      assertThrows(IOException.class, () -> handler.request.shutdown(SocketConstants.SHUT_RDWR));
      assertThrows(IOException.class, handler.request::getpeername);
      assertThrows(IOException.class, handler.rfile::readline);
      assertThrows(IOException.class, () -> handler.wfile.write("x"));
      assertNull(handler.request.gettimeout());
    }
  }

  @Test
  void datagramCanBeReadAfterTheServerIsClosed() throws IOException {
    AtomicReference<DatagramRequest> kept = new AtomicReference<>();
    class Handler extends BaseRequestHandler<DatagramRequest> {
      @Override
      public void handle() {
        kept.set(request);
      }
    }

    try (var server = new UDPServer(RunningServer.anyPort(), Handler::new);
        var client = UdpClient.to(server)) {
      client.send("kept");
      server.handleRequest();
    }
    assertArrayEquals("kept".getBytes(), kept.get().data());
    assertThrows(IOException.class, () -> kept.get().socket().sendto("x", RunningServer.anyPort()));
  }

  @Test
  void secondLoopIsRefusedOnEveryKindOfServer() throws IOException {
    refusesASecondLoop(new TCPServer(RunningServer.anyPort(), Silent::new));
    refusesASecondLoop(new UDPServer(RunningServer.anyPort(), Silent::new));
    refusesASecondLoop(new QueueServer(Silent::new));
  }

  private static void refusesASecondLoop(BaseServer<?> server) {
    try (var running = RunningServer.start(server)) {
      Eventually.waits(running.thread());
      IllegalStateException error = assertThrows(IllegalStateException.class, server::serveForever);
      assertTrue(error.getMessage().contains("running already"), error.getMessage());
      assertTrue(error.getMessage().contains("serveForever"), error.getMessage());
      assertTrue(error.getMessage().contains(running.thread().getName()), error.getMessage());
      assertTrue(running.thread().isAlive());
    }
  }

  @Test
  void loopInAHandlerOfTheLoopIsRefused() throws IOException {
    CompletableFuture<Throwable> thrown = new CompletableFuture<>();
    class Serving extends StreamRequestHandler {
      @Override
      public void handle() {
        try {
          server.serveForever();
        } catch (IllegalStateException e) {
          thrown.complete(e);
        }
      }
    }

    try (var running = RunningServer.start(new TCPServer(RunningServer.anyPort(), Serving::new));
        var client = TcpClient.to(running)) {
      assertEquals("", client.rest());
      assertInstanceOf(IllegalStateException.class, Background.result(thrown));
    }
  }

  @Test
  void serverThatIsNotActivatedDoesNotAccept() throws IOException {
    assumeListeningIsAStepOfItsOwn();
    try (var server = new TCPServer(RunningServer.anyPort(), Silent::new, false)) {
      server.serverBind();
      assertThrows(IOException.class, () -> TcpClient.to(server).close());
    }
  }

  /** NIO, which serves where there is neither epoll nor kqueue, listens as it binds. */
  private static void assumeListeningIsAStepOfItsOwn() {
    String os = System.getProperty("os.name");
    boolean own = os.startsWith("Linux") || os.startsWith("Mac");
    if (!own || "nio".equals(System.getProperty("socketserver.transport"))) {
      String reason = "SKIPPED: NIO binds and listens in one step";
      System.err.println(reason);
      Assumptions.abort(reason);
    }
  }

  @Test
  void bindingTwiceIsRefused() throws IOException {
    try (var server = new TCPServer(RunningServer.anyPort(), Silent::new)) {
      assertThrows(IOException.class, server::serverBind);
      try (var client = TcpClient.to(server)) {
        server.handleRequest();
        assertEquals("", client.rest(), "it still serves");
      }
    }
  }
}
