package socketserver.unix;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import socketserver.StreamRequestHandler;
import socketserver.StreamSocket;
import socketserver.ThreadingUnixStreamServer;
import socketserver.contract.Peer;
import socketserver.contract.Remains;
import socketserver.contract.UnixStreams;
import socketserver.fixture.Eventually;
import socketserver.fixture.RequestThreads;
import socketserver.fixture.RunningServer;

/** A Unix server whose clients are many, and mostly idle. */
@Timeout(120)
class ThousandIdleClientsTest {
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
}
