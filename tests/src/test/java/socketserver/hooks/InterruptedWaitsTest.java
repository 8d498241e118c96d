package socketserver.hooks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import socketserver.DgramSocket;
import socketserver.ListenerSocket;
import socketserver.StreamRequestHandler;
import socketserver.StreamSocket;
import socketserver.ThreadingTCPServer;
import socketserver.UnixAddress;
import socketserver.fixture.Background;
import socketserver.fixture.Eventually;
import socketserver.fixture.RunningServer;
import socketserver.fixture.TcpClient;
import socketserver.tls.Contexts;

/**
 * An interrupt ends each call that waits with an InterruptedIOException, and leaves the flag set;
 * what the call has used goes on afterwards, unless it is said otherwise.
 */
@Timeout(60)
class InterruptedWaitsTest {
  @TempDir Path folder;

  /** A listener and both ends of a connection to it. */
  private static final class Ends implements AutoCloseable {
    final ListenerSocket listener;
    final StreamSocket client;
    final StreamSocket accepted;

    private Ends(ListenerSocket listener) throws IOException {
      this.listener = listener;
      listener.listen(5);
      client = StreamSocket.connect(listener.getsockname());
      accepted = listener.accept();
    }

    static Ends ofTcp() throws IOException {
      ListenerSocket listener = new ListenerSocket(StandardProtocolFamily.INET);
      listener.bind(RunningServer.anyPort());
      return new Ends(listener);
    }

    static Ends ofUnix(Path path) throws IOException {
      ListenerSocket listener = new ListenerSocket(StandardProtocolFamily.UNIX);
      listener.bind(UnixAddress.of(path));
      return new Ends(listener);
    }

    /** The connection works in both directions. */
    void assertWorks() throws IOException {
      client.sendall("to ");
      assertEquals("to ", new String(accepted.recv(10)));
      accepted.sendall("fro");
      assertEquals("fro", new String(client.recv(10)));
    }

    @Override
    public void close() {
      client.close();
      accepted.close();
      listener.close();
    }
  }

  private static void assertInterrupted(Background.Work call) {
    CompletableFuture<Boolean> flag = new CompletableFuture<>();
    CompletableFuture<Exception> thrown = new CompletableFuture<>();
    Thread waiting =
        Background.start(
            "waits",
            () -> {
              try {
                call.run();
                thrown.complete(null);
              } catch (Exception e) {
                thrown.complete(e);
              }
              flag.complete(Thread.currentThread().isInterrupted());
            });
    Eventually.waits(waiting);
    waiting.interrupt();
    Exception end = Background.result(thrown);
    assertInstanceOf(InterruptedIOException.class, end);
    assertFalse(end instanceof SocketTimeoutException, end.toString());
    assertTrue(Background.result(flag), "the flag is set");
  }

  private static void fill(StreamSocket socket) throws IOException {
    byte[] much = new byte[100_000];
    while (true) {
      socket.send(much);
    }
  }

  @Test
  void read() throws Exception {
    try (Ends ends = Ends.ofTcp()) {
      assertInterrupted(() -> ends.accepted.recv(1));
      ends.assertWorks();
    }
  }

  @Test
  void readWithATimeOut() throws Exception {
    try (Ends ends = Ends.ofTcp()) {
      ends.accepted.settimeout(Duration.ofDays(1));
      assertInterrupted(() -> ends.accepted.recv(1));
      ends.assertWorks();
    }
  }

  @Test
  void writeToAPeerThatReadsNothing() throws Exception {
    try (Ends ends = Ends.ofTcp()) {
      assertInterrupted(() -> fill(ends.accepted));
      ends.client.sendall("still read");
      assertEquals("still read", new String(ends.accepted.recv(10)));
    }
  }

  @Test
  void readOfAUnixConnection() throws Exception {
    try (Ends ends = Ends.ofUnix(folder.resolve("s"))) {
      assertInterrupted(() -> ends.accepted.recv(1));
      ends.assertWorks();
    }
  }

  @Test
  void accept() throws Exception {
    try (Ends ends = Ends.ofTcp()) {
      assertInterrupted(() -> ends.listener.accept());
      try (StreamSocket another = StreamSocket.connect(ends.listener.getsockname());
          StreamSocket accepted = ends.listener.accept()) {
        assertEquals(another.getsockname(), accepted.getpeername());
      }
    }
  }

  @Test
  void receivingADatagram() throws Exception {
    try (DgramSocket socket = new DgramSocket(StandardProtocolFamily.INET);
        DatagramSocket client = new DatagramSocket()) {
      socket.bind(RunningServer.anyPort());
      assertInterrupted(() -> socket.recvfrom(10));
      client.connect((InetSocketAddress) socket.getsockname());
      client.send(new java.net.DatagramPacket(new byte[3], 3));
      assertEquals(3, socket.recvfrom(10).data().length);
    }
  }

  /** The handshake is half done: the connection is closed. */
  @Test
  void theHandshakeOfTls() throws Exception {
    try (Ends ends = Ends.ofTcp()) {
      assertInterrupted(() -> ends.accepted.startTls(Contexts.SERVER));
      assertEquals(0, ends.client.recv(10).length);
    }
  }

  /** The server is closed all the same, and the request runs on. */
  @Test
  void theWaitForRequests() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch runs = new CountDownLatch(1);
    class Waiting extends StreamRequestHandler {
      @Override
      public void handle() throws Exception {
        runs.countDown();
        Eventually.opens("the test has seen the interrupt", release);
        wfile.write("done");
      }
    }
    try (var running =
            RunningServer.start(new ThreadingTCPServer(RunningServer.anyPort(), Waiting::new));
        var client = TcpClient.to(running)) {
      Eventually.opens("the handler runs", runs);
      CompletableFuture<Boolean> flag = new CompletableFuture<>();
      Thread closing =
          Background.start(
              "closes",
              () -> {
                running.server().serverClose();
                flag.complete(Thread.currentThread().isInterrupted());
              });
      Eventually.waitsIn(closing, "joinRequests");
      closing.interrupt();
      assertTrue(Background.result(flag), "the flag is set");
      release.countDown();
      assertEquals("done", client.rest());
    }
  }
}
