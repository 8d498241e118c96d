package socketserver.sockets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import socketserver.Errno;
import socketserver.ListenerSocket;
import socketserver.StreamSocket;
import socketserver.UnixAddress;
import socketserver.WouldBlockException;
import socketserver.fixture.Descriptors;
import socketserver.fixture.UnixTable;

/** Unix stream sockets, by hand, and pairs of them. */
class UnixSocketsTest extends StreamSocketContract {
  @TempDir Path folder;

  private int paths;

  @Override
  ProtocolFamily family() {
    return StandardProtocolFamily.UNIX;
  }

  @Override
  SocketAddress free() {
    return UnixAddress.of(folder.resolve("s" + ++paths));
  }

  @Override
  SocketAddress deserted() throws IOException {
    Path path = folder.resolve("d" + ++paths);
    ServerSocketChannel closed = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    closed.bind(UnixDomainSocketAddress.of(path)).close();
    return UnixAddress.of(path);
  }

  @Test
  void aPathThatIsNotThereIsNoServer() throws IOException {
    StreamSocket socket = socket();
    SocketAddress nowhere = free();
    assertEquals(Errno.ENOENT, socket.connectEx(nowhere));
    IOException error = assertThrows(IOException.class, () -> socket.connectTo(nowhere));
    assertTrue(error.getMessage().contains("no such file or directory"), error.getMessage());
    assertTrue(((UnixAddress) socket.getsockname()).isUnnamed());
  }

  @Test
  void aNonBlockingSocketIsConnectedAtOnce() throws IOException {
    ListenerSocket server = server();
    StreamSocket socket = socket();
    socket.setblocking(false);
    assertEquals(0, socket.connectEx(server.getsockname()));
    assertEquals(Errno.EISCONN, socket.connectEx(server.getsockname()));
    open(server.accept());
  }

  @Test
  void aFullQueueWouldBlock() throws IOException {
    Path path = folder.resolve("full");
    ServerSocketChannel listener = open(ServerSocketChannel.open(StandardProtocolFamily.UNIX));
    listener.bind(UnixDomainSocketAddress.of(path), 1);
    SocketAddress full = UnixAddress.of(path);
    StreamSocket socket = socket();
    socket.setblocking(false);
    int last = 0;
    for (int i = 0; i < 10 && last == 0; i++) {
      StreamSocket filler = socket();
      filler.setblocking(false);
      last = filler.connectEx(full);
    }
    assertEquals(Errno.EAGAIN, last);
    assertEquals(Errno.EAGAIN, socket.connectEx(full));
    assertThrows(WouldBlockException.class, () -> socket.connectTo(full));
    socket.settimeout(shortly());
    assertThrows(SocketTimeoutException.class, () -> socket.connectTo(full));
    open(listener.accept());
    socket.setblocking(true);
    socket.connectTo(full);
  }

  @Test
  void aPairIsConnected() throws IOException {
    List<StreamSocket> pair = StreamSocket.socketpair();
    StreamSocket one = open(pair.get(0));
    StreamSocket other = open(pair.get(1));
    assertNotEquals(one.fileno(), other.fileno());
    assertEquals(UnixAddress.UNNAMED, one.getpeername());
    assertEquals(UnixAddress.UNNAMED, other.getsockname());
    one.sendall("there");
    assertEquals("there", receive(other, 5));
    other.sendall("and back");
    assertEquals("and back", receive(one, 8));
    other.close();
    assertEquals(0, one.recv(1).length);
  }

  @Test
  void eachEndOfAPairTakesAllThatIsSent() throws IOException {
    List<StreamSocket> pair = StreamSocket.socketpair();
    assertThatSendTakesAll(open(pair.get(0)), open(pair.get(1)));
    assertThatSendTakesAll(pair.get(1), pair.get(0));
  }

  @Test
  void noOtherProcessCanSeeAPair() throws IOException {
    for (StreamSocket end : StreamSocket.socketpair()) {
      open(end);
    }
    UnixTable.assertNoAbstractNames();
  }

  @Test
  void aPairLeavesNoDescriptorOpen() throws IOException {
    Descriptors.assumeCountable();
    try (ListenerSocket keepsTheEventLoops = server()) {
      assertTrue(keepsTheEventLoops.fileno() >= 0);
      int before = Descriptors.open();
      for (int i = 0; i < 20; i++) {
        for (StreamSocket end : StreamSocket.socketpair()) {
          end.close();
        }
      }
      assertEquals(before, Descriptors.open());
    }
  }

  @Test
  void aPairTellsThatNothingIsThere() throws IOException {
    List<StreamSocket> pair = StreamSocket.socketpair();
    StreamSocket one = open(pair.get(0));
    open(pair.get(1));
    one.setblocking(false);
    assertThrows(WouldBlockException.class, () -> one.recv(1));
    assertEquals(ProcessHandle.current().pid(), one.peerCredentials().pid());
    assertEquals(Errno.EISCONN, one.connectEx(free()));
  }
}
