package socketserver.hooks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.SocketAddress;
import org.junit.jupiter.api.Test;
import socketserver.BaseRequestHandler;
import socketserver.ListenerSocket;
import socketserver.StreamSocket;
import socketserver.TCPServer;
import socketserver.ThreadingTCPServer;
import socketserver.fixture.RunningServer;

/** What servers and sockets say that they are, for logs. */
class ToStringTest {
  private static final class Handler extends BaseRequestHandler<StreamSocket> {}

  @Test
  void aServerSaysWhatItIsBoundTo() throws IOException {
    var server = new ThreadingTCPServer(RunningServer.anyPort(), Handler::new);
    SocketAddress address = server.serverAddress();
    try (server) {
      assertEquals("ThreadingTCPServer[" + address + "]", server.toString());
    }
    assertEquals("ThreadingTCPServer[" + address + ", closed]", server.toString());
  }

  @Test
  void aServerOfAClassWithoutANameHasThatOfItsFile() throws IOException {
    try (var server = new TCPServer(RunningServer.anyPort(), Handler::new) {}) {
      String name = ToStringTest.class.getName() + "$1";
      assertEquals(name + "[" + server.serverAddress() + "]", server.toString());
    }
  }

  @Test
  void aConnectionSaysWhomItTalksTo() throws IOException {
    try (ListenerSocket listener = ListenerSocket.createServer(RunningServer.anyPort());
        StreamSocket client = StreamSocket.connect(listener.getsockname())) {
      StreamSocket accepted = listener.accept();
      String ends = "laddr=" + accepted.getsockname() + ", raddr=" + client.getsockname();
      assertEquals("StreamSocket[fd=" + accepted.fileno() + ", " + ends + "]", accepted.toString());
      accepted.close();
      assertEquals("StreamSocket[closed, raddr=" + client.getsockname() + "]", accepted.toString());
    }
  }
}
