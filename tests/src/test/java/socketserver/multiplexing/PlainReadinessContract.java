package socketserver.multiplexing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static socketserver.select.Epoll.EPOLLERR;
import static socketserver.select.Epoll.EPOLLHUP;
import static socketserver.select.Epoll.EPOLLIN;
import static socketserver.select.Epoll.EPOLLOUT;
import static socketserver.select.Epoll.EPOLLRDHUP;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;
import socketserver.ConnectionResetException;
import socketserver.StreamSocket;
import socketserver.contract.Mechanism;
import socketserver.select.Select;
import socketserver.select.Selectable;

/** What is true as well where nothing is between the socket and the system. */
abstract class PlainReadinessContract extends StreamReadinessContract {
  PlainReadinessContract(Mechanism mechanism, Ends.Kind kind) {
    super(mechanism, kind);
  }

  @Test
  void aResetIsAnErrorUntilItIsReported() throws IOException {
    epoll.register(watched, ANYTHING);
    reset();
    await(EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLHUP | EPOLLERR);
    await(EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLHUP | EPOLLERR);
    assertThrows(ConnectionResetException.class, () -> watched.recv(10));
    await(EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLHUP);
    assertEquals(0, watched.recv(10).length);
    assertEquals(EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLHUP, epoll.poll(WAIT).get(0).events());
  }

  @Test
  void aResetIsToldBeforeWhatCameEarlierIsRead() throws IOException {
    epoll.register(watched, ANYTHING);
    other.sendall("x");
    await(EPOLLIN | EPOLLOUT);
    reset();
    await(EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLHUP | EPOLLERR);
    assertEquals(1, watched.recv(10).length);
    await(EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLHUP | EPOLLERR);
    assertThrows(ConnectionResetException.class, () -> watched.recv(10));
    await(EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLHUP);
  }

  @Test
  void aResetIsToldToWhoAskedForNothing() throws IOException {
    epoll.register(watched, 0);
    reset();
    await(EPOLLHUP | EPOLLERR);
  }

  private void reset() throws IOException {
    if (kind.isUnix()) {
      watched.sendall("never read");
      List<Selectable> peer = List.of(other);
      assertEquals(peer, Select.select(peer, List.of(), List.of(), WAIT).rlist());
    } else {
      other.setsockopt(
          StreamSocket.SOL_SOCKET,
          StreamSocket.SO_LINGER,
          ByteBuffer.allocate(8).order(ByteOrder.nativeOrder()).putInt(1).putInt(0).array());
    }
    other.close();
  }
}
