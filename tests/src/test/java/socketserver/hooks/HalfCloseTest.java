package socketserver.hooks;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import socketserver.BrokenPipeException;
import socketserver.SocketConstants;
import socketserver.StreamRequestHandler;
import socketserver.StreamSocket;
import socketserver.ThreadingTCPServer;
import socketserver.fixture.Background;
import socketserver.fixture.Bounds;
import socketserver.fixture.Eventually;
import socketserver.fixture.RunningServer;
import socketserver.fixture.TcpClient;

/** One direction of a connection ends while the other goes on, and nothing of it is lost. */
@Timeout(120)
class HalfCloseTest {
  /** More than the system's buffers take: the sender has to wait, and to be woken. */
  private static final int BIG = 16 << 20;

  private static byte[] pattern() {
    byte[] pattern = new byte[BIG];
    new Random(1).nextBytes(pattern);
    return pattern;
  }

  @ParameterizedTest
  @ValueSource(ints = {4096, 0})
  void clientThatHasSaidAllItHasToSayGetsTheWholeAnswer(int receiveBuffer) throws IOException {
    byte[] answer = pattern();
    class Handler extends StreamRequestHandler {
      @Override
      public void handle() throws IOException {
        rfile.readAllBytes();
        wfile.write(answer);
      }
    }

    try (var running =
            RunningServer.start(new ThreadingTCPServer(RunningServer.anyPort(), Handler::new));
        var client = TcpClient.to(running.address(), receiveBuffer)) {
      client.send("all I have to say").end();
      assertArrayEquals(answer, client.all());
    }
  }

  @Test
  void clientThatReadsOnlyOnceTheServerWaitsGetsTheWholeAnswer() throws IOException {
    byte[] answer = pattern();
    CompletableFuture<Thread> writing = new CompletableFuture<>();
    class Handler extends StreamRequestHandler {
      @Override
      public void handle() throws IOException {
        rfile.readAllBytes();
        writing.complete(Thread.currentThread());
        wfile.write(answer);
      }
    }

    try (var running =
            RunningServer.start(new ThreadingTCPServer(RunningServer.anyPort(), Handler::new));
        var client = TcpClient.to(running.address(), 4096)) {
      client.send("x").end();
      Eventually.waitsIn(Background.result(writing), "write");
      assertArrayEquals(answer, client.all());
    }
  }

  @Test
  void echoIsWholeAlthoughTheEndComesWhileMuchIsUnderWay() throws Exception {
    class Echo extends StreamRequestHandler {
      @Override
      public void handle() throws IOException {
        rfile.transferTo(wfile);
      }
    }

    byte[] data = pattern();
    try (var running =
        RunningServer.start(new ThreadingTCPServer(RunningServer.anyPort(), Echo::new))) {
      for (int i = 0; i < 5; i++) {
        try (var client = TcpClient.to(running)) {
          Thread sending = Background.start("sends", () -> client.send(data).end());
          assertArrayEquals(data, client.all());
          Eventually.ends(sending);
        }
      }
    }
  }

  @Test
  void serverThatHasSaidAllItHasToSayStillReadsEverything() throws IOException {
    CompletableFuture<byte[]> received = new CompletableFuture<>();
    class Handler extends StreamRequestHandler {
      @Override
      public void handle() throws IOException {
        wfile.write("go on\n");
        request.shutdown(SocketConstants.SHUT_WR);
        received.complete(rfile.readAllBytes());
      }
    }

    byte[] data = pattern();
    try (var running =
            RunningServer.start(new ThreadingTCPServer(RunningServer.anyPort(), Handler::new));
        var client = StreamSocket.connect(running.address(), Bounds.WAIT)) {
      assertEquals("go on\n", new String(client.recv(6, SocketConstants.MSG_WAITALL)));
      assertEquals(0, client.recv(1).length, "the end of the server's half");
      client.sendall(data);
      client.shutdown(SocketConstants.SHUT_WR);
      assertArrayEquals(data, Background.result(received));
    }
  }

  @Test
  void writingAfterShuttingTheHalfDownIsABrokenPipe() throws IOException {
    CompletableFuture<Throwable> failure = new CompletableFuture<>();
    class Handler extends StreamRequestHandler {
      @Override
      public void handle() throws IOException {
        request.shutdown(SocketConstants.SHUT_WR);
        failure.complete(assertThrows(IOException.class, () -> wfile.write("x")));
        rfile.readAllBytes();
      }
    }

    try (var running =
            RunningServer.start(new ThreadingTCPServer(RunningServer.anyPort(), Handler::new));
        var client = TcpClient.to(running)) {
      assertEquals("", client.rest());
      client.end();
      assertEquals(BrokenPipeException.class, Background.result(failure).getClass());
    }
  }

  @Test
  void shuttingBothHalvesDownInAnotherThreadWakesAReader() throws IOException {
    CompletableFuture<StreamSocket> reading = new CompletableFuture<>();
    CompletableFuture<Thread> thread = new CompletableFuture<>();
    CompletableFuture<byte[]> read = new CompletableFuture<>();
    class Handler extends StreamRequestHandler {
      @Override
      public void handle() throws IOException {
        thread.complete(Thread.currentThread());
        reading.complete(request);
        read.complete(rfile.readline());
      }
    }

    try (var running =
            RunningServer.start(new ThreadingTCPServer(RunningServer.anyPort(), Handler::new));
        var client = TcpClient.to(running)) {
      StreamSocket request = Background.result(reading);
      Eventually.waitsIn(Background.result(thread), "readline");
      request.shutdown(SocketConstants.SHUT_RDWR);
      assertEquals(0, Background.result(read).length);
      assertEquals("", client.rest());
    }
  }
}
