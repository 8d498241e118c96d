package socketserver.sockets;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import org.junit.jupiter.api.Test;
import socketserver.DgramSocket;
import socketserver.WouldBlockException;
import socketserver.fixture.Eventually;

/** UDP with one peer. */
class UdpSocketsTest extends DatagramSocketContract {
  @Override
  ProtocolFamily family() {
    return StandardProtocolFamily.INET;
  }

  @Override
  SocketAddress free() {
    return loopback();
  }

  @Test
  void thatNobodyListensIsToldApartFromNothing() throws IOException {
    DgramSocket client = socket();
    DgramSocket gone = bound();
    client.connect(gone.getsockname());
    gone.close();
    client.setblocking(false);
    assertThrows(WouldBlockException.class, () -> client.recv(10));
    client.send("anybody?");
    Eventually.holds(
        "it is refused",
        () -> {
          try {
            client.recv(10);
            return false;
          } catch (WouldBlockException e) {
            return false;
          } catch (ConnectException e) {
            assertTrue(e.getMessage().contains("refused"), e.getMessage());
            return true;
          }
        });
    assertThrows(WouldBlockException.class, () -> client.recv(10));
  }
}
