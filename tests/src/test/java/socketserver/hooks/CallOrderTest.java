package socketserver.hooks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.SocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import socketserver.DatagramRequest;
import socketserver.StreamSocket;
import socketserver.TCPServer;
import socketserver.ThreadingMixIn;
import socketserver.UDPServer;
import socketserver.fixture.Calls;
import socketserver.fixture.RunningServer;
import socketserver.fixture.TcpClient;
import socketserver.fixture.UdpClient;

/** The hooks are called in Python's order, on Python's thread and as often as Python calls them. */
@Timeout(60)
class CallOrderTest {
  private static final List<String> ACCEPTED =
      List.of("L getRequest", "L verifyRequest", "L processRequest", "L finishRequest");

  private final Calls calls = new Calls();

  private class Streams extends TCPServer implements Recorded<StreamSocket> {
    Streams(String failing) throws IOException {
      super(RunningServer.anyPort(), RecordedHandler.failingIn(failing, calls));
    }

    @Override
    public Calls calls() {
      return calls;
    }

    @Override
    public void serverBind() throws IOException {
      Recorded.note(calls, "serverBind");
      super.serverBind();
    }

    @Override
    public void serverActivate() throws IOException {
      Recorded.note(calls, "serverActivate");
      super.serverActivate();
    }

    @Override
    public void serverClose() {
      Recorded.note(calls, "serverClose");
      super.serverClose();
    }
  }

  private final class ThreadedStreams extends Streams implements ThreadingMixIn {
    ThreadedStreams(String failing) throws IOException {
      super(failing);
    }
  }

  private class Datagrams extends UDPServer implements Recorded<DatagramRequest> {
    Datagrams() throws IOException {
      super(RunningServer.anyPort(), RecordedHandler.noting(calls));
    }

    @Override
    public Calls calls() {
      return calls;
    }
  }

  private final class ThreadedDatagrams extends Datagrams implements ThreadingMixIn {
    ThreadedDatagrams() throws IOException {}
  }

  @Test
  void constructorBindsAndActivates() throws IOException {
    new Streams("nothing").close();
    assertEquals(List.of("L serverBind", "L serverActivate", "L serverClose"), calls.all());
  }

  @Test
  void requestIsHandledShutDownAndClosed() throws IOException {
    assertEquals(
        concat(ACCEPTED, "L setup", "L handle", "L finish", "L shutdownRequest", "L closeRequest"),
        takeOneStream("nothing"));
  }

  @Test
  void datagramIsHandledLikeAConnection() throws IOException {
    try (var server = new Datagrams();
        var client = UdpClient.to(server)) {
      client.send("x");
      server.handleRequest();
    }
    assertEquals(
        concat(ACCEPTED, "L setup", "L handle", "L finish", "L shutdownRequest", "L closeRequest"),
        calls.all());
  }

  @Test
  void handlerThatFailsIsFinishedBeforeTheErrorIsHandled() throws IOException {
    assertEquals(
        concat(
            ACCEPTED,
            "L setup",
            "L handle",
            "L finish",
            "L handleError handle failed",
            "L shutdownRequest",
            "L closeRequest"),
        takeOneStream("handle"));
  }

  @Test
  void handlerWhoseSetupFailsIsNeitherHandledNorFinished() throws IOException {
    assertEquals(
        concat(
            ACCEPTED,
            "L setup",
            "L handleError setup failed",
            "L shutdownRequest",
            "L closeRequest"),
        takeOneStream("setup"));
  }

  @Test
  void handlerWhoseFinishFailsIsReported() throws IOException {
    assertEquals(
        concat(
            ACCEPTED,
            "L setup",
            "L handle",
            "L finish",
            "L handleError finish failed",
            "L shutdownRequest",
            "L closeRequest"),
        takeOneStream("finish"));
  }

  @Test
  void rejectedRequestIsShutDownWithoutBeingProcessed() throws IOException {
    class Rejecting extends Streams {
      Rejecting() throws IOException {
        super("nothing");
      }

      @Override
      public boolean verifyRequest(StreamSocket request, SocketAddress client) throws Exception {
        super.verifyRequest(request, client);
        return false;
      }
    }

    try (var server = new Rejecting();
        var client = TcpClient.to(server)) {
      server.handleRequest();
      assertEquals("", client.rest());
    }
    assertEquals(
        List.of(
            "L serverBind",
            "L serverActivate",
            "L getRequest",
            "L verifyRequest",
            "L shutdownRequest",
            "L closeRequest",
            "L serverClose"),
        calls.all());
  }

  @Test
  void threadRunsEverythingFromFinishRequestOn() throws IOException {
    try (var server = new ThreadedStreams("nothing");
        var client = TcpClient.to(server)) {
      server.handleRequest();
      assertEquals("", client.rest());
      calls.await("W closeRequest", 1);
    }
    assertEquals(
        List.of(
            "serverBind",
            "serverActivate",
            "getRequest",
            "verifyRequest",
            "processRequest",
            "serverClose"),
        on("L "));
    assertEquals(
        List.of(
            "processRequestThread",
            "finishRequest",
            "setup",
            "handle",
            "finish",
            "shutdownRequest",
            "closeRequest"),
        on("W "));
  }

  @Test
  void threadReportsItsOwnErrors() throws IOException {
    try (var server = new ThreadedStreams("handle");
        var client = TcpClient.to(server)) {
      server.handleRequest();
      assertEquals("", client.rest());
      calls.await("W closeRequest", 1);
    }
    assertEquals(
        List.of(
            "processRequestThread",
            "finishRequest",
            "setup",
            "handle",
            "finish",
            "handleError handle failed",
            "shutdownRequest",
            "closeRequest"),
        on("W "));
  }

  @Test
  void datagramsAreRunInThreadsToo() throws IOException {
    try (var server = new ThreadedDatagrams();
        var client = UdpClient.to(server)) {
      client.send("x");
      server.handleRequest();
      calls.await("W closeRequest", 1);
    }
    assertEquals(List.of("getRequest", "verifyRequest", "processRequest"), on("L "));
    assertEquals(
        List.of(
            "processRequestThread",
            "finishRequest",
            "setup",
            "handle",
            "finish",
            "shutdownRequest",
            "closeRequest"),
        on("W "));
  }

  @Test
  void serviceActionsFollowEachRequestOfALoop() throws IOException {
    try (var running = RunningServer.start(new Streams("nothing"))) {
      for (int i = 1; i <= 2; i++) {
        try (var client = TcpClient.to(running)) {
          assertEquals("", client.rest());
        }
        calls.await("L serviceActions", i);
      }
    }
    List<String> once =
        List.of(
            "getRequest",
            "verifyRequest",
            "processRequest",
            "finishRequest",
            "setup",
            "handle",
            "finish",
            "shutdownRequest",
            "closeRequest",
            "serviceActions");
    List<String> served = on("L ");
    assertEquals(once, served.subList(2, 2 + once.size()));
    assertEquals(once, served.subList(2 + once.size(), 2 + 2 * once.size()));
  }

  /** Serves one client; returns the calls between those of opening and those of closing. */
  private List<String> takeOneStream(String failing) throws IOException {
    try (var server = new Streams(failing);
        var client = TcpClient.to(server)) {
      server.handleRequest();
      assertEquals("", client.rest());
    }
    return calls.all().subList(2, calls.all().size() - 1);
  }

  private List<String> on(String thread) {
    return calls.all().stream()
        .filter(call -> call.startsWith(thread))
        .map(call -> call.substring(thread.length()))
        .toList();
  }

  private static List<String> concat(List<String> first, String... then) {
    return Stream.concat(first.stream(), Arrays.stream(then)).toList();
  }
}
