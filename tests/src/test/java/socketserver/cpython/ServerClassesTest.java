package socketserver.cpython;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.newsclub.net.unix.AFUNIXDatagramSocket;
import org.newsclub.net.unix.AFUNIXSocket;
import org.newsclub.net.unix.AFUNIXSocketAddress;
import socketserver.DatagramRequest;
import socketserver.DatagramRequestHandler;
import socketserver.ForkingMixIn;
import socketserver.ForkingTCPServer;
import socketserver.ForkingUDPServer;
import socketserver.ForkingUnixDatagramServer;
import socketserver.ForkingUnixStreamServer;
import socketserver.SocketServer;
import socketserver.StreamRequestHandler;
import socketserver.StreamSocket;
import socketserver.TCPServer;
import socketserver.ThreadingTCPServer;
import socketserver.ThreadingUDPServer;
import socketserver.ThreadingUnixDatagramServer;
import socketserver.ThreadingUnixStreamServer;
import socketserver.UDPServer;
import socketserver.UnixDatagramServer;
import socketserver.UnixStreamServer;
import socketserver.fixture.Bounds;
import socketserver.fixture.Eventually;
import socketserver.fixture.LogCapture;
import socketserver.fixture.RequestThreads;
import socketserver.fixture.RunningServer;
import socketserver.fixture.TcpClient;
import socketserver.fixture.UdpClient;

/**
 * Every ready-made server answers three clients one after the other, shuts down and closes: the
 * test_TCPServer, test_ThreadingTCPServer, test_UDPServer and test_ThreadingUDPServer of CPython,
 * the same four of its Unix servers, and those of the forking ones.
 */
@Timeout(60)
class ServerClassesTest {
  private static final String LINE = "hello world\n";
  private static final int CLIENTS = 3;

  @TempDir Path folder;

  private final List<Throwable> errors = new CopyOnWriteArrayList<>();

  @Test
  void tcpServerEchoesALineToEachClient() throws Exception {
    askStreams(
        new TCPServer(RunningServer.anyPort(), StreamEcho::new) {
          @Override
          public void handleError(StreamSocket request, SocketAddress client, Throwable error) {
            closeRequest(request);
            errors.add(error);
          }
        });
  }

  @Test
  void threadingTcpServerEchoesALineToEachClient() throws Exception {
    askStreams(
        new ThreadingTCPServer(RunningServer.anyPort(), StreamEcho::new) {
          @Override
          public void handleError(StreamSocket request, SocketAddress client, Throwable error) {
            closeRequest(request);
            errors.add(error);
          }
        });
  }

  @Test
  void udpServerEchoesALineToEachClient() throws Exception {
    askDatagrams(
        new UDPServer(RunningServer.anyPort(), DatagramEcho::new) {
          @Override
          public void handleError(DatagramRequest request, SocketAddress client, Throwable error) {
            closeRequest(request);
            errors.add(error);
          }
        });
  }

  @Test
  void threadingUdpServerEchoesALineToEachClient() throws Exception {
    askDatagrams(
        new ThreadingUDPServer(RunningServer.anyPort(), DatagramEcho::new) {
          @Override
          public void handleError(DatagramRequest request, SocketAddress client, Throwable error) {
            closeRequest(request);
            errors.add(error);
          }
        });
  }

  @Test
  void unixStreamServerEchoesALineToEachClient() throws Exception {
    askUnixStreams(
        new UnixStreamServer(folder.resolve("server"), StreamEcho::new) {
          @Override
          public void handleError(StreamSocket request, SocketAddress client, Throwable error) {
            closeRequest(request);
            errors.add(error);
          }
        });
  }

  @Test
  void threadingUnixStreamServerEchoesALineToEachClient() throws Exception {
    askUnixStreams(
        new ThreadingUnixStreamServer(folder.resolve("server"), StreamEcho::new) {
          @Override
          public void handleError(StreamSocket request, SocketAddress client, Throwable error) {
            closeRequest(request);
            errors.add(error);
          }
        });
  }

  @Test
  void unixDatagramServerEchoesALineToEachClient() throws Exception {
    askUnixDatagrams(
        new UnixDatagramServer(folder.resolve("server"), DatagramEcho::new) {
          @Override
          public void handleError(DatagramRequest request, SocketAddress client, Throwable error) {
            closeRequest(request);
            errors.add(error);
          }
        });
  }

  @Test
  void threadingUnixDatagramServerEchoesALineToEachClient() throws Exception {
    askUnixDatagrams(
        new ThreadingUnixDatagramServer(folder.resolve("server"), DatagramEcho::new) {
          @Override
          public void handleError(DatagramRequest request, SocketAddress client, Throwable error) {
            closeRequest(request);
            errors.add(error);
          }
        });
  }

  @Test
  void forkingTcpServerEchoesALineToEachClientAndLeavesAForeignChildAlone() throws Exception {
    Process foreign = new ProcessBuilder("sh", "-c", "exit 72").start();
    askForking(this::askStreams, new ForkingTcp());
    assertTrue(foreign.waitFor(Bounds.WAIT.toSeconds(), TimeUnit.SECONDS));
    assertEquals(72, foreign.exitValue());
  }

  @Test
  void forkingUdpServerEchoesALineToEachClient() throws Exception {
    askForking(this::askDatagrams, new ForkingUdp());
  }

  @Test
  void forkingUnixStreamServerEchoesALineToEachClient() throws Exception {
    askForking(this::askUnixStreams, new ForkingUnixStreams(folder));
  }

  @Test
  void forkingUnixDatagramServerEchoesALineToEachClient() throws Exception {
    askForking(this::askUnixDatagrams, new ForkingUnixDatagrams(folder));
  }

  @Test
  void nameOfTheLoopbackInterfaceIsResolved() throws Exception {
    try (var server =
        new TCPServer(InetSocketAddress.createUnresolved("localhost", 0), StreamEcho::new)) {
      assertEquals("127.0.0.1", server.serverHost());
      assertEquals(server.socket().getsockname(), server.serverAddress());
    }
  }

  private void askStreams(TCPServer server) throws IOException {
    ask(
        server,
        number -> {
          try (var client = TcpClient.to(server)) {
            client.send(LINE);
            assertEquals(LINE, client.line());
          }
        });
  }

  private void askDatagrams(UDPServer server) throws IOException {
    ask(
        server,
        number -> {
          try (var client = UdpClient.to(server)) {
            client.send(LINE);
            assertEquals(LINE, client.text());
          }
        });
  }

  private void askUnixStreams(UnixStreamServer server) throws IOException {
    ask(
        server,
        number -> {
          try (var client = AFUNIXSocket.connectTo(path("server"))) {
            client.setSoTimeout((int) Bounds.WAIT.toMillis());
            client.getOutputStream().write(LINE.getBytes(StandardCharsets.US_ASCII));
            byte[] line = client.getInputStream().readNBytes(LINE.length());
            assertEquals(LINE, new String(line, StandardCharsets.US_ASCII));
          }
        });
  }

  private void askUnixDatagrams(UnixDatagramServer server) throws IOException {
    ask(
        server,
        number -> {
          try (var client = AFUNIXDatagramSocket.newInstance()) {
            client.setSoTimeout((int) Bounds.WAIT.toMillis());
            // nobody can answer a client without a path
            client.bind(path("client-" + number));
            byte[] line = LINE.getBytes(StandardCharsets.US_ASCII);
            client.getChannel().send(ByteBuffer.wrap(line), path("server"));
            DatagramPacket answer = new DatagramPacket(new byte[100], 100);
            client.receive(answer);
            assertEquals(
                LINE,
                new String(answer.getData(), 0, answer.getLength(), StandardCharsets.US_ASCII));
          }
        });
  }

  /** What a test does with a server, {@code ask} included. */
  private interface Examination<S> {
    void of(S server) throws IOException;
  }

  private <S extends SocketServer<?, ?> & ForkingMixIn> void askForking(
      Examination<? super S> examination, S server) throws IOException {
    Set<ProcessHandle> before = childProcesses();
    try (var log = new LogCapture()) {
      examination.of(server);
      assertEquals(Set.of(), server.activeChildren());
      assertEquals(List.of(), log.at(Level.WARN));
      List<String> ends = log.at(Level.DEBUG, "ended with status");
      assertTrue(ends.size() >= CLIENTS, ends::toString);
      // as in Python's harness handleError throws, so that an error is seen in the status
      assertTrue(ends.stream().allMatch(end -> end.endsWith("status 0")), ends::toString);
    }
    Eventually.holds("no child process is left", () -> before.containsAll(childProcesses()));
  }

  private static Set<ProcessHandle> childProcesses() {
    return ProcessHandle.current().children().collect(Collectors.toSet());
  }

  private AFUNIXSocketAddress path(String name) throws IOException {
    return AFUNIXSocketAddress.of(folder.resolve(name));
  }

  /** What a client does with the server; the argument numbers the clients. */
  private interface Exchange {
    void of(int number) throws IOException;
  }

  private void ask(SocketServer<?, ?> server, Exchange exchange) throws IOException {
    try (var running = RunningServer.start(server)) {
      assertEquals(running.server().socket().getsockname(), server.serverAddress());
      for (int i = 0; i < CLIENTS; i++) {
        exchange.of(i);
      }
    }
    assertEquals(-1, server.socket().fileno());
    assertEquals(List.of(), errors);
    RequestThreads.awaitNone();
  }

  private static final class StreamEcho extends StreamRequestHandler {
    @Override
    public void handle() throws IOException {
      wfile.write(rfile.readline());
    }
  }

  private static final class DatagramEcho extends DatagramRequestHandler {
    @Override
    public void handle() throws IOException {
      wfile.write(rfile.readline());
    }
  }

  // What crosses to a child is no inner class: that would take the test along.

  private static final class ForkingTcp extends ForkingTCPServer {
    ForkingTcp() throws IOException {
      super(RunningServer.anyPort(), StreamEcho::new);
    }

    @Override
    public void handleError(StreamSocket request, SocketAddress client, Throwable error) {
      closeRequest(request);
      throw new AssertionError(error);
    }
  }

  private static final class ForkingUdp extends ForkingUDPServer {
    ForkingUdp() throws IOException {
      super(RunningServer.anyPort(), DatagramEcho::new);
    }

    @Override
    public void handleError(DatagramRequest request, SocketAddress client, Throwable error) {
      closeRequest(request);
      throw new AssertionError(error);
    }
  }

  private static final class ForkingUnixStreams extends ForkingUnixStreamServer {
    ForkingUnixStreams(Path folder) throws IOException {
      super(folder.resolve("server"), StreamEcho::new);
    }

    @Override
    public void handleError(StreamSocket request, SocketAddress client, Throwable error) {
      closeRequest(request);
      throw new AssertionError(error);
    }
  }

  private static final class ForkingUnixDatagrams extends ForkingUnixDatagramServer {
    ForkingUnixDatagrams(Path folder) throws IOException {
      super(folder.resolve("server"), DatagramEcho::new);
    }

    @Override
    public void handleError(DatagramRequest request, SocketAddress client, Throwable error) {
      closeRequest(request);
      throw new AssertionError(error);
    }
  }
}
