package socketserver.cpython;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import socketserver.StreamRequestHandler;
import socketserver.TCPServer;
import socketserver.fixture.Background;
import socketserver.fixture.Eventually;
import socketserver.fixture.RunningServer;
import socketserver.fixture.TcpClient;

/** A handler's wfile: CPython's SocketWriterTest. */
@Timeout(60)
class SocketWriterTest {
  /** More than any socket buffer takes: the writer has to wait for its reader. */
  private static final int BIG = 16 * 1024 * 1024 + 1;

  @Test
  void wfileIsABinaryFileOverTheRequest() throws Exception {
    AtomicReference<StreamRequestHandler> handler = new AtomicReference<>();
    class Handler extends StreamRequestHandler {
      @Override
      public void handle() {
        handler.set(this);
        assertTrue(request.fileno() >= 0);
      }
    }

    try (var server = new TCPServer(RunningServer.anyPort(), Handler::new)) {
      TcpClient.to(server).close();
      server.handleRequest();
      assertInstanceOf(OutputStream.class, handler.get().wfile);
      assertInstanceOf(InputStream.class, handler.get().rfile);
      assertSame(handler.get().request, handler.get().connection);
      assertEquals(-1, handler.get().request.fileno());
    }
  }

  @Test
  void writeSendsAtOnceAndNothingIsCutWhenTheReaderIsSlow() throws Exception {
    CompletableFuture<byte[]> received = new CompletableFuture<>();
    CompletableFuture<String> written = new CompletableFuture<>();
    class Handler extends StreamRequestHandler {
      @Override
      public void handle() throws IOException {
        wfile.write("write data\n".getBytes());
        received.complete(rfile.readline());
        wfile.write(new byte[BIG]);
        written.complete("all");
      }
    }

    try (var server = new TCPServer(RunningServer.anyPort(), Handler::new);
        var client = TcpClient.to((InetSocketAddress) server.serverAddress(), 4096)) {
      Thread handling = Background.start("handles", server::handleRequest);
      assertEquals("write data\n", client.line(), "sent without a flush");
      client.send("client response\n");
      assertArrayEquals("client response\n".getBytes(), Background.result(received));
      client.read(100);
      Eventually.waits(handling);
      assertFalse(written.isDone(), "the writer waits for the reader");
      assertEquals(BIG - 100, client.all().length);
      assertEquals("all", Background.result(written));
      Eventually.ends(handling);
    }
  }
}
