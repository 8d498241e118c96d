package socketserver.injection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import socketserver.Accepted;
import socketserver.DatagramRequest;
import socketserver.DatagramRequestHandler;
import socketserver.EventLoopMixIn;
import socketserver.HandlerFactory;
import socketserver.RequestHooks;
import socketserver.StreamRequestHandler;
import socketserver.StreamSocket;
import socketserver.TCPServer;
import socketserver.ThreadPoolMixIn;
import socketserver.ThreadingMixIn;
import socketserver.UDPServer;
import socketserver.VirtualThreadingMixIn;
import socketserver.fixture.Descriptors;
import socketserver.fixture.Eventually;
import socketserver.fixture.LogCapture;
import socketserver.fixture.RequestThreads;
import socketserver.fixture.RunningServer;
import socketserver.fixture.StandardError;
import socketserver.fixture.TcpClient;
import socketserver.fixture.UdpClient;

/** An Error in any hook costs one request at most, and leaves nothing open. */
@Timeout(60)
class HookErrorsTest {
  /** Where the Error comes from. */
  enum Hook {
    GET_REQUEST,
    AFTER_GET_REQUEST,
    VERIFY_REQUEST,
    PROCESS_REQUEST,
    FINISH_REQUEST,
    SETUP,
    HANDLE,
    FINISH,
    SHUTDOWN_REQUEST,
    CLOSE_REQUEST,
    HANDLE_ERROR,
    HANDLE_TIMEOUT,
    SERVICE_ACTIONS
  }

  private static final class HookError extends Error {
    private static final long serialVersionUID = 1L;

    HookError(Hook hook) {
      super("injected: " + hook);
    }
  }

  /** The hook that is to fail, once; or null. */
  private static final AtomicReference<Hook> FAILS = new AtomicReference<>();

  static void at(Hook hook) {
    if (FAILS.compareAndSet(hook, null)) {
      throw new HookError(hook);
    }
  }

  private interface FailingOnce<R> extends RequestHooks<R> {
    @Override
    default Accepted<R> getRequest() throws IOException {
      at(Hook.GET_REQUEST);
      Accepted<R> accepted = RequestHooks.super.getRequest();
      at(Hook.AFTER_GET_REQUEST);
      return accepted;
    }

    @Override
    default boolean verifyRequest(R request, SocketAddress client) throws Exception {
      at(Hook.VERIFY_REQUEST);
      return RequestHooks.super.verifyRequest(request, client);
    }

    @Override
    default void processRequest(R request, SocketAddress client) throws Exception {
      at(Hook.PROCESS_REQUEST);
      RequestHooks.super.processRequest(request, client);
    }

    @Override
    default void finishRequest(R request, SocketAddress client) throws Exception {
      at(Hook.FINISH_REQUEST);
      RequestHooks.super.finishRequest(request, client);
    }

    @Override
    default void shutdownRequest(R request) {
      at(Hook.SHUTDOWN_REQUEST);
      RequestHooks.super.shutdownRequest(request);
    }

    @Override
    default void closeRequest(R request) {
      at(Hook.CLOSE_REQUEST);
      RequestHooks.super.closeRequest(request);
    }

    @Override
    default void handleError(R request, SocketAddress client, Throwable error) {
      at(Hook.HANDLE_ERROR);
    }

    @Override
    default void handleTimeout() throws Exception {
      at(Hook.HANDLE_TIMEOUT);
      RequestHooks.super.handleTimeout();
    }

    @Override
    default void serviceActions() throws Exception {
      at(Hook.SERVICE_ACTIONS);
      RequestHooks.super.serviceActions();
    }
  }

  private static TCPServer tcp(Threads threads, HandlerFactory<StreamSocket> handler)
      throws IOException {
    return switch (threads) {
      case PLAIN -> new PlainTcp(handler);
      case THREADING -> new ThreadingTcp(handler);
      case POOL -> new PoolTcp(handler);
      case VIRTUAL -> new VirtualTcp(handler);
      case EVENTLOOP -> new OnLoopsTcp(handler);
    };
  }

  private static UDPServer udp(Threads threads, HandlerFactory<DatagramRequest> handler)
      throws IOException {
    return switch (threads) {
      case PLAIN -> new PlainUdp(handler);
      case THREADING -> new ThreadingUdp(handler);
      case POOL -> new PoolUdp(handler);
      case VIRTUAL -> new VirtualUdp(handler);
      case EVENTLOOP -> new OnLoopsUdp(handler);
    };
  }

  private static final class PlainTcp extends TCPServer implements FailingOnce<StreamSocket> {
    PlainTcp(HandlerFactory<StreamSocket> handler) throws IOException {
      super(RunningServer.anyPort(), handler);
    }
  }

  private static final class ThreadingTcp extends TCPServer
      implements ThreadingMixIn, FailingOnce<StreamSocket> {
    ThreadingTcp(HandlerFactory<StreamSocket> handler) throws IOException {
      super(RunningServer.anyPort(), handler);
    }
  }

  private static final class PoolTcp extends TCPServer
      implements ThreadPoolMixIn, FailingOnce<StreamSocket> {
    PoolTcp(HandlerFactory<StreamSocket> handler) throws IOException {
      super(RunningServer.anyPort(), handler);
    }
  }

  private static final class VirtualTcp extends TCPServer
      implements VirtualThreadingMixIn, FailingOnce<StreamSocket> {
    VirtualTcp(HandlerFactory<StreamSocket> handler) throws IOException {
      super(RunningServer.anyPort(), handler);
    }
  }

  private static final class OnLoopsTcp extends TCPServer
      implements EventLoopMixIn, FailingOnce<StreamSocket> {
    OnLoopsTcp(HandlerFactory<StreamSocket> handler) throws IOException {
      super(RunningServer.anyPort(), handler);
    }
  }

  private static final class PlainUdp extends UDPServer implements FailingOnce<DatagramRequest> {
    PlainUdp(HandlerFactory<DatagramRequest> handler) throws IOException {
      super(RunningServer.anyPort(), handler);
    }
  }

  private static final class ThreadingUdp extends UDPServer
      implements ThreadingMixIn, FailingOnce<DatagramRequest> {
    ThreadingUdp(HandlerFactory<DatagramRequest> handler) throws IOException {
      super(RunningServer.anyPort(), handler);
    }
  }

  private static final class PoolUdp extends UDPServer
      implements ThreadPoolMixIn, FailingOnce<DatagramRequest> {
    PoolUdp(HandlerFactory<DatagramRequest> handler) throws IOException {
      super(RunningServer.anyPort(), handler);
    }
  }

  private static final class VirtualUdp extends UDPServer
      implements VirtualThreadingMixIn, FailingOnce<DatagramRequest> {
    VirtualUdp(HandlerFactory<DatagramRequest> handler) throws IOException {
      super(RunningServer.anyPort(), handler);
    }
  }

  private static final class OnLoopsUdp extends UDPServer
      implements EventLoopMixIn, FailingOnce<DatagramRequest> {
    OnLoopsUdp(HandlerFactory<DatagramRequest> handler) throws IOException {
      super(RunningServer.anyPort(), handler);
    }
  }

  private static final class Lines extends StreamRequestHandler {
    @Override
    public void setup() throws Exception {
      at(Hook.SETUP);
      super.setup();
    }

    @Override
    public void handle() throws IOException {
      at(Hook.HANDLE);
      if (FAILS.get() == Hook.HANDLE_ERROR) {
        throw new HookError(Hook.HANDLE);
      }
      wfile.write(rfile.readline());
    }

    @Override
    public void finish() throws Exception {
      at(Hook.FINISH);
      super.finish();
    }
  }

  private static final class Datagrams extends DatagramRequestHandler {
    @Override
    public void setup() throws Exception {
      at(Hook.SETUP);
      super.setup();
    }

    @Override
    public void handle() throws IOException {
      at(Hook.HANDLE);
      if (FAILS.get() == Hook.HANDLE_ERROR) {
        throw new HookError(Hook.HANDLE);
      }
      wfile.write(packet);
    }

    @Override
    public void finish() throws Exception {
      at(Hook.FINISH);
      super.finish();
    }
  }

  /** The JDK keeps a socket of its own once there has been one. */
  @BeforeAll
  static void openWhatStaysOpen() throws IOException {
    Descriptors.assumeCountable();
    new DatagramSocket().close();
    try (var running = RunningServer.start(tcp(Threads.PLAIN, Lines::new));
        var client = TcpClient.to(running)) {
      assertEquals("first\n", client.send("first\n").line());
    }
  }

  /** That of handleError ends a loop without threads: the twin of Python's bare raise. */
  static Stream<Arguments> hooks() {
    return Stream.of(Threads.values())
        .flatMap(
            threads ->
                Stream.of(Hook.values())
                    .filter(hook -> hook != Hook.HANDLE_TIMEOUT)
                    .filter(hook -> hook != Hook.HANDLE_ERROR || threads.areMany())
                    .map(hook -> Arguments.of(threads, hook)));
  }

  @ParameterizedTest
  @MethodSource("hooks")
  @SuppressWarnings("try") // the log and the output are only kept apart
  void costsOneConnectionAtMost(Threads threads, Hook hook) throws Exception {
    threads.assumeWorksHere();
    long before = Descriptors.sockets();
    try (var log = new LogCapture();
        var printed = new StandardError();
        var running = RunningServer.start(tcp(threads, Lines::new))) {
      FAILS.set(hook);
      try (var client = TcpClient.to(running)) {
        assertEnds(client.send("one\n"));
      }
      Eventually.holds("the hook was called", () -> FAILS.get() == null);
      try (var client = TcpClient.to(running)) {
        assertEquals("two\n", client.send("two\n").rest());
      }
    }
    RequestThreads.awaitNone();
    awaitSockets(before);
  }

  /** With an answer or without, or with a reset. */
  private static void assertEnds(TcpClient client) throws IOException {
    try {
      client.all();
    } catch (SocketException e) {
      // an end as well: the handler has not read the line
    }
  }

  @ParameterizedTest
  @MethodSource("hooks")
  @SuppressWarnings("try") // the log and the output are only kept apart
  void costsOneDatagramAtMost(Threads threads, Hook hook) throws Exception {
    threads.assumeWorksHere();
    long before = Descriptors.sockets();
    try (var log = new LogCapture();
        var printed = new StandardError();
        var running = RunningServer.start(udp(threads, Datagrams::new));
        var client = UdpClient.to(running)) {
      FAILS.set(hook);
      client.send("one");
      Eventually.holds("the hook was called", () -> FAILS.get() == null);
      client.send("two");
      // finish() answers also what the handler has not, as Python's does
      while (!client.text().equals("two")) {}
    }
    RequestThreads.awaitNone();
    awaitSockets(before);
  }

  @ParameterizedTest
  @EnumSource
  void ofHandleTimeoutIsTheCallersAndTheServerGoesOn(Threads threads) throws Exception {
    threads.assumeWorksHere();
    long before = Descriptors.sockets();
    try (var server = tcp(threads, Lines::new)) {
      server.timeout(Duration.ZERO);
      FAILS.set(Hook.HANDLE_TIMEOUT);
      assertThrows(HookError.class, server::handleRequest);
      server.timeout(null);
      try (var client = TcpClient.to(server)) {
        client.send("two\n");
        server.handleRequest();
        assertEquals("two\n", client.rest());
      }
    }
    RequestThreads.awaitNone();
    awaitSockets(before);
  }

  private static void awaitSockets(long before) {
    Eventually.holds(
        () -> Descriptors.sockets() + " sockets are open, before " + before,
        () -> Descriptors.sockets() <= before);
  }
}
