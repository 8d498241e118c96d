package socketserver.mixins;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import socketserver.fixture.Compilation;

/** What the compiler accepts, and the mistakes that it finds. */
class CompileTest {
  private static final String STREAM_HANDLER =
      """
        static class Handler extends StreamRequestHandler {
          @Override public void handle() throws IOException { wfile.write("x"); }
        }
      """;

  private static final String ANY_HANDLER =
      """
        static class Handler extends BaseRequestHandler<Object> {
          @Override public void handle() { System.out.println(clientAddress); }
        }
      """;

  private static Compilation compile(String... lines) {
    return Compilation.of(
        "import java.io.*; import java.net.*; import java.util.concurrent.*; import socketserver.*;"
            + " class Program { "
            + String.join("\n", lines)
            + " }");
  }

  private static void compiles(String... lines) {
    assertEquals(List.of(), compile(lines).errors());
  }

  private static List<String> errors(String... lines) {
    List<String> errors = compile(lines).errors();
    assertFalse(errors.isEmpty(), "this must not compile: " + String.join("\n", lines));
    return errors;
  }

  @Test
  void threadingServerIsOneWordAndAConstructor() {
    compiles(
        STREAM_HANDLER,
        """
          static class Server extends TCPServer implements ThreadingMixIn {
            Server(SocketAddress address) throws IOException { super(address, Handler::new); }
          }
          static class DatagramServer extends UDPServer implements ThreadingMixIn {
            DatagramServer(SocketAddress address, HandlerFactory<DatagramRequest> handler)
                throws IOException {
              super(address, handler);
            }
          }
        """);
  }

  @Test
  void twoMixInsThatBothDispatchDoNotCompile() {
    List<String> errors =
        errors(
            """
              interface PoolMixIn extends RequestDispatch {
                @Override default void dispatchRequest(RequestTask task) { task.runInThread(); }
              }
              static class Server extends TCPServer implements ThreadingMixIn, PoolMixIn {
                Server(SocketAddress a, HandlerFactory<StreamSocket> h) throws IOException {
                  super(a, h);
                }
              }
            """);
    assertEquals(1, errors.size(), errors.toString());
    assertTrue(errors.get(0).contains("dispatchRequest"), errors.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ThreadingMixIn", "VirtualThreadingMixIn", "EventLoopMixIn", "ForkingMixIn"})
  void poolBesideAnotherMixInDoesNotCompile(String other) {
    List<String> errors =
        errors(
            "static class Server extends TCPServer implements ThreadPoolMixIn, " + other + " {",
            """
              Server(SocketAddress a, HandlerFactory<StreamSocket> h) throws IOException {
                super(a, h);
              }
            }
            """);
    assertTrue(errors.get(0).contains("Request"), errors.toString());
  }

  @Test
  void poolIsOneWordAndItsPoliciesNeedNoImport() {
    compiles(
        STREAM_HANDLER,
        """
          static class Server extends TCPServer implements ThreadPoolMixIn {
            Server(SocketAddress address) throws IOException { super(address, Handler::new); }
            @Override public int maxWorkers() { return 8; }
            @Override public WhenFull whenFull() { return WhenFull.REFUSE; }
          }
          static class DatagramServer extends UDPServer implements ThreadPoolMixIn {
            DatagramServer(SocketAddress address, HandlerFactory<DatagramRequest> handler)
                throws IOException {
              super(address, handler);
            }
          }
        """);
  }

  @Test
  void typedMixInCompilesForBothKindsOfServer() {
    compiles(
        """
          interface Bounded<R> extends RequestHooks<R>, ThreadingMixIn {
            Semaphore permits();
            @Override default void processRequest(R request, SocketAddress client)
                throws Exception {
              permits().acquire();
              RequestHooks.super.processRequest(request, client);
            }
            @Override default void shutdownRequest(R request) {
              RequestHooks.super.shutdownRequest(request);
              permits().release();
            }
          }
          static class Server extends TCPServer implements Bounded<StreamSocket> {
            Server(SocketAddress a, HandlerFactory<StreamSocket> h) throws IOException {
              super(a, h);
            }
            public Semaphore permits() { return new Semaphore(1); }
          }
          static class DatagramServer extends UDPServer implements Bounded<DatagramRequest> {
            DatagramServer(SocketAddress a, HandlerFactory<DatagramRequest> h)
                throws IOException {
              super(a, h);
            }
            public Semaphore permits() { return new Semaphore(1); }
          }
        """);
  }

  @Test
  void streamHandlerIsRefusedByADatagramServer() {
    errors(
        STREAM_HANDLER,
        "Object make(SocketAddress a) throws IOException { return new UDPServer(a, Handler::new);"
            + " }");
  }

  @Test
  void streamHandlerIsAcceptedByAStreamServer() {
    compiles(
        STREAM_HANDLER,
        "Object make(SocketAddress a) throws IOException { return new TCPServer(a, Handler::new);"
            + " }");
  }

  @Test
  void datagramHandlerIsAcceptedByADatagramServer() {
    compiles(
        "static class Handler extends DatagramRequestHandler {}",
        "Object make(SocketAddress a) throws IOException { return new UDPServer(a, Handler::new);"
            + " }");
  }

  @Test
  void datagramHandlerIsRefusedByAStreamServer() {
    errors(
        "static class Handler extends DatagramRequestHandler {}",
        "Object make(SocketAddress a) throws IOException { return new TCPServer(a, Handler::new);"
            + " }");
  }

  @Test
  void handlerOfAnyRequestIsAcceptedByBoth() {
    compiles(
        ANY_HANDLER,
        """
          Object streams(SocketAddress a) throws IOException {
            return new TCPServer(a, Handler::new);
          }
          Object datagrams(SocketAddress a) throws IOException {
            return new UDPServer(a, Handler::new);
          }
          Object threads(SocketAddress a) throws IOException {
            return new ThreadingTCPServer(a, Handler::new);
          }
          Object datagramThreads(SocketAddress a) throws IOException {
            return new ThreadingUDPServer(a, Handler::new);
          }
        """);
  }

  @Test
  void datagramServerIsNoStreamServer() {
    errors(
        "TCPServer make(SocketAddress a, HandlerFactory<DatagramRequest> h) throws IOException {"
            + " return new UDPServer(a, h); }");
  }

  @Test
  void lifeOfAServerNeedsNoCatch() {
    compiles(
        """
          Thread loop(TCPServer server) { return new Thread(server::serveForever); }
          Thread stop(TCPServer server) { return new Thread(server::shutdown); }
          void one(TCPServer server) {
            try (server) { server.handleRequest(); } finally { server.serverClose(); }
          }
          void end(TCPServer server, StreamSocket request, SocketAddress client) {
            server.processRequestThread(request, client);
            server.shutdownRequest(request);
            server.closeRequest(request);
            server.handleError(request, client, new Exception());
          }
        """);
  }

  @Test
  void hooksMayThrowWhatTheyLike() {
    compiles(
        """
          static class Server extends TCPServer {
            Server(SocketAddress a, HandlerFactory<StreamSocket> h) throws IOException {
              super(a, h);
            }
            @Override public Accepted<StreamSocket> getRequest() throws IOException {
              return super.getRequest();
            }
            @Override public boolean verifyRequest(StreamSocket r, SocketAddress c)
                throws Exception {
              return super.verifyRequest(r, c);
            }
            @Override public void processRequest(StreamSocket r, SocketAddress c)
                throws Exception {
              super.processRequest(r, c);
            }
            @Override public void finishRequest(StreamSocket r, SocketAddress c)
                throws Exception {
              super.finishRequest(r, c);
            }
            @Override public void serviceActions() throws Exception { super.serviceActions(); }
            @Override public void handleTimeout() throws Exception { super.handleTimeout(); }
            @Override public void serverBind() throws IOException { super.serverBind(); }
            @Override public void serverActivate() throws IOException { super.serverActivate(); }
          }
        """);
  }

  @Test
  void handlersTakeTheirArgumentsInALambda() {
    compiles(
        """
          static class Handler extends StreamRequestHandler {
            private final File folder;
            Handler(File folder) { this.folder = folder; }
            @Override public void handle() throws IOException { wfile.write(folder.getName()); }
          }
          Object make(SocketAddress a, File folder) throws IOException {
            return new ThreadingTCPServer(a, () -> new Handler(folder));
          }
        """);
  }

  @Test
  void sharedHandlerIsAFactoryThatGivesItAgain() {
    compiles(
        ANY_HANDLER,
        """
          Object make(SocketAddress a) throws IOException {
            Handler shared = new Handler();
            return new TCPServer(a, () -> shared);
          }
        """);
  }

  @Test
  void serverWithoutASocketNeedsGetRequestAlone() {
    compiles(
        """
          static class Server extends BaseServer<String> {
            Server(HandlerFactory<String> handler) { super(null, handler); }
            @Override public Accepted<String> getRequest() {
              return new Accepted<>("request", null);
            }
          }
          static class Threading extends Server implements ThreadingMixIn {
            Threading(HandlerFactory<String> handler) { super(handler); }
          }
        """);
  }
}
