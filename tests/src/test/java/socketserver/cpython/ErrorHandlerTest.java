package socketserver.cpython;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ch.qos.logback.classic.Level;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import socketserver.BaseRequestHandler;
import socketserver.ForkingTCPServer;
import socketserver.StreamSocket;
import socketserver.TCPServer;
import socketserver.ThreadingMixIn;
import socketserver.fixture.Background;
import socketserver.fixture.Calls;
import socketserver.fixture.Eventually;
import socketserver.fixture.LogCapture;
import socketserver.fixture.RunningServer;
import socketserver.fixture.TcpClient;

/**
 * What a handler throws goes to {@code handleError}: CPython's ErrorHandlerTest, but for its
 * SystemExit, which has no twin among what Java throws. An {@link Error} is handled, too: most of
 * Java's are Exceptions in Python.
 */
@Timeout(60)
class ErrorHandlerTest {
  private static final List<String> HANDLED = List.of("handler called", "error handled");

  private final Calls calls = new Calls();

  @Test
  void exceptionInAHandlerIsHandled() throws Exception {
    new OneRequest(calls, new IllegalArgumentException("test error")).serve();
    assertEquals(HANDLED, calls.all());
  }

  @Test
  void errorInAHandlerIsHandled() throws Exception {
    new OneRequest(calls, new FatalError()).serve();
    assertEquals(HANDLED, calls.all());
  }

  @Test
  void whatHandleErrorThrowsReachesTheCaller() throws Exception {
    FatalError error = new FatalError();
    OneRequest server =
        new OneRequest(calls, error) {
          @Override
          public void handleError(StreamSocket request, SocketAddress client, Throwable error) {
            super.handleError(request, client, error);
            throw (Error) error;
          }
        };
    assertSame(error, assertThrows(FatalError.class, server::serve));
    assertEquals(HANDLED, calls.all());
  }

  @Test
  void exceptionInAThreadIsHandled() throws Exception {
    OneRequestInAThread server =
        new OneRequestInAThread(calls, new IllegalArgumentException("test error"));
    server.serve();
    Eventually.opens("the request is shut down", server.done);
    assertEquals(HANDLED, calls.all());
  }

  @Test
  void errorInAThreadIsHandled() throws Exception {
    OneRequestInAThread server = new OneRequestInAThread(calls, new FatalError());
    server.serve();
    Eventually.opens("the request is shut down", server.done);
    assertEquals(HANDLED, calls.all());
  }

  @Test
  void whatHandleErrorThrowsInAThreadReachesTheThreadsOwnHandler() throws Exception {
    Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
    CompletableFuture<Throwable> uncaught = new CompletableFuture<>();
    Thread.setDefaultUncaughtExceptionHandler((thread, error) -> uncaught.complete(error));
    try (LogCapture log = new LogCapture()) {
      FatalError error = new FatalError();
      OneRequestInAThread server =
          new OneRequestInAThread(calls, error) {
            @Override
            public void handleError(StreamSocket request, SocketAddress client, Throwable error) {
              super.handleError(request, client, error);
              throw (Error) error;
            }
          };
      server.serve();
      Eventually.opens("the request is shut down", server.done);
      assertEquals(HANDLED, calls.all());
      assertSame(error, Background.result(uncaught));
      log.await(Level.ERROR, "handleError failed");
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(before);
    }
  }

  @Test
  void exceptionInAChildProcessIsHandled(@TempDir Path folder) throws Exception {
    Path log = folder.resolve("log");
    new OneRequestInAProcess(log, new IllegalArgumentException("test error")).serve();
    assertEquals(HANDLED, Files.readAllLines(log));
  }

  @Test
  void errorInAChildProcessIsHandled(@TempDir Path folder) throws Exception {
    Path log = folder.resolve("log");
    new OneRequestInAProcess(log, new FatalError()).serve();
    assertEquals(HANDLED, Files.readAllLines(log));
  }

  /** What says that a virtual machine, or a program, is at its end. */
  private static final class FatalError extends Error {
    private static final long serialVersionUID = 1L;

    FatalError() {
      super("on purpose", null, false, false); // a child prints it, and nobody needs the trace
    }
  }

  private static class OneRequest extends TCPServer {
    private final Calls calls;

    OneRequest(Calls calls, Throwable error) throws IOException {
      super(RunningServer.anyPort(), () -> new Failing(calls, error));
      this.calls = calls;
    }

    /** Takes one client, which hangs up at once, and closes. */
    void serve() throws IOException {
      try {
        TcpClient.to(this).close();
        handleRequest();
      } finally {
        serverClose();
      }
    }

    @Override
    public void handleError(StreamSocket request, SocketAddress client, Throwable error) {
      calls.add("error handled");
    }
  }

  private static class OneRequestInAThread extends OneRequest implements ThreadingMixIn {
    final CountDownLatch done = new CountDownLatch(1);

    OneRequestInAThread(Calls calls, Throwable error) throws IOException {
      super(calls, error);
    }

    @Override
    public void shutdownRequest(StreamSocket request) {
      super.shutdownRequest(request);
      done.countDown();
    }
  }

  private static final class Failing extends BaseRequestHandler<StreamSocket> {
    private final Calls calls;
    private final Throwable error;

    Failing(Calls calls, Throwable error) {
      this.calls = calls;
      this.error = error;
    }

    @Override
    public void handle() throws Exception {
      calls.add("handler called");
      if (error instanceof Error fatal) {
        throw fatal;
      }
      throw (Exception) error;
    }
  }

  /** Its calls are in a file, since a list would be the child's own. */
  private static final class OneRequestInAProcess extends ForkingTCPServer {
    private final String log;
    private final Throwable error;

    OneRequestInAProcess(Path log, Throwable error) throws IOException {
      super(RunningServer.anyPort(), FailingInAProcess::new);
      this.log = log.toString();
      this.error = error;
      spareChildren(0);
    }

    /** Takes one client, which hangs up at once, and closes, which waits for the child. */
    void serve() throws IOException {
      try {
        TcpClient.to(this).close();
        handleRequest();
      } finally {
        serverClose();
      }
    }

    void add(String call) throws IOException {
      Files.writeString(Path.of(log), call + "\n", CREATE, APPEND);
    }

    @Override
    public void handleError(StreamSocket request, SocketAddress client, Throwable error) {
      try {
        add("error handled");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static final class FailingInAProcess extends BaseRequestHandler<StreamSocket> {
    @Override
    public void handle() throws Exception {
      OneRequestInAProcess server = server(OneRequestInAProcess.class);
      server.add("handler called");
      if (server.error instanceof Error fatal) {
        throw fatal;
      }
      throw (Exception) server.error;
    }
  }
}
