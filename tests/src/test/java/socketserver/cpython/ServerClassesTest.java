package socketserver.cpython;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.newsclub.net.unix.AFUNIXDatagramSocket;
import org.newsclub.net.unix.AFUNIXSocket;
import org.newsclub.net.unix.AFUNIXSocketAddress;
import socketserver.DatagramRequestHandler;
import socketserver.ForkingMixIn;
import socketserver.ForkingTCPServer;
import socketserver.ForkingUDPServer;
import socketserver.ForkingUnixDatagramServer;
import socketserver.ForkingUnixStreamServer;
import socketserver.SocketServer;
import socketserver.StreamRequestHandler;
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
import socketserver.fixture.StandardError;
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

  /** Makes a server; a Unix server's file is at the path. */
  private interface Maker {
    SocketServer<?, ?> at(Path path) throws IOException;
  }

  enum ServerClass {
    TCP(path -> new TCPServer(RunningServer.anyPort(), StreamEcho::new)),
    THREADING_TCP(path -> new ThreadingTCPServer(RunningServer.anyPort(), StreamEcho::new)),
    FORKING_TCP(path -> new ForkingTCPServer(RunningServer.anyPort(), StreamEcho::new)),
    UDP(path -> new UDPServer(RunningServer.anyPort(), DatagramEcho::new)),
    THREADING_UDP(path -> new ThreadingUDPServer(RunningServer.anyPort(), DatagramEcho::new)),
    FORKING_UDP(path -> new ForkingUDPServer(RunningServer.anyPort(), DatagramEcho::new)),
    UNIX_STREAM(path -> new UnixStreamServer(path, StreamEcho::new)),
    THREADING_UNIX_STREAM(path -> new ThreadingUnixStreamServer(path, StreamEcho::new)),
    FORKING_UNIX_STREAM(path -> new ForkingUnixStreamServer(path, StreamEcho::new)),
    UNIX_DATAGRAM(path -> new UnixDatagramServer(path, DatagramEcho::new)),
    THREADING_UNIX_DATAGRAM(path -> new ThreadingUnixDatagramServer(path, DatagramEcho::new)),
    FORKING_UNIX_DATAGRAM(path -> new ForkingUnixDatagramServer(path, DatagramEcho::new));

    private final Maker maker;

    ServerClass(Maker maker) {
      this.maker = maker;
    }
  }

  @ParameterizedTest
  @EnumSource
  void echoesALineToEachClient(ServerClass type) throws Exception {
    SocketServer<?, ?> server = type.maker.at(folder.resolve("server"));
    try (var printed = new StandardError()) {
      if (server instanceof ForkingMixIn forking) {
        askForking(server, forking);
      } else {
        ask(server);
      }
      assertEquals("", printed.text(), "nothing went to handleError");
    }
  }

  @Test
  void nameOfTheLoopbackInterfaceIsResolved() throws Exception {
    try (var server =
        new TCPServer(InetSocketAddress.createUnresolved("localhost", 0), StreamEcho::new)) {
      assertEquals("127.0.0.1", server.serverHost());
      assertEquals(server.socket().getsockname(), server.serverAddress());
    }
  }

  private void ask(SocketServer<?, ?> server) throws IOException {
    try (var running = RunningServer.start(server)) {
      assertEquals(running.server().socket().getsockname(), server.serverAddress());
      for (int i = 0; i < CLIENTS; i++) {
        if (server instanceof UnixStreamServer) {
          askUnixStream();
        } else if (server instanceof UnixDatagramServer) {
          askUnixDatagram("client-" + i);
        } else if (server instanceof TCPServer) {
          askTcp(server);
        } else {
          askUdp(server);
        }
      }
    }
    assertEquals(-1, server.socket().fileno());
    RequestThreads.awaitNone();
  }

  /** A child that is none of the server's is left alone. */
  private void askForking(SocketServer<?, ?> server, ForkingMixIn forking) throws Exception {
    Process foreign = new ProcessBuilder("sh", "-c", "exit 72").start();
    Set<ProcessHandle> before = childProcesses();
    forking.spareChildren(0);
    try (var log = new LogCapture()) {
      ask(server);
      assertEquals(Set.of(), forking.activeChildren());
      assertEquals(List.of(), log.at(Level.WARN));
      List<String> ends = log.at(Level.DEBUG, "ended with status");
      assertTrue(ends.size() >= CLIENTS, ends::toString);
      // a request that fails ends its child with another
      assertTrue(ends.stream().allMatch(end -> end.endsWith("status 0")), ends::toString);
    }
    Eventually.holds("no child process is left", () -> before.containsAll(childProcesses()));
    assertTrue(foreign.waitFor(Bounds.WAIT.toSeconds(), TimeUnit.SECONDS));
    assertEquals(72, foreign.exitValue());
  }

  private static Set<ProcessHandle> childProcesses() {
    return ProcessHandle.current().children().collect(Collectors.toSet());
  }

  private static void askTcp(SocketServer<?, ?> server) throws IOException {
    try (var client = TcpClient.to(server)) {
      client.send(LINE);
      assertEquals(LINE, client.line());
    }
  }

  private static void askUdp(SocketServer<?, ?> server) throws IOException {
    try (var client = UdpClient.to(server)) {
      client.send(LINE);
      assertEquals(LINE, client.text());
    }
  }

  private void askUnixStream() throws IOException {
    try (var client = AFUNIXSocket.connectTo(path("server"))) {
      client.setSoTimeout((int) Bounds.WAIT.toMillis());
      client.getOutputStream().write(LINE.getBytes(StandardCharsets.US_ASCII));
      byte[] line = client.getInputStream().readNBytes(LINE.length());
      assertEquals(LINE, new String(line, StandardCharsets.US_ASCII));
    }
  }

  /** Nobody can answer a client without a path. */
  private void askUnixDatagram(String name) throws IOException {
    try (var client = AFUNIXDatagramSocket.newInstance()) {
      client.setSoTimeout((int) Bounds.WAIT.toMillis());
      client.bind(path(name));
      byte[] line = LINE.getBytes(StandardCharsets.US_ASCII);
      client.getChannel().send(ByteBuffer.wrap(line), path("server"));
      DatagramPacket answer = new DatagramPacket(new byte[100], 100);
      client.receive(answer);
      assertEquals(
          LINE, new String(answer.getData(), 0, answer.getLength(), StandardCharsets.US_ASCII));
    }
  }

  private AFUNIXSocketAddress path(String name) throws IOException {
    return AFUNIXSocketAddress.of(folder.resolve(name));
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
}
