package socketserver.forking;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import socketserver.ForkingTCPServer;
import socketserver.SocketConstants;
import socketserver.StreamRequestHandler;
import socketserver.StreamSocket;
import socketserver.fixture.RunningServer;
import socketserver.fixture.TcpClient;

/** A request of which the parent has read a part, to decide about it. */
@Timeout(120)
class RequestReadByTheParentTest {
  /** Sends back all that it gets. */
  static final class Echo extends StreamRequestHandler {
    @Override
    public void handle() throws Exception {
      rfile.transferTo(wfile);
    }
  }

  /** Looks at the first letter, and takes it away if it is one. */
  static final class Choosy extends ForkingTCPServer {
    Choosy() throws IOException {
      super(RunningServer.anyPort(), Echo::new);
      spareChildren(0);
      maxRequestsPerChild(0);
    }

    @Override
    public boolean verifyRequest(StreamSocket request, SocketAddress client) throws IOException {
      byte[] first = request.recv(1, SocketConstants.MSG_PEEK);
      if (Character.isLetter(first[0])) {
        request.recv(1);
        // there is more than has been read, and this process has it
        request.recv(1, SocketConstants.MSG_PEEK);
      }
      return first[0] != '!';
    }
  }

  private static String echo(Choosy server, String text) throws IOException {
    try (TcpClient client = TcpClient.to(server)) {
      return client.send(text).end().rest();
    }
  }

  @Test
  void arrivesInTheChildWithAllThatWasNotTaken() throws Exception {
    Choosy server = new Choosy();
    try (var running = RunningServer.start(server)) {
      assertEquals("1 peeked", echo(running.server(), "1 peeked"));
      assertEquals(" taken and peeked", echo(server, "x taken and peeked"));
      String text = "0123456789".repeat(100_000);
      assertEquals(text, echo(server, text));
      assertEquals(text, echo(server, "x" + text));
    }
  }

  @Test
  void goesOnInTheChildWithWhatComesLater() throws Exception {
    try (var running = RunningServer.start(new Choosy());
        TcpClient client = TcpClient.to(running)) {
      client.send("x first");
      assertEquals(" first", new String(client.read(6), StandardCharsets.UTF_8));
      client.send(" second");
      assertEquals(" second", new String(client.read(7), StandardCharsets.UTF_8));
      assertEquals("", client.end().rest());
    }
  }
}
