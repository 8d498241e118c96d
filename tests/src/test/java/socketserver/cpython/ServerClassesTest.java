package socketserver.cpython;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import socketserver.DatagramRequest;
import socketserver.DatagramRequestHandler;
import socketserver.StreamRequestHandler;
import socketserver.StreamSocket;
import socketserver.TCPServer;
import socketserver.ThreadingTCPServer;
import socketserver.ThreadingUDPServer;
import socketserver.UDPServer;
import socketserver.fixture.RequestThreads;
import socketserver.fixture.RunningServer;
import socketserver.fixture.TcpClient;
import socketserver.fixture.UdpClient;

/**
 * Every ready-made server answers three clients one after the other, shuts down and closes: the
 * test_TCPServer, test_ThreadingTCPServer, test_UDPServer and test_ThreadingUDPServer of CPython.
 */
@Timeout(60)
class ServerClassesTest {
  private static final String LINE = "hello world\n";
  private static final int CLIENTS = 3;

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
  void nameOfTheLoopbackInterfaceIsResolved() throws Exception {
    try (var server =
        new TCPServer(InetSocketAddress.createUnresolved("localhost", 0), StreamEcho::new)) {
      assertEquals("127.0.0.1", server.serverHost());
      assertEquals(server.socket().getsockname(), server.serverAddress());
    }
  }

  private void askStreams(TCPServer server) throws IOException {
    try (var running = RunningServer.start(server)) {
      assertEquals(server.socket().getsockname(), server.serverAddress());
      for (int i = 0; i < CLIENTS; i++) {
        try (var client = TcpClient.to(running)) {
          client.send(LINE);
          assertEquals(LINE, client.line());
        }
      }
    }
    assertEquals(-1, server.socket().fileno());
    assertEquals(List.of(), errors);
    RequestThreads.awaitNone();
  }

  private void askDatagrams(UDPServer server) throws IOException {
    try (var running = RunningServer.start(server)) {
      assertEquals(server.socket().getsockname(), server.serverAddress());
      for (int i = 0; i < CLIENTS; i++) {
        try (var client = UdpClient.to(running)) {
          client.send(LINE);
          assertEquals(LINE, client.text());
        }
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
}
