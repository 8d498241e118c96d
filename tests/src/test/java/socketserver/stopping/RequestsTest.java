package socketserver.stopping;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import socketserver.Accepted;
import socketserver.BaseRequestHandler;
import socketserver.BaseServer;
import socketserver.RequestTask;
import socketserver.RunningRequest;
import socketserver.StreamRequestHandler;
import socketserver.StreamSocket;
import socketserver.TCPServer;
import socketserver.ThreadPoolMixIn;
import socketserver.ThreadingMixIn;
import socketserver.contract.Peer;
import socketserver.fixture.Bounds;
import socketserver.fixture.Eventually;
import socketserver.fixture.RunningServer;
import socketserver.fixture.StandardError;
import socketserver.fixture.TcpClient;
import socketserver.fixture.UdpClient;
import socketserver.tls.Contexts;

/** The requests that run on a server, as {@code requests()} shows them. */
@Timeout(60)
class RequestsTest {
  private final Stage stage = new Stage();

  @AfterEach
  void letGo() {
    stage.release.countDown();
  }

  private RunningServer<TCPServer> start(Mixed mixed) throws IOException {
    return RunningServer.start(mixed.tcp(stage.lines()));
  }

  @ParameterizedTest
  @EnumSource
  void aRequestIsThereWhileItsHandlerRuns(Mixed mixed) throws Exception {
    Instant before = Instant.now().minusMillis(1);
    try (var running = start(mixed)) {
      TCPServer server = running.server();
      assertEquals(List.of(), server.requests());
      try (TcpClient client = TcpClient.to(running)) {
        RunningRequest request = Stage.awaitIdle(server);
        assertEquals(client.address(), request.clientAddress());
        assertFalse(request.since().isBefore(before), request.since().toString());
        assertFalse(request.since().isAfter(Instant.now()), request.since().toString());
        assertNotNull(request.thread());
        assertEquals(mixed.isSync(), request.thread() == running.thread());
        assertEquals(OptionalLong.empty(), request.pid());
        assertEquals(List.of(request), server.requests());
      }
      Stage.awaitNone(server);
    }
  }

  @ParameterizedTest
  @EnumSource
  void bytesAreThoseOfTheApplication(Mixed mixed) throws Exception {
    try (var running = start(mixed);
        TcpClient client = TcpClient.to(running)) {
      client.send("12345\n");
      assertEquals("12345\n", client.line());
      RunningRequest request = Stage.awaitIdle(running.server());
      assertEquals(6, request.bytesIn());
      assertEquals(6, request.bytesOut());
      client.send("1\n22\n");
      assertEquals("1\n", client.line());
      assertEquals("22\n", client.line());
      // what was written is counted when the call has returned
      Eventually.holds("all is counted", () -> request.bytesOut() == 11);
      assertEquals(11, request.bytesIn());
    }
  }

  @ParameterizedTest
  @EnumSource
  void whoDoesNotWaitForTheClientSaysSo(Mixed mixed) throws Exception {
    try (var running = start(mixed);
        TcpClient client = TcpClient.to(running)) {
      client.send("hold\n");
      stage.await("holds");
      RunningRequest request = Stage.only(running.server());
      assertEquals(Duration.ZERO, request.waitingFor());
      stage.release.countDown();
      assertEquals("done\n", client.line());
      Duration first = Stage.awaitIdle(running.server()).waitingFor();
      Eventually.holds("it waits longer", () -> request.waitingFor().compareTo(first) > 0);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whoWaitsForAClientThatTakesNothingSaysSo(Mixed mixed) throws Exception {
    try (var running = start(mixed);
        TcpClient client = TcpClient.to(running.address(), 4096)) {
      client.send("flood\n");
      RunningRequest request = Stage.awaitIdle(running.server());
      Eventually.holds(
          "nothing moves, and the time runs",
          () -> {
            long sent = request.bytesOut();
            Duration waited = request.waitingFor();
            return sent > 0
                && waited.compareTo(Duration.ofMillis(100)) > 0
                && request.bytesOut() == sent;
          });
      request.close();
      stage.await("BrokenPipeException");
      Stage.awaitNone(running.server());
    }
  }

  @ParameterizedTest
  @EnumSource
  void closeEndsTheStreamForBoth(Mixed mixed) throws Exception {
    try (var running = start(mixed);
        TcpClient client = TcpClient.to(running)) {
      Stage.awaitIdle(running.server()).close();
      assertEquals("", client.rest());
      stage.await("end of stream");
      Stage.awaitNone(running.server());
    }
  }

  @ParameterizedTest
  @EnumSource
  void abortResetsTheConnection(Mixed mixed) throws Exception {
    try (var running = start(mixed);
        TcpClient client = TcpClient.to(running)) {
      Stage.awaitIdle(running.server()).abort();
      assertThrows(SocketException.class, client::rest);
      stage.await("ConnectionException");
      Stage.awaitNone(running.server());
    }
  }

  @ParameterizedTest
  @EnumSource
  void aTlsConnectionIsEndedByCloseNotifyAndCutByAbort(Mixed mixed) throws Exception {
    class Secure extends StreamRequestHandler {
      @Override
      public void setup() throws Exception {
        request.startTls(Contexts.SERVER);
        super.setup();
      }

      @Override
      public void handle() throws Exception {
        byte[] line = rfile.readline();
        while (line.length > 0) {
          wfile.write(line);
          line = rfile.readline();
        }
        stage.tell("end of stream");
      }
    }
    try (var running = RunningServer.start(mixed.tcp(Secure::new))) {
      try (StreamSocket client = StreamSocket.connect(running.address(), Bounds.WAIT)) {
        // so that an end without close_notify is an error
        client.suppressRaggedEofs(false);
        client.startTls(Contexts.CLIENT, "localhost");
        client.sendall("line\n");
        assertEquals("line\n", new String(client.recv(100), StandardCharsets.UTF_8));
        RunningRequest request = Stage.awaitIdle(running.server());
        assertEquals(5, request.bytesIn());
        assertEquals(5, request.bytesOut());
        request.close();
        assertEquals(0, client.recv(100).length);
        stage.await("end of stream");
      }
      Stage.awaitNone(running.server());
      try (StreamSocket client = StreamSocket.connect(running.address(), Bounds.WAIT)) {
        client.startTls(Contexts.CLIENT, "localhost");
        client.sendall("line\n");
        assertEquals("line\n", new String(client.recv(100), StandardCharsets.UTF_8));
        Stage.awaitIdle(running.server()).abort();
        assertThrows(IOException.class, () -> client.recv(100));
      }
      Stage.awaitNone(running.server());
    }
  }

  @ParameterizedTest
  @EnumSource
  void closeClientsEndsAllAndTheServerGoesOn(Mixed mixed) throws Exception {
    try (var running = start(mixed)) {
      try (TcpClient client = TcpClient.to(running)) {
        Stage.awaitIdle(running.server());
        running.server().closeClients();
        assertEquals("", client.rest());
      }
      try (TcpClient client = TcpClient.to(running)) {
        assertEquals("next\n", client.send("next\n").line());
        running.server().abortClients();
        assertThrows(SocketException.class, client::rest);
      }
      Stage.awaitNone(running.server());
    }
  }

  @ParameterizedTest
  @EnumSource
  void aDatagramIsARequestWithoutAConnection(Mixed mixed) throws Exception {
    try (var running = RunningServer.start(mixed.udp(stage.datagrams()));
        UdpClient client = UdpClient.to(running)) {
      client.send("hold");
      stage.await("holds");
      RunningRequest request = Stage.only(running.server());
      assertEquals(client.address(), request.clientAddress());
      assertEquals(4, request.bytesIn());
      assertEquals(Duration.ZERO, request.waitingFor());
      request.close();
      request.abort();
      stage.release.countDown();
      assertEquals("done", client.text());
      Stage.awaitNone(running.server());
    }
  }

  @ParameterizedTest
  @EnumSource
  void requestsOfUnixServersAreThereToo(Mixed mixed, @TempDir Path folder) throws Exception {
    Path path = folder.resolve("s");
    try (var running = RunningServer.start(mixed.unix(path, stage.lines()));
        Peer peer = new Peer(SocketChannel.open(UnixDomainSocketAddress.of(path)))) {
      peer.send("line\n");
      assertEquals("line\n", peer.receiveText(5));
      RunningRequest request = Stage.awaitIdle(running.server());
      assertEquals(5, request.bytesIn());
      assertEquals(5, request.bytesOut());
      request.close();
      assertEquals(0, peer.receiveAll().length);
      Stage.awaitNone(running.server());
    }
  }

  @ParameterizedTest
  @EnumSource
  void anErrorOfAHandlerLeavesNothing(Mixed mixed) throws Exception {
    class Overflowing extends StreamRequestHandler {
      @Override
      public void handle() throws Exception {
        String line = rfile.readline(StandardCharsets.UTF_8).strip();
        if (line.equals("memory")) {
          throw new OutOfMemoryError("on purpose");
        }
        wfile.write(depth(0) + "\n");
      }

      private int depth(int levels) throws Exception {
        // calls of the library on the way down
        server.requests();
        wfile.flush();
        return depth(levels + 1) + 1;
      }
    }
    try (var printed = new StandardError();
        var running = RunningServer.start(mixed.tcp(Overflowing::new))) {
      for (String line : new String[] {"stack\n", "memory\n", "stack\n"}) {
        try (TcpClient client = TcpClient.to(running)) {
          assertEquals("", client.send(line).rest());
        }
      }
      Stage.awaitNone(running.server());
      assertEquals(0, running.server().serverClose(Bounds.NEVER));
      assertTrue(printed.text().contains("StackOverflowError"), printed.text());
    }
  }

  // Pools

  private final class OneWorker extends TCPServer implements ThreadPoolMixIn {
    OneWorker(WhenFull whenFull) throws IOException {
      super(RunningServer.anyPort(), stage.lines());
      maxWorkers(1);
      maxWaiting(whenFull == WhenFull.WAIT ? 8 : 0);
      whenFull(whenFull);
    }
  }

  @Test
  void aRequestThatWaitsForAThreadHasNone() throws Exception {
    try (var running = RunningServer.start(new OneWorker(ThreadPoolMixIn.WhenFull.WAIT));
        TcpClient first = TcpClient.to(running)) {
      first.send("hold\n");
      stage.await("holds");
      try (TcpClient second = TcpClient.to(running)) {
        Eventually.holds("both are there", () -> running.server().requests().size() == 2);
        RunningRequest waiting =
            running.server().requests().stream()
                .filter(request -> request.clientAddress().equals(second.address()))
                .findFirst()
                .orElseThrow();
        assertNull(waiting.thread());
        stage.release.countDown();
        first.end();
        Eventually.holds("the other one runs", () -> waiting.thread() != null);
      }
      Stage.awaitNone(running.server());
    }
  }

  @Test
  void aRequestThatIsRefusedIsNotThere() throws Exception {
    try (var running = RunningServer.start(new OneWorker(ThreadPoolMixIn.WhenFull.REFUSE));
        TcpClient first = TcpClient.to(running)) {
      first.send("hold\n");
      stage.await("holds");
      try (TcpClient second = TcpClient.to(running)) {
        assertEquals("", second.rest());
      }
      assertEquals(first.address(), Stage.only(running.server()).clientAddress());
      stage.release.countDown();
    }
  }

  @Test
  void aRequestWhoseThreadCannotStartIsNotThere() throws Exception {
    class Failing extends TCPServer implements ThreadPoolMixIn {
      Failing() throws IOException {
        super(RunningServer.anyPort(), stage.lines());
        executor(
            work -> {
              throw new java.util.concurrent.RejectedExecutionException("on purpose");
            });
      }

      @Override
      public void handleError(StreamSocket request, SocketAddress client, Throwable error) {}
    }
    try (var running = RunningServer.start(new Failing());
        TcpClient client = TcpClient.to(running)) {
      assertEquals("", client.rest());
      Stage.awaitNone(running.server());
    }
  }

  // Servers that do it in their own way

  @Test
  void aPoolOfTheProgramsOwnIsSeenWhenItCallsProcessRequestThread() throws Exception {
    ExecutorService pool = Executors.newSingleThreadExecutor();
    class OwnPool extends TCPServer {
      OwnPool() throws IOException {
        super(RunningServer.anyPort(), stage.lines());
      }

      @Override
      public void processRequest(StreamSocket request, SocketAddress client) {
        pool.execute(() -> processRequestThread(request, client));
      }
    }
    try (var running = RunningServer.start(new OwnPool());
        TcpClient client = TcpClient.to(running)) {
      assertEquals("line\n", client.send("line\n").line());
      RunningRequest request = Stage.awaitIdle(running.server());
      assertEquals(client.address(), request.clientAddress());
      request.close();
      assertEquals("", client.rest());
      Stage.awaitNone(running.server());
    } finally {
      pool.shutdown();
    }
  }

  @Test
  void aServerThatKeepsTheSocketsItselfHasNoRequests() throws Exception {
    List<StreamSocket> kept = new java.util.concurrent.CopyOnWriteArrayList<>();
    class Keeping extends TCPServer {
      Keeping() throws IOException {
        super(RunningServer.anyPort(), stage.lines());
      }

      @Override
      public void processRequest(StreamSocket request, SocketAddress client) {
        kept.add(request);
      }
    }
    try (var running = RunningServer.start(new Keeping());
        TcpClient client = TcpClient.to(running)) {
      Eventually.holds("it is taken", () -> kept.size() == 1);
      assertEquals(List.of(), running.server().requests());
      assertEquals(0, running.server().serverClose(Duration.ZERO));
      kept.get(0).sendall("still here\n");
      assertEquals("still here\n", client.line());
    } finally {
      kept.forEach(StreamSocket::close);
    }
  }

  @Test
  void oneAndTheSameRequestMayRunTwice() throws Exception {
    class Holding extends BaseRequestHandler<Object> {
      @Override
      public void handle() {
        stage.tell("begun");
        Eventually.opens("the test lets the handler go", stage.release);
      }
    }
    class Same extends BaseServer<Object> implements ThreadingMixIn {
      private int left = 2;

      Same() {
        super(null, Holding::new);
      }

      @Override
      public Accepted<Object> getRequest() throws IOException {
        if (left-- > 0) {
          return new Accepted<>("the same", null);
        }
        throw new java.net.SocketTimeoutException();
      }
    }
    Same server = new Same();
    server.handleRequest();
    server.handleRequest();
    stage.await("begun");
    stage.await("begun");
    assertEquals(2, server.requests().size());
    stage.release.countDown();
    Stage.awaitNone(server);
    server.close();
  }

  @Test
  void aMixInThatRunsTheTaskLaterHasItInTheListUntilThen() throws Exception {
    List<RequestTask> later = new java.util.concurrent.CopyOnWriteArrayList<>();
    class Later extends TCPServer {
      Later() throws IOException {
        super(RunningServer.anyPort(), stage.lines());
      }

      @Override
      public void dispatchRequest(RequestTask task) {
        later.add(task);
      }
    }
    try (var running = RunningServer.start(new Later());
        TcpClient client = TcpClient.to(running)) {
      assertNull(Stage.only(running.server()).thread());
      client.send("line\n").end();
      Eventually.holds("it is dispatched", () -> later.size() == 1);
      later.get(0).runInThread();
      assertEquals(List.of(), running.server().requests());
      assertEquals("line\n", client.rest());
    }
  }

  @Test
  void whatHasEndedIsLeftAloneByCloseAndAbort() throws Exception {
    List<StreamSocket> kept = new java.util.concurrent.CopyOnWriteArrayList<>();
    class Keeping extends TCPServer {
      Keeping() throws IOException {
        super(RunningServer.anyPort(), stage.lines());
      }

      @Override
      public void shutdownRequest(StreamSocket request) {
        kept.add(request);
      }
    }
    try (var running = RunningServer.start(new Keeping());
        TcpClient client = TcpClient.to(running)) {
      RunningRequest request = Stage.awaitIdle(running.server());
      client.end();
      Stage.awaitNone(running.server());
      request.close();
      request.abort();
      assertNull(request.thread());
      assertTrue(request.toString().contains(client.address().toString()), request.toString());
      kept.get(0).sendall("still here\n");
      assertEquals("still here\n", client.line());
    } finally {
      kept.forEach(StreamSocket::close);
    }
  }
}
