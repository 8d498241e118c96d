package socketserver.hooks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import socketserver.Accepted;
import socketserver.BaseRequestHandler;
import socketserver.BaseServer;
import socketserver.DatagramRequest;
import socketserver.StreamRequestHandler;
import socketserver.StreamSocket;
import socketserver.TCPServer;
import socketserver.ThreadPoolMixIn;
import socketserver.ThreadingTCPServer;
import socketserver.UDPServer;
import socketserver.fixture.Background;
import socketserver.fixture.Calls;
import socketserver.fixture.Eventually;
import socketserver.fixture.LogCapture;
import socketserver.fixture.QueueServer;
import socketserver.fixture.RunningServer;
import socketserver.fixture.TcpClient;
import socketserver.fixture.UdpClient;

/** An interrupt ends what a thread waits for, and leaves its flag set. */
@Timeout(60)
class InterruptTest {
  private static final class Silent extends BaseRequestHandler<Object> {}

  private static final class Echo extends StreamRequestHandler {
    @Override
    public void handle() throws IOException {
      wfile.write(rfile.readline());
    }
  }

  private static void interruptEndsTheLoopOf(BaseServer<?> server) {
    CompletableFuture<Boolean> flag = new CompletableFuture<>();
    Thread loop =
        Background.start(
            "serves",
            () -> {
              server.serveForever();
              flag.complete(Thread.currentThread().isInterrupted());
            });
    Eventually.waits(loop);
    loop.interrupt();
    assertTrue(Background.result(flag));
  }

  @Test
  void interruptEndsTheLoopOfAStreamServerWhichCanServeAgain() throws IOException {
    try (var server = new TCPServer(RunningServer.anyPort(), Echo::new)) {
      interruptEndsTheLoopOf(server);
      try (var running = RunningServer.start(server);
          var client = TcpClient.to(running)) {
        client.send("again\n");
        assertEquals("again\n", client.rest());
      }
    }
  }

  @Test
  void interruptEndsTheLoopOfADatagramServer() throws IOException {
    try (var server = new UDPServer(RunningServer.anyPort(), Silent::new)) {
      interruptEndsTheLoopOf(server);
    }
  }

  @Test
  void interruptEndsTheLoopOfAServerWithoutASocket() {
    try (var server = new QueueServer(Silent::new)) {
      interruptEndsTheLoopOf(server);
    }
  }

  @Test
  void shutdownAfterAnInterruptReturns() throws IOException {
    try (var server = new TCPServer(RunningServer.anyPort(), Silent::new)) {
      interruptEndsTheLoopOf(server);
      Eventually.ends(Background.start("shuts down", server::shutdown));
    }
  }

  @Test
  void interruptEndsHandleRequest() throws IOException {
    try (var server = new TCPServer(RunningServer.anyPort(), Silent::new)) {
      CompletableFuture<Boolean> flag = new CompletableFuture<>();
      Thread handling =
          Background.start(
              "handles",
              () -> {
                server.handleRequest();
                flag.complete(Thread.currentThread().isInterrupted());
              });
      Eventually.waits(handling);
      handling.interrupt();
      assertTrue(Background.result(flag));
    }
  }

  @Test
  void interruptWhileAHandlerRunsOnTheServingThreadIsTheHandlersAndTheServerGoesOn()
      throws IOException {
    CompletableFuture<Exception> ended = new CompletableFuture<>();
    class Reading extends StreamRequestHandler {
      @Override
      public void handle() throws IOException {
        wfile.write("ready\n");
        try {
          rfile.readline();
        } catch (IOException e) {
          ended.complete(e);
        }
      }
    }

    try (var running = RunningServer.start(new TCPServer(RunningServer.anyPort(), Reading::new))) {
      try (var client = TcpClient.to(running)) {
        assertEquals("ready\n", client.line());
        Eventually.waits(running.thread());
        running.thread().interrupt();
        assertInstanceOf(InterruptedIOException.class, Background.result(ended));
        assertEquals("", client.rest());
      }
      try (var client = TcpClient.to(running)) {
        assertEquals("ready\n", client.line());
      }
      Eventually.waitsIn(running.thread(), "awaitRequest");
      running.thread().interrupt();
      assertNull(running.failure());
    }
  }

  /** Leaves its thread's flag set, as code does that catches what it does not expect. */
  private static final class Flagging extends BaseRequestHandler<Object> {
    @Override
    public void handle() {
      Thread.currentThread().interrupt();
    }
  }

  private static void servesOn(TCPServer server) throws IOException {
    try (var running = RunningServer.start(server)) {
      for (int i = 0; i < 3; i++) {
        try (var client = TcpClient.to(running)) {
          assertEquals("", client.rest());
        }
      }
      assertTrue(running.thread().isAlive());
    }
  }

  @Test
  void flagThatAHandlerLeavesSetDoesNotEndTheLoop() throws IOException {
    servesOn(new TCPServer(RunningServer.anyPort(), Flagging::new));
  }

  @Test
  void flagThatAHandlerOfAFullPoolLeavesSetOnTheServingThreadDoesNotEndTheLoop()
      throws IOException {
    class Pooled extends TCPServer implements ThreadPoolMixIn {
      Pooled() throws IOException {
        super(RunningServer.anyPort(), Flagging::new);
      }

      /** Runs everything where it is given to it: on the serving thread. */
      @Override
      public Executor executor() {
        return Runnable::run;
      }
    }
    servesOn(new Pooled());
  }

  @Test
  void flagThatHooksLeaveSetDoesNotEndTheLoop() throws IOException {
    servesOn(
        new ThreadingTCPServer(RunningServer.anyPort(), Silent::new) {
          @Override
          public boolean verifyRequest(StreamSocket request, SocketAddress client) {
            Thread.currentThread().interrupt();
            return true;
          }
        });
  }

  @Test
  void flagThatAHandlerLeavesSetDoesNotEndTheNextHandleRequest() throws IOException {
    try (var server = new TCPServer(RunningServer.anyPort(), Flagging::new)) {
      for (int i = 0; i < 2; i++) {
        try (var client = TcpClient.to(server)) {
          server.handleRequest();
          assertEquals("", client.rest());
        }
      }
    }
  }

  @Test
  void flagThatAHandlerOfADatagramLeavesSetDoesNotEndTheLoop() throws IOException {
    Calls calls = new Calls();
    class Noting extends BaseRequestHandler<DatagramRequest> {
      @Override
      public void handle() {
        calls.add("handled");
        Thread.currentThread().interrupt();
      }
    }

    try (var running = RunningServer.start(new UDPServer(RunningServer.anyPort(), Noting::new));
        var client = UdpClient.to(running.server())) {
      client.send("one");
      client.send("two");
      calls.await("handled", 2);
      assertTrue(running.thread().isAlive());
    }
  }

  @Test
  @SuppressWarnings("try") // is there, and that is all
  void timeOutOfAnOverriddenGetRequestThatIsNoInterruptDoesNotEndTheLoop() {
    Calls calls = new Calls();
    class Noting extends BaseRequestHandler<String> {
      @Override
      public void handle() {
        calls.add(request);
      }
    }

    QueueServer server =
        new QueueServer(Noting::new) {
          private boolean failed;

          @Override
          public Accepted<String> getRequest() throws IOException {
            if (!failed) {
              failed = true;
              throw new InterruptedIOException("timeout");
            }
            return super.getRequest();
          }
        };
    try (var log = new LogCapture();
        var running = RunningServer.start(server)) {
      server.offer("request");
      calls.await("request", 1);
      assertTrue(running.thread().isAlive());
    }
  }
}
