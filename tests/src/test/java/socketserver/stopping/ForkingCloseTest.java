package socketserver.stopping;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import socketserver.ForkingTCPServer;
import socketserver.RunningRequest;
import socketserver.fixture.Background;
import socketserver.fixture.Bounds;
import socketserver.fixture.Child;
import socketserver.fixture.Eventually;
import socketserver.fixture.Processes;
import socketserver.fixture.RunningServer;
import socketserver.fixture.TcpClient;

/** The requests of forking servers, and how they end with the server. */
@Timeout(180)
class ForkingCloseTest {
  private static ForkingTCPServer server(int requestsPerChild) throws IOException {
    ForkingTCPServer server = new Stopped.Forking();
    server.maxRequestsPerChild(requestsPerChild);
    return server;
  }

  private static String rest(TcpClient client) throws IOException {
    try {
      return client.rest();
    } catch (SocketException e) {
      return "";
    }
  }

  @Test
  void aRequestIsThereAsLongAsItsChildIsAtIt() throws Exception {
    try (var running = RunningServer.start(server(1));
        TcpClient client = TcpClient.to(running)) {
      long pid = Long.parseLong(client.send("pid?\n").line().strip());
      RunningRequest request = Stage.only(running.server());
      assertEquals(client.address(), request.clientAddress());
      assertEquals(OptionalLong.of(pid), request.pid());
      assertNull(request.thread());
      assertEquals(Duration.ZERO, request.waitingFor());
      assertEquals("false\n", client.send("closing?\n").line());
      client.end();
      assertEquals("", client.rest());
      Stage.awaitNone(running.server());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void closeAndAbortEndTheProcess(boolean abort) throws Exception {
    try (var running = RunningServer.start(server(0))) {
      long pid;
      try (TcpClient client = TcpClient.to(running)) {
        pid = Long.parseLong(client.send("pid?\n").line().strip());
        RunningRequest request = Stage.only(running.server());
        if (abort) {
          request.abort();
        } else {
          request.close();
        }
        assertEquals("", rest(client));
        Processes.awaitEnd(pid);
        Stage.awaitNone(running.server());
        // it has ended: the process of another one is left alone
        request.abort();
      }
      try (TcpClient client = TcpClient.to(running)) {
        assertNotEquals(pid, Long.parseLong(client.send("pid?\n").line().strip()));
      }
    }
  }

  @Test
  void whatRunsMayFinish() throws Exception {
    try (var running = RunningServer.start(server(1));
        TcpClient client = TcpClient.to(running)) {
      assertEquals("line\n", client.send("line\n").line());
      CompletableFuture<Integer> cut =
          Background.ask("closes", () -> running.server().serverClose(Bounds.NEVER));
      Eventually.ends(running.thread());
      assertEquals("more\n", client.send("more\n").line());
      client.end();
      assertEquals("", client.rest());
      assertEquals(0, Background.result(cut));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"line", "stuck"})
  void childrenAreEndedWhenTheGraceIsOver(String line) throws Exception {
    try (var running = RunningServer.start(server(1));
        TcpClient client = TcpClient.to(running)) {
      long pid = Long.parseLong(client.send("pid?\n").line().strip());
      client.send(line + "\n").line();
      assertEquals(1, running.server().serverClose(Duration.ofMillis(20)));
      Processes.awaitEnd(pid);
      rest(client);
    }
  }

  @Test
  void aStoppedChildIsKilled() throws Exception {
    try (var running = RunningServer.start(server(1));
        TcpClient client = TcpClient.to(running)) {
      long pid = Long.parseLong(client.send("pid?\n").line().strip());
      Processes.stop(pid);
      assertEquals(1, running.server().serverClose(Duration.ZERO));
      Processes.awaitEnd(pid);
      rest(client);
    }
  }

  // In a process of its own

  private static TcpClient client(Child child) throws IOException {
    return TcpClient.to(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(child.hear())), 0);
  }

  @Test
  void aSignalLetsChildrenFinish() throws Exception {
    try (Child child =
            Child.startForSignals(Stopped.class, java.util.List.of(), "FORKING", "3600000");
        TcpClient client = client(child)) {
      long pid = Long.parseLong(client.send("pid?\n").line().strip());
      // as a terminal does it, to all
      Processes.signal("INT", child.pid());
      Processes.signal("INT", pid);
      assertEquals("more\n", client.send("more\n").line());
      client.end();
      assertEquals("", client.rest());
      assertEquals(0, child.status(), child.output());
      Processes.awaitEnd(pid);
    }
  }

  @Test
  void aSignalCutsChildrenWhenTheGraceIsOver() throws Exception {
    try (Child child = Child.startForSignals(Stopped.class, java.util.List.of(), "FORKING", "50");
        TcpClient client = client(child)) {
      long pid = Long.parseLong(client.send("pid?\n").line().strip());
      Processes.signal("TERM", child.pid());
      assertEquals("", rest(client));
      assertEquals(0, child.status(), child.output());
      Processes.awaitEnd(pid);
      assertTrue(child.output().contains("that were cut: 1"), child.output());
    }
  }
}
