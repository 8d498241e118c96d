package socketserver.hooks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.SocketAddress;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import socketserver.StreamSocket;
import socketserver.TCPServer;
import socketserver.ThreadingMixIn;
import socketserver.UDPServer;
import socketserver.fixture.RunningServer;
import socketserver.fixture.TcpClient;
import socketserver.fixture.UdpClient;

/** The hooks are called in Python's order, on Python's thread and as often as Python calls them. */
@Timeout(60)
class CallOrderTest extends RecordingServers {
  private static final List<String> HANDED_OVER =
      List.of("getRequest", "verifyRequest", "processRequest");

  private static final List<String> ACCEPTED = concat(HANDED_OVER, List.of("finishRequest"));

  private static final List<String> IN_THE_THREAD =
      List.of("processRequestThread", "finishRequest");

  /** How a request is handled that goes well. */
  private static final List<String> HANDLED =
      List.of("setup", "handle", "finish", "shutdownRequest", "closeRequest");

  /** Notes how it is opened and closed, too. */
  private final class WholeLife extends Streams {
    WholeLife() throws IOException {}

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

  private final class ThreadedDatagrams extends Datagrams implements ThreadingMixIn {
    ThreadedDatagrams() throws IOException {}
  }

  @Test
  void constructorBindsAndActivates() throws IOException {
    new WholeLife().close();
    assertEquals(List.of("serverBind", "serverActivate", "serverClose"), on("L "));
  }

  @Test
  void requestIsHandledShutDownAndClosed() throws IOException {
    takeOne(new Streams());
    assertEquals(concat(ACCEPTED, HANDLED), on("L "));
  }

  @Test
  void datagramIsHandledLikeAConnection() throws IOException {
    takeOne(new Datagrams());
    assertEquals(concat(ACCEPTED, HANDLED), on("L "));
  }

  /** The handler's methods that are called, one of which fails. */
  @ParameterizedTest
  @CsvSource({"setup, setup", "handle, setup handle finish", "finish, setup handle finish"})
  void whatFailsIsHandledAfterTheHandlersLastCall(String failing, String called)
      throws IOException {
    takeOne(new Streams(failing));
    assertEquals(concat(ACCEPTED, failed(failing, called)), on("L "));
  }

  private static List<String> failed(String failing, String called) {
    return concat(
        List.of(called.split(" ")),
        List.of("handleError " + failing + " failed", "shutdownRequest", "closeRequest"));
  }

  @Test
  void rejectedRequestIsShutDownWithoutBeingProcessed() throws IOException {
    class Rejecting extends Streams {
      Rejecting() throws IOException {}

      @Override
      public boolean verifyRequest(StreamSocket request, SocketAddress client) throws Exception {
        super.verifyRequest(request, client);
        return false;
      }
    }

    takeOne(new Rejecting());
    assertEquals(
        List.of("getRequest", "verifyRequest", "shutdownRequest", "closeRequest"), on("L "));
  }

  @Test
  void threadRunsEverythingFromFinishRequestOn() throws IOException {
    takeOne(new ThreadedStreams("nothing"));
    calls.await("W closeRequest", 1);
    assertEquals(HANDED_OVER, on("L "));
    assertEquals(concat(IN_THE_THREAD, HANDLED), on("W "));
  }

  @Test
  void threadReportsItsOwnErrors() throws IOException {
    takeOne(new ThreadedStreams("handle"));
    calls.await("W closeRequest", 1);
    assertEquals(concat(IN_THE_THREAD, failed("handle", "setup handle finish")), on("W "));
  }

  @Test
  void datagramsAreRunInThreadsToo() throws IOException {
    takeOne(new ThreadedDatagrams());
    calls.await("W closeRequest", 1);
    assertEquals(HANDED_OVER, on("L "));
    assertEquals(concat(IN_THE_THREAD, HANDLED), on("W "));
  }

  @Test
  void serviceActionsFollowEachRequestOfALoop() throws IOException {
    try (var running = RunningServer.start(new Streams())) {
      for (int i = 1; i <= 2; i++) {
        try (var client = TcpClient.to(running)) {
          assertEquals("", client.rest());
        }
        calls.await("L serviceActions", i);
      }
    }
    List<String> once = concat(concat(ACCEPTED, HANDLED), List.of("serviceActions"));
    assertEquals(concat(once, once), on("L ").subList(0, 2 * once.size()));
  }

  /** Serves one client, which sees the end. */
  private static void takeOne(TCPServer server) throws IOException {
    try (server;
        var client = TcpClient.to(server)) {
      server.handleRequest();
      assertEquals("", client.rest());
    }
  }

  /** Handles one datagram. */
  private static void takeOne(UDPServer server) throws IOException {
    try (server;
        var client = UdpClient.to(server)) {
      client.send("x");
      server.handleRequest();
    }
  }

  private List<String> on(String thread) {
    return calls.all().stream()
        .filter(call -> call.startsWith(thread))
        .map(call -> call.substring(thread.length()))
        .toList();
  }

  private static List<String> concat(List<String> first, List<String> then) {
    return Stream.concat(first.stream(), then.stream()).toList();
  }
}
