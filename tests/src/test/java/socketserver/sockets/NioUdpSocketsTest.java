package socketserver.sockets;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.SocketException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import socketserver.DgramSocket;
import socketserver.contract.Mechanism;

/** UDP with one peer where there is no epoll. */
class NioUdpSocketsTest extends UdpSocketsTest {
  @BeforeAll
  static void chooseNio() {
    Mechanism.NIO.choose();
  }

  @AfterAll
  static void leaveNio() {
    Mechanism.leave();
  }

  @Override
  @Test
  void emptyDatagramsAreDatagrams() throws IOException {
    DgramSocket client = bound();
    client.connect(bound().getsockname());
    assertThrows(UnsupportedOperationException.class, () -> client.send(new byte[0]));
  }

  @Override
  @Test
  void othersThanThePeerAreSentToAsWell() throws IOException {
    DgramSocket first = bound();
    DgramSocket second = bound();
    DgramSocket client = bound();
    client.connect(second.getsockname());
    assertThrows(SocketException.class, () -> client.sendto("first", first.getsockname()));
  }
}
