package socketserver.unix;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import socketserver.BaseRequestHandler;
import socketserver.StreamRequestHandler;
import socketserver.StreamSocket;
import socketserver.ThreadingUnixStreamServer;
import socketserver.contract.Pattern;
import socketserver.contract.Peer;
import socketserver.contract.Remains;
import socketserver.contract.UnixStreams;
import socketserver.fixture.Eventually;
import socketserver.fixture.RequestThreads;
import socketserver.fixture.RunningServer;

/** Where a Unix socket that is served by an event loop could lose bytes, or crawl. */
@Timeout(120)
class HardCasesTest {
  @TempDir Path folder;

  @AfterEach
  void nothingIsLeft() {
    Remains.awaitNoEngine();
    RequestThreads.awaitNone();
  }

  private Path path() {
    return folder.resolve("x.sock");
  }

  private RunningServer<ThreadingUnixStreamServer> serve(
      socketserver.HandlerFactory<StreamSocket> handler) throws IOException {
    ThreadingUnixStreamServer server = new ThreadingUnixStreamServer(path(), handler, false);
    server.unlinkOnClose(true);
    server.requestQueueSize(200);
    server.serverBind();
    server.serverActivate();
    return RunningServer.start(server);
  }

  @Test
  void aHandlerAnswersAfterTheClientHasEnded() throws Exception {
    byte[] question = Pattern.bytes(300_000);
    class WholeThenAnswer extends StreamRequestHandler {
      @Override
      public void handle() throws IOException {
        byte[] all = rfile.readAllBytes();
        wfile.write(all);
        wfile.write("that was " + all.length);
      }
    }
    try (var server = serve(WholeThenAnswer::new);
        Peer peer = UnixStreams.peer(path())) {
      peer.send(question);
      peer.end();
      assertArrayEquals(question, peer.receive(question.length));
      assertEquals("that was 300000", peer.receiveText(15));
      assertTrue(peer.isAtEnd());
      assertEquals(path().toString(), server.server().serverAddress().toString());
    }
  }

  @Test
  void aClientReadsAnAnswerThatBeganWithTheEnd() throws Exception {
    byte[] answer = Pattern.bytes(3 << 20);
    class EndsFirst extends StreamRequestHandler {
      @Override
      public void handle() throws IOException {
        wfile.write(answer);
        wfile.flush();
        request.shutdown(StreamSocket.SHUT_WR);
        // the other direction is still there
        assertEquals("thanks", new String(rfile.readAllBytes(), StandardCharsets.UTF_8));
        ended.incrementAndGet();
      }

      private final AtomicInteger ended = thanks;
    }
    try (var server = serve(EndsFirst::new);
        Peer peer = UnixStreams.peer(path())) {
      assertArrayEquals(answer, peer.receiveAll());
      peer.send("thanks");
      peer.end();
      Eventually.holds("the handler has read it", () -> thanks.get() == 1);
      assertEquals(path().toString(), server.server().serverAddress().toString());
    }
  }

  private final AtomicInteger thanks = new AtomicInteger();

  @Test
  void whatAHandlerWroteBeforeItsConnectionClosedArrives() throws Exception {
    byte[] answer = Pattern.bytes(100_000);
    class WriteAndGo extends StreamRequestHandler {
      @Override
      public void handle() throws IOException {
        wfile.write(answer);
      }
    }
    try (var server = serve(WriteAndGo::new)) {
      for (int i = 0; i < 100; i++) {
        try (Peer peer = UnixStreams.peer(path())) {
          assertArrayEquals(answer, peer.receiveAll());
        }
      }
      assertEquals(path().toString(), server.server().serverAddress().toString());
    }
  }

  @Test
  void oneBusyClientAmongAThousandIdleOnesIsServed() throws Exception {
    AtomicInteger present = new AtomicInteger();
    class Counted extends StreamRequestHandler {
      @Override
      public void handle() throws IOException {
        present.incrementAndGet();
        for (byte[] line : rfile) {
          wfile.write(line);
        }
      }
    }
    List<Peer> idle = new ArrayList<>();
    try (var server = serve(Counted::new)) {
      try {
        for (int i = 0; i < 1000; i++) {
          idle.add(UnixStreams.peer(path()));
        }
        Eventually.holds("all are there", () -> present.get() == 1000);
        try (Peer busy = UnixStreams.peer(path())) {
          for (int i = 0; i < 2000; i++) {
            busy.send("line\n");
            assertEquals("line\n", busy.receiveText(5));
          }
        }
        for (Peer peer : idle) {
          peer.send("still here\n");
          assertEquals("still here\n", peer.receiveText(11));
        }
      } finally {
        for (Peer peer : idle) {
          peer.close();
        }
      }
      assertEquals(path().toString(), server.server().serverAddress().toString());
    }
  }

  @Test
  void allThatClientsWriteBeforeTheyCloseAtOnceArrives() throws Exception {
    int clients = 200;
    byte[] message = Pattern.bytes(1000);
    AtomicLong bytes = new AtomicLong();
    AtomicInteger ended = new AtomicInteger();
    class Counter extends BaseRequestHandler<StreamSocket> {
      @Override
      public void handle() throws IOException {
        byte[] chunk = new byte[4096];
        long position = 0;
        for (int n = request.recvInto(chunk); n > 0; n = request.recvInto(chunk)) {
          Pattern.check(chunk, n, position);
          position += n;
        }
        bytes.addAndGet(position);
      }

      @Override
      public void finish() {
        ended.incrementAndGet();
      }
    }
    try (var server = serve(Counter::new)) {
      for (int round = 1; round <= 100; round++) {
        for (int i = 0; i < clients; i++) {
          try (Peer client = UnixStreams.peer(path())) {
            client.send(message);
          }
        }
        int expected = round * clients;
        Eventually.holds(
            () -> expected + " requests have ended; it were " + ended,
            () -> ended.get() == expected);
        assertEquals(1000L * expected, bytes.get(), "bytes after round " + round);
      }
      assertEquals(path().toString(), server.server().serverAddress().toString());
    }
  }
}
