package socketserver.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import socketserver.SocketReader;
import socketserver.SocketWriter;
import socketserver.StreamSocket;
import socketserver.fixture.Descriptors;
import socketserver.fixture.Eventually;

/** A connection as a thing: its names, options and descriptor, and who holds it open. */
@ParameterizedClass
@MethodSource("socketserver.contract.StreamSetting#withOptions")
class HandleContractTest extends ConnectionFixture {
  private static final int SOL_SOCKET = StreamSocket.SOL_SOCKET;
  private static final byte[] NOTHING = new byte[0];

  HandleContractTest(StreamSetting setting) {
    super(setting);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  // Names

  @Test
  void bothEndsAgreeOnTheirNames() throws IOException {
    assertEquals(peer.remoteAddress(), socket.getsockname());
    assertEquals(peer.address(), socket.getpeername());
  }

  @Test
  void theNamesStayWhenThePeerHasEnded() throws IOException {
    var name = socket.getsockname();
    var peerName = socket.getpeername();
    peer.end();
    assertEquals(0, socket.recvInto(new byte[1]));
    assertEquals(name, socket.getsockname());
    assertEquals(peerName, socket.getpeername());
  }

  // Options

  @Test
  void bufferSizesAreSetByNumberAndByName() throws IOException {
    socket.setsockopt(SOL_SOCKET, StreamSocket.SO_RCVBUF, 50_000);
    assertTrue(socket.getsockopt(SOL_SOCKET, StreamSocket.SO_RCVBUF) >= 50_000);
    assertTrue(socket.getsockopt(StandardSocketOptions.SO_RCVBUF) >= 50_000);
    socket.setsockopt(StandardSocketOptions.SO_SNDBUF, 60_000);
    assertTrue(socket.getsockopt(SOL_SOCKET, StreamSocket.SO_SNDBUF) >= 60_000);
  }

  @Test
  void anOptionThatIsOnOrOffIsSetByNumberAndByName() throws IOException {
    assertEquals(0, socket.getsockopt(SOL_SOCKET, StreamSocket.SO_KEEPALIVE));
    socket.setsockopt(SOL_SOCKET, StreamSocket.SO_KEEPALIVE, 1);
    assertEquals(true, socket.getsockopt(StandardSocketOptions.SO_KEEPALIVE));
    socket.setsockopt(StandardSocketOptions.SO_KEEPALIVE, false);
    assertEquals(0, socket.getsockopt(SOL_SOCKET, StreamSocket.SO_KEEPALIVE));
    socket.setsockopt(SOL_SOCKET, StreamSocket.SO_KEEPALIVE, true);
    assertEquals(1, socket.getsockopt(SOL_SOCKET, StreamSocket.SO_KEEPALIVE));
  }

  @Test
  void lingerIsAStructureOrANumberOfSeconds() throws IOException {
    assertEquals(-1, socket.getsockopt(StandardSocketOptions.SO_LINGER));
    assertArrayEquals(linger(0, 0), socket.getsockopt(SOL_SOCKET, StreamSocket.SO_LINGER, 8));
    socket.setsockopt(SOL_SOCKET, StreamSocket.SO_LINGER, linger(1, 7));
    assertEquals(7, socket.getsockopt(StandardSocketOptions.SO_LINGER));
    socket.setsockopt(StandardSocketOptions.SO_LINGER, 3);
    assertArrayEquals(linger(1, 3), socket.getsockopt(SOL_SOCKET, StreamSocket.SO_LINGER, 8));
    socket.setsockopt(StandardSocketOptions.SO_LINGER, -1);
    assertEquals(-1, socket.getsockopt(StandardSocketOptions.SO_LINGER));
    assertEquals(0, socket.getsockopt(SOL_SOCKET, StreamSocket.SO_LINGER));
  }

  static byte[] linger(int on, int seconds) {
    return ByteBuffer.allocate(8).order(ByteOrder.nativeOrder()).putInt(on).putInt(seconds).array();
  }

  @Test
  void anOptionCanBeReadAsBytes() throws IOException {
    socket.setsockopt(SOL_SOCKET, StreamSocket.SO_KEEPALIVE, 1);
    byte[] one = ByteBuffer.allocate(4).order(ByteOrder.nativeOrder()).putInt(1).array();
    assertArrayEquals(one, socket.getsockopt(SOL_SOCKET, StreamSocket.SO_KEEPALIVE, 4));
    byte[] zero = new byte[4];
    socket.setsockopt(SOL_SOCKET, StreamSocket.SO_KEEPALIVE, zero);
    assertEquals(0, socket.getsockopt(SOL_SOCKET, StreamSocket.SO_KEEPALIVE));
    assertThrows(
        IllegalArgumentException.class,
        () -> socket.getsockopt(SOL_SOCKET, StreamSocket.SO_KEEPALIVE, 0));
  }

  @Test
  void anOptionThatNobodyKnowsIsRefused() {
    assertThrows(IOException.class, () -> socket.getsockopt(SOL_SOCKET, 9999));
    assertThrows(IOException.class, () -> socket.setsockopt(SOL_SOCKET, 9999, 1));
    assertThrows(IOException.class, () -> socket.setsockopt(SOL_SOCKET, 9999, new byte[4]));
    SocketOption<?> unknown = StandardSocketOptions.IP_MULTICAST_IF;
    assertThrows(IllegalArgumentException.class, () -> socket.getsockopt(unknown));
  }

  // The descriptor

  @Test
  void theDescriptorIsTheSocketsOwnUntilItIsClosed() throws IOException {
    int descriptor = socket.fileno();
    assertTrue(descriptor >= 0);
    assertEquals(descriptor, socket.fileno());
    if (ground.mechanism.hasDescriptors() && Files.isDirectory(Path.of("/proc/self/fd"))) {
      assertTrue(isSocket(descriptor), descriptor + " is no socket");
    }
    socket.close();
    assertEquals(-1, socket.fileno());
  }

  private static boolean isSocket(int descriptor) throws IOException {
    Path link = Path.of("/proc/self/fd", Integer.toString(descriptor));
    return Files.readSymbolicLink(link).toString().startsWith("socket:");
  }

  @Test
  void closeGivesTheDescriptorBack() throws Exception {
    Descriptors.assumeCountable();
    assumeTrue(ground.mechanism.hasDescriptors());
    Path link = Path.of("/proc/self/fd", Integer.toString(socket.fileno()));
    Path target = Files.readSymbolicLink(link);
    socket.close();
    Eventually.holds("the descriptor is closed", () -> !leadsTo(link, target));
  }

  private static boolean leadsTo(Path link, Path target) {
    try {
      return Files.readSymbolicLink(link).equals(target);
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void detachGivesTheOpenConnectionAway() throws Exception {
    if (!ground.mechanism.adoptsDescriptors()) {
      assertThrows(UnsupportedOperationException.class, socket::detach);
      return;
    }
    socket.sendall("by the socket, ");
    int expected = socket.fileno();
    int descriptor = socket.detach();
    assertEquals(expected, descriptor);
    assertEquals(-1, socket.fileno());
    socket.close();
    FileDescriptor owner = new FileDescriptor(descriptor);
    try {
      byte[] text = utf8("by the descriptor");
      ByteBuffer direct = ByteBuffer.allocateDirect(text.length);
      assertEquals(text.length, owner.write(direct.put(text), 0, text.length));
      assertEquals("by the socket, by the descriptor", peer.receiveText(32));
    } finally {
      owner.close();
    }
    assertTrue(peer.isAtEnd());
  }

  @Test
  void whatIsDetachedIsNoLongerTheSocketsToUse() throws Exception {
    assumeTrue(ground.mechanism.adoptsDescriptors());
    FileDescriptor owner = new FileDescriptor(socket.detach());
    try {
      assertThrows(IOException.class, () -> socket.sendall("not mine"));
      assertThrows(IOException.class, () -> socket.recv(10));
      assertThrows(IOException.class, () -> socket.shutdown(StreamSocket.SHUT_WR));
      assertThrows(IOException.class, socket::getpeername);
      assertThrows(IOException.class, socket::detach);
    } finally {
      owner.close();
    }
    assertArrayEquals(NOTHING, peer.receiveAll());
  }

  @Test
  void whatArrivesAfterDetachIsTheNewOwners() throws Exception {
    assumeTrue(ground.mechanism.adoptsDescriptors());
    FileDescriptor owner = new FileDescriptor(socket.detach());
    try {
      Remains.awaitNoThreadButTheListeners(setting.accepted());
      peer.send("for the owner");
      peer.end();
      ByteBuffer received = ByteBuffer.allocateDirect(100);
      Eventually.holds("it arrives", () -> read(owner, received) || received.position() > 0);
      byte[] bytes = new byte[received.flip().remaining()];
      received.get(bytes);
      assertArrayEquals(utf8("for the owner"), bytes);
    } finally {
      owner.close();
    }
  }

  private static boolean read(FileDescriptor owner, ByteBuffer target) {
    try {
      int count = owner.read(target, target.position(), target.limit());
      target.position(target.position() + Math.max(count, 0));
      return count > 0;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void aConnectionWithUnreadBytesIsNotDetached() throws IOException {
    assumeTrue(ground.mechanism.adoptsDescriptors());
    peer.send("unread");
    awaitArrived(6);
    assertThrows(IOException.class, socket::detach);
    assertArrayEquals(utf8("unread"), socket.recv(10));
    socket.sendall("still mine");
    assertEquals("still mine", peer.receiveText(10));
  }

  // Who holds it open

  @Test
  void aFileHoldsTheConnectionOpen() throws IOException {
    SocketReader rfile = socket.makefileReader(-1);
    SocketWriter wfile = socket.makefileWriter(0);
    socket.close();
    peer.send("to the file\nand by recv");
    assertArrayEquals(utf8("to the file\n"), rfile.readline());
    wfile.write("from the file");
    assertEquals("from the file", peer.receiveText(13));
    assertTrue(socket.fileno() >= 0);
    rfile.close();
    assertTrue(socket.fileno() >= 0);
    wfile.close();
    assertEquals(-1, socket.fileno());
    assertTrue(peer.isAtEnd());
  }

  @Test
  void recvGoesOnWhileAFileHoldsTheConnection() throws IOException {
    SocketReader rfile = socket.makefileReader(0);
    socket.close();
    peer.send("abc");
    assertArrayEquals(utf8("abc"), receive(socket, 3));
    rfile.close();
    assertThrows(IOException.class, () -> socket.recv(10));
  }

  @Test
  void aFileThatIsClosedFirstHoldsNothing() throws IOException {
    SocketWriter wfile = socket.makefileWriter(-1);
    wfile.write("buffered");
    wfile.close();
    wfile.close();
    assertEquals("buffered", peer.receiveText(8));
    socket.sendall("still open");
    assertEquals("still open", peer.receiveText(10));
    socket.close();
    assertTrue(peer.isAtEnd());
  }

  @Test
  void aBufferedWriterSendsWhenFlushedOrFull() throws IOException {
    SocketWriter wfile = opened.add(socket.makefileWriter(10));
    wfile.write("12345");
    wfile.flush();
    assertEquals("12345", peer.receiveText(5));
    wfile.write("123456");
    wfile.write("789012");
    assertEquals("123456", peer.receiveText(6));
    wfile.write("a long text that fits no buffer");
    assertEquals("789012a long text that fits no buffer", peer.receiveText(37));
  }

  @Test
  void aReaderWithoutABufferReadsNothingAhead() throws IOException {
    SocketReader rfile = opened.add(socket.makefileReader(0));
    peer.send("a line\nand the rest");
    awaitArrived(19);
    assertArrayEquals(utf8("a line\n"), rfile.readline());
    assertArrayEquals(utf8("and the rest"), socket.recv(100));
    assertFalse(rfile.closed());
  }
}
