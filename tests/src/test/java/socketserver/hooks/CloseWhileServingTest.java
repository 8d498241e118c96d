package socketserver.hooks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import socketserver.BaseRequestHandler;
import socketserver.StreamRequestHandler;
import socketserver.TCPServer;
import socketserver.UDPServer;
import socketserver.fixture.Background;
import socketserver.fixture.Eventually;
import socketserver.fixture.RunningServer;
import socketserver.fixture.TcpClient;

/** Closing a server that serves ends its loop (Python's spins until it is shut down). */
@Timeout(60)
class CloseWhileServingTest {
  private static final class Silent extends BaseRequestHandler<Object> {}

  @Test
  void closingAStreamServerEndsItsLoop() throws IOException {
    try (var running = RunningServer.start(new TCPServer(RunningServer.anyPort(), Silent::new))) {
      Eventually.waits(running.thread());
      running.server().serverClose();
      assertNull(running.failure());
    }
  }

  @Test
  void closingADatagramServerEndsItsLoop() throws IOException {
    try (var running = RunningServer.start(new UDPServer(RunningServer.anyPort(), Silent::new))) {
      Eventually.waits(running.thread());
      running.server().serverClose();
      assertNull(running.failure());
    }
  }

  @Test
  void closingTheSocketItselfEndsTheLoop() throws IOException {
    try (var running = RunningServer.start(new TCPServer(RunningServer.anyPort(), Silent::new))) {
      Eventually.waits(running.thread());
      running.server().socket().close();
      assertNull(running.failure());
    }
  }

  @Test
  void closingTheDatagramSocketItselfEndsTheLoop() throws IOException {
    try (var running = RunningServer.start(new UDPServer(RunningServer.anyPort(), Silent::new))) {
      Eventually.waits(running.thread());
      running.server().socket().close();
      assertNull(running.failure());
    }
  }

  @Test
  void shutdownAfterClosingReturns() throws IOException {
    try (var running = RunningServer.start(new TCPServer(RunningServer.anyPort(), Silent::new))) {
      Eventually.waits(running.thread());
      running.server().serverClose();
      running.shutdown();
      assertNull(running.failure());
    }
  }

  @Test
  void handlerMayCloseTheServerThatRunsIt() throws IOException {
    class Closing extends StreamRequestHandler {
      @Override
      public void handle() throws IOException {
        server.serverClose();
        wfile.write("closed\n");
      }
    }

    try (var running = RunningServer.start(new TCPServer(RunningServer.anyPort(), Closing::new));
        var client = TcpClient.to(running)) {
      assertEquals("closed\n", client.rest());
      assertNull(running.failure());
    }
  }

  @Test
  void requestThatRunsIsNotCutOff() throws IOException {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    class Slow extends StreamRequestHandler {
      @Override
      public void handle() throws IOException {
        begun.countDown();
        Eventually.opens("the test releases the handler", release);
        wfile.write("to the end\n");
      }
    }

    try (var running = RunningServer.start(new TCPServer(RunningServer.anyPort(), Slow::new));
        var client = TcpClient.to(running)) {
      Eventually.opens("the request begins", begun);
      Eventually.ends(Background.start("closes", running.server()::serverClose));
      release.countDown();
      assertEquals("to the end\n", client.rest());
      assertNull(running.failure());
    }
  }

  @Test
  void closedServerTakesNoMoreConnections() throws IOException {
    var server = new TCPServer(RunningServer.anyPort(), Silent::new);
    server.serverClose();
    assertThrows(IOException.class, () -> TcpClient.to(server).close());
  }

  @Test
  void closingTwiceIsNoError() throws IOException {
    var server = new TCPServer(RunningServer.anyPort(), Silent::new);
    server.serverClose();
    server.serverClose();
    server.close();
    assertEquals(-1, server.fileno());
    var datagrams = new UDPServer(RunningServer.anyPort(), Silent::new);
    datagrams.serverClose();
    datagrams.close();
    assertTrue(datagrams.fileno() < 0);
  }
}
