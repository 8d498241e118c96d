package socketserver.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.unix.FileDescriptor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import socketserver.ConnectionResetException;
import socketserver.SocketReader;
import socketserver.StreamSocket;
import socketserver.fixture.Descriptors;
import socketserver.fixture.Eventually;
import socketserver.spi.Endpoint;
import socketserver.spi.StreamEndpoint;

/** A connection that another process goes on with: nothing is lost, and nothing is ended. */
@ParameterizedClass
@MethodSource("socketserver.contract.StreamSetting#handingOver")
class HandOverContractTest extends ConnectionFixture {
  HandOverContractTest(StreamSetting setting) {
    super(setting);
  }

  private StreamEndpoint endpoint() {
    return (StreamEndpoint) socket.transportEndpoint();
  }

  /** What another process makes of a copy of the descriptor. */
  private StreamSocket adopt() throws IOException {
    int copy = Copies.of(socket.fileno());
    return opened.add(Copies.socket(kind.transport().adoptStream(copy, new byte[0])));
  }

  private static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  /** Hands the connection over, and returns all that the other process has of it. */
  private byte[] rest() throws IOException {
    byte[] unread = endpoint().handOver();
    StreamSocket other = adopt();
    socket.close();
    peer.end();
    SocketReader rfile = opened.add(other.makefileReader(-1));
    return concat(unread, rfile.readAllBytes());
  }

  @Test
  void whatArrivedAtAnUnusedConnectionIsTheOthers() throws Exception {
    byte[] data = Pattern.bytes(300_000);
    PendingCall<Void> sending = PendingCall.run(() -> peer.send(data));
    byte[] unread = endpoint().handOver();
    StreamSocket other = adopt();
    socket.close();
    byte[] more = receive(other, data.length - unread.length);
    sending.result();
    assertArrayEquals(data, concat(unread, more));
  }

  @Test
  void whatNobodyReadIsHandedOver() throws IOException {
    peer.send("read and unread");
    assertArrayEquals("read ".getBytes(StandardCharsets.UTF_8), receive(socket, 5));
    assertEquals("and unread", new String(rest(), StandardCharsets.UTF_8));
  }

  @Test
  void whatWasPeekedIsHandedOver() throws IOException {
    peer.send("peeked");
    awaitArrived(6);
    assertEquals("peeked", new String(rest(), StandardCharsets.UTF_8));
  }

  @Test
  void aLongStreamThatWasPartlyReadStaysInOrder() throws Exception {
    byte[] data = Pattern.bytes(3 << 20);
    PendingCall<Void> sending = PendingCall.run(() -> peer.send(data));
    byte[] first = receive(socket, 100_001);
    byte[] unread = endpoint().handOver();
    StreamSocket other = adopt();
    socket.close();
    byte[] more = receive(other, data.length - first.length - unread.length);
    sending.result();
    assertArrayEquals(data, concat(first, unread, more));
  }

  @Test
  void theEndThatWasReadIsFoundAgain() throws IOException {
    peer.send("all");
    peer.end();
    assertEquals("all", new String(receive(socket, 3), StandardCharsets.UTF_8));
    assertEquals(0, socket.recvInto(new byte[1]));
    assertEquals(0, endpoint().handOver().length);
    StreamSocket other = adopt();
    socket.close();
    assertEquals(0, other.recvInto(new byte[1]));
    other.sendall("answer");
    other.close();
    assertEquals("answer", new String(peer.receiveAll(), StandardCharsets.UTF_8));
  }

  @Test
  void whatWasWrittenIsSentBefore() throws Exception {
    byte[] data = Pattern.bytes(3 << 20);
    PendingCall<byte[]> receiving = PendingCall.call(peer::receiveAll);
    socket.sendall(data);
    assertEquals(0, endpoint().handOver().length);
    StreamSocket other = adopt();
    socket.close();
    other.sendall("and the end");
    other.close();
    byte[] received = receiving.result();
    assertArrayEquals(data, Arrays.copyOf(received, data.length));
    assertEquals(
        "and the end",
        new String(received, data.length, received.length - data.length, StandardCharsets.UTF_8));
  }

  @Test
  void theShutDownHalfStaysShutDown() throws IOException {
    socket.sendall("all");
    socket.shutdown(StreamSocket.SHUT_WR);
    endpoint().handOver();
    StreamSocket other = adopt();
    socket.close();
    assertEquals("all", new String(peer.receiveAll(), StandardCharsets.UTF_8));
    peer.send("answer");
    assertEquals("answer", new String(receive(other, 6), StandardCharsets.UTF_8));
  }

  @Test
  void closeLeavesTheConnectionToTheOther() throws IOException {
    socket.setsockopt(
        StreamSocket.SOL_SOCKET, StreamSocket.SO_LINGER, HandleContractTest.linger(1, 0));
    endpoint().handOver();
    StreamSocket other = adopt();
    socket.close();
    peer.send("question");
    assertEquals("question", new String(receive(other, 8), StandardCharsets.UTF_8));
    other.sendall("answer");
    assertEquals("answer", peer.receiveText(6));
    other.setsockopt(
        StreamSocket.SOL_SOCKET, StreamSocket.SO_LINGER, HandleContractTest.linger(0, 0));
    other.close();
    assertTrue(peer.isAtEnd());
  }

  @Test
  void theOtherEndsTheConnectionAlsoBeforeClose() throws IOException {
    endpoint().handOver();
    StreamSocket other = adopt();
    other.sendall("answer");
    other.shutdown(StreamSocket.SHUT_WR);
    assertEquals("answer", new String(peer.receiveAll(), StandardCharsets.UTF_8));
    other.close();
    socket.close();
  }

  @Test
  void nothingButTheDescriptorIsLeft() throws IOException {
    int descriptor = socket.fileno();
    endpoint().handOver();
    assertEquals(descriptor, socket.fileno());
    assertFalse(endpoint().isOpen());
    assertThrows(IOException.class, () -> socket.sendall("x"));
    assertThrows(IOException.class, () -> socket.recv(1));
    assertThrows(IOException.class, () -> endpoint().awaitReadable(Endpoint.FOREVER));
    assertThrows(IOException.class, () -> socket.shutdown(StreamSocket.SHUT_RDWR));
    assertThrows(IOException.class, socket::getsockname);
    assertThrows(IOException.class, socket::getpeername);
    assertThrows(IOException.class, socket::detach);
    assertThrows(
        IOException.class,
        () -> socket.getsockopt(StreamSocket.SOL_SOCKET, StreamSocket.SO_KEEPALIVE));
    assertThrows(IOException.class, () -> endpoint().handOver());
    assertEquals(0, endpoint().available());
    assertEquals(descriptor, socket.fileno());
    socket.close();
    assertEquals(-1, socket.fileno());
    socket.close();
    assertTrue(peer.isAtEnd());
  }

  @Test
  void aClosedConnectionIsNotHandedOver() {
    socket.close();
    assertThrows(IOException.class, () -> endpoint().handOver());
    assertEquals(-1, socket.fileno());
  }

  @Test
  void closeGivesTheDescriptorBack() throws IOException {
    Descriptors.assumeCountable();
    Path link = Path.of("/proc/self/fd", Integer.toString(socket.fileno()));
    Path before = Files.readSymbolicLink(link);
    endpoint().handOver();
    assertEquals(before, Files.readSymbolicLink(link));
    socket.close();
    assertFalse(leadsTo(link, before));
  }

  private static boolean leadsTo(Path link, Path target) {
    try {
      return Files.readSymbolicLink(link).equals(target);
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void handingOverEndsAReaderThatWaits() throws Exception {
    PendingCall<byte[]> reading = PendingCall.call(() -> socket.recv(10)).awaitBlocked();
    endpoint().handOver();
    reading.failure(IOException.class);
    StreamSocket other = adopt();
    socket.close();
    peer.send("x");
    assertEquals(1, other.recv(10).length);
  }

  @Test
  void anAdoptedConnectionKnowsItsAddresses() throws IOException {
    var here = socket.getsockname();
    var there = socket.getpeername();
    endpoint().handOver();
    StreamSocket other = adopt();
    assertEquals(here, other.getsockname());
    assertEquals(there, other.getpeername());
    assertEquals(there, ((StreamEndpoint) other.transportEndpoint()).peer());
    peer.send("x");
    other.recv(1);
    assertEquals(here, other.getsockname());
    assertEquals(there, other.getpeername());
  }

  @Test
  void optionsStayAsTheyWereSet() throws IOException {
    socket.setsockopt(StreamSocket.SOL_SOCKET, StreamSocket.SO_KEEPALIVE, 1);
    endpoint().handOver();
    StreamSocket other = adopt();
    socket.close();
    assertEquals(1, other.getsockopt(StreamSocket.SOL_SOCKET, StreamSocket.SO_KEEPALIVE));
    other.setsockopt(StreamSocket.SOL_SOCKET, StreamSocket.SO_KEEPALIVE, 0);
    other.sendall("used");
    assertEquals("used", peer.receiveText(4));
    assertEquals(0, other.getsockopt(StreamSocket.SOL_SOCKET, StreamSocket.SO_KEEPALIVE));
  }

  @Test
  void aResetBeforeTheFirstUseIsReportedOnceAfterWhatHadArrived() throws IOException {
    endpoint().handOver();
    StreamSocket other = adopt();
    socket.close();
    peer.send("before");
    kind.reset(peer, other);
    assertEquals("before", new String(receive(other, 6), StandardCharsets.UTF_8));
    assertThrows(ConnectionResetException.class, () -> other.recv(10));
    assertEquals(0, other.recvInto(new byte[10]));
    other.close();
  }

  @Test
  void anUnusedAdoptedConnectionIsClosed() throws IOException {
    endpoint().handOver();
    StreamSocket other = adopt();
    socket.close();
    int descriptor = other.fileno();
    assertTrue(descriptor >= 0);
    other.close();
    assertEquals(-1, other.fileno());
    assertTrue(peer.isAtEnd());
  }

  @Test
  void whatIsNoSocketIsNotAdopted() throws IOException {
    Path file = Files.createTempFile("no", "socket");
    FileDescriptor open = FileDescriptor.from(file.toFile());
    try {
      int descriptor = open.intValue();
      assertThrows(IOException.class, () -> kind.transport().adoptStream(descriptor, new byte[0]));
      assertThrows(
          IllegalArgumentException.class, () -> kind.transport().adoptStream(-1, new byte[0]));
    } finally {
      open.close();
      Files.delete(file);
    }
    assertThrows(IOException.class, () -> kind.transport().adoptStream(999_999, new byte[0]));
  }

  @Test
  void aThousandConnectionsLeaveNoDescriptor() throws IOException {
    Descriptors.assumeCountable();
    int before = Descriptors.open();
    for (int i = 0; i < 1000; i++) {
      StreamEndpoint one = kind.transport().adoptStream(Copies.of(socket.fileno()), new byte[0]);
      if (i % 2 == 0) {
        one.handOver();
      }
      one.close();
    }
    Eventually.holds("the descriptors are closed", () -> Descriptors.open() <= before);
    socket.sendall("still there");
    assertEquals("still there", peer.receiveText(11));
  }
}
