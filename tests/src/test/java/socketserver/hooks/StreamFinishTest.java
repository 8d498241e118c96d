package socketserver.hooks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import socketserver.HandlerFactory;
import socketserver.SocketReader;
import socketserver.SocketWriter;
import socketserver.StreamRequestHandler;
import socketserver.StreamSocket;
import socketserver.TCPServer;
import socketserver.fixture.Background;
import socketserver.fixture.Eventually;
import socketserver.fixture.RunningServer;
import socketserver.fixture.TcpClient;

/** What {@code finish()} does with the files of a stream handler. */
@Timeout(60)
class StreamFinishTest {
  private final List<Throwable> errors = new CopyOnWriteArrayList<>();

  /** Writes into a buffer that it does not flush. */
  private abstract static class Buffered extends StreamRequestHandler {
    @Override
    public int wbufsize() {
      return -1;
    }
  }

  private final class Server extends TCPServer {
    Server(HandlerFactory<StreamSocket> handler) throws IOException {
      super(RunningServer.anyPort(), handler);
    }

    @Override
    public void handleError(StreamSocket request, SocketAddress client, Throwable error) {
      errors.add(error);
    }
  }

  @Test
  void bufferedOutputIsFlushed() throws IOException {
    class Handler extends Buffered {
      @Override
      public void handle() throws IOException {
        wfile.write("one ");
        wfile.write("two");
      }
    }

    assertEquals("one two", answer(Handler::new));
    assertEquals(List.of(), errors);
  }

  @Test
  void bufferedOutputIsNotSentBeforeItIsFlushed() throws IOException {
    CountDownLatch written = new CountDownLatch(1);
    class Handler extends Buffered {
      @Override
      public void handle() throws IOException {
        wfile.write("buffered");
        request.sendall("at once ");
        written.countDown();
        rfile.readline();
      }
    }

    try (var running = RunningServer.start(new Server(Handler::new));
        var client = TcpClient.to(running)) {
      Eventually.opens("the handler has written", written);
      assertEquals("at once ", new String(client.read(8)));
      client.send("go on\n");
      assertEquals("buffered", client.rest());
    }
  }

  @Test
  void outputOfAHandlerThatFailedIsFlushed() throws IOException {
    class Handler extends Buffered {
      @Override
      public void handle() throws IOException {
        wfile.write("as far as it got");
        throw new IOException("test");
      }
    }

    assertEquals("as far as it got", answer(Handler::new));
    assertEquals(1, errors.size());
    assertEquals("test", errors.get(0).getMessage());
  }

  @Test
  void clientThatIsGoneIsNoErrorOfFinish() throws IOException {
    AtomicReference<SocketReader> reader = new AtomicReference<>();
    AtomicReference<SocketWriter> writer = new AtomicReference<>();
    class Handler extends Buffered {
      @Override
      public void handle() throws IOException {
        reader.set(rfile);
        writer.set(wfile);
        try {
          rfile.readline();
        } catch (IOException e) {
          // the reset: the connection is lost for certain
        }
        wfile.write("nobody reads this");
      }
    }

    try (var server = new Server(Handler::new);
        var client = TcpClient.to(server)) {
      Thread handling = Background.start("handles", server::handleRequest);
      client.send("no line feed");
      client.reset();
      Eventually.ends(handling);
      assertEquals(List.of(), errors);
      assertTrue(reader.get().closed());
      assertTrue(writer.get().closed());
    }
  }

  @Test
  void handlerMayCloseItsFilesAndItsRequest() throws IOException {
    class Handler extends StreamRequestHandler {
      @Override
      public void handle() throws IOException {
        wfile.write("closing");
        wfile.close();
        rfile.close();
        request.close();
      }
    }

    assertEquals("closing", answer(Handler::new));
    assertEquals(List.of(), errors);
  }

  @Test
  void handlerMayCloseOnlyItsRequest() throws IOException {
    class Handler extends StreamRequestHandler {
      @Override
      public void handle() throws IOException {
        request.close();
        assertTrue(request.fileno() >= 0, "rfile still holds the connection");
        wfile.write("still open");
      }
    }

    assertEquals("still open", answer(Handler::new));
    assertEquals(List.of(), errors);
  }

  @Test
  void bufferedOutputIsFlushedAfterTheRequestWasClosed() throws IOException {
    class Handler extends Buffered {
      @Override
      public void handle() throws IOException {
        wfile.write("flushed by finish");
        request.close();
      }
    }

    assertEquals("flushed by finish", answer(Handler::new));
    assertEquals(List.of(), errors);
  }

  @Test
  void closingWfileLeavesTheConnectionOpen() throws IOException {
    class Handler extends StreamRequestHandler {
      @Override
      public void handle() throws IOException {
        wfile.close();
        request.sendall(rfile.readline());
      }
    }

    try (var running = RunningServer.start(new Server(Handler::new));
        var client = TcpClient.to(running)) {
      client.send("echo\n");
      assertEquals("echo\n", client.rest());
    }
    assertEquals(List.of(), errors);
  }

  @Test
  void exceptionOfFinishIsSuppressedInThatOfHandle() throws IOException {
    IOException first = new IOException("handle failed");
    IOException second = new IOException("finish failed");
    class Handler extends StreamRequestHandler {
      @Override
      public void handle() throws IOException {
        throw first;
      }

      @Override
      public void finish() throws Exception {
        super.finish();
        throw second;
      }
    }

    assertEquals("", answer(Handler::new));
    assertEquals(List.of(first), errors);
    assertSame(second, first.getSuppressed()[0]);
  }

  @Test
  void forgottenSuperSetupIsSaid() throws IOException {
    class Handler extends StreamRequestHandler {
      @Override
      public void setup() {}

      @Override
      public void handle() throws IOException {
        request.sendall("without files");
      }
    }

    assertEquals("without files", answer(Handler::new));
    assertEquals(1, errors.size());
    assertInstanceOf(IllegalStateException.class, errors.get(0));
    String message = errors.get(0).getMessage();
    assertTrue(message.contains("call super.setup()"), message);
    assertTrue(message.contains(Handler.class.getName()), message);
  }

  @Test
  void handlersOwnExceptionComesBeforeThatOfAForgottenSuperSetup() throws IOException {
    IOException own = new IOException("handle failed");
    class Handler extends StreamRequestHandler {
      @Override
      public void setup() {}

      @Override
      public void handle() throws IOException {
        throw own;
      }
    }

    assertEquals("", answer(Handler::new));
    assertEquals(List.of(own), errors);
    String suppressed = own.getSuppressed()[0].getMessage();
    assertTrue(suppressed.contains("call super.setup()"), suppressed);
  }

  @Test
  void writerOfAHandlerWithoutAReaderIsFlushedAllTheSame() throws IOException {
    class Handler extends StreamRequestHandler {
      @Override
      public void setup() throws IOException {
        wfile = request.makefileWriter(-1);
      }

      @Override
      public void handle() throws IOException {
        wfile.write("written");
      }
    }

    assertEquals("written", answer(Handler::new));
    assertEquals(1, errors.size());
  }

  @Test
  void handlerThatLeaksAFileStillEndsTheConnection() throws IOException {
    AtomicReference<SocketReader> leaked = new AtomicReference<>();
    class Handler extends StreamRequestHandler {
      @Override
      public void handle() throws IOException {
        leaked.set(request.makefileReader(-1));
        wfile.write("leaking");
      }
    }

    assertEquals("leaking", answer(Handler::new));
    assertEquals(List.of(), errors);
    leaked.get().close();
  }

  private String answer(HandlerFactory<StreamSocket> handler) throws IOException {
    try (var running = RunningServer.start(new Server(handler));
        var client = TcpClient.to(running)) {
      return client.rest();
    }
  }
}
