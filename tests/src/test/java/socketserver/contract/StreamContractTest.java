package socketserver.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.SocketException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import socketserver.BrokenPipeException;
import socketserver.ConnectionException;
import socketserver.ConnectionResetException;
import socketserver.StreamSocket;
import socketserver.fixture.Bounds;
import socketserver.fixture.Eventually;
import socketserver.select.Poll;
import socketserver.select.PollEvent;
import socketserver.spi.StreamEndpoint;

/** What every connection does with bytes, with each of its two ends, and with a peer that goes. */
@ParameterizedClass
@MethodSource("socketserver.contract.StreamSetting#all")
class StreamContractTest extends ConnectionFixture {
  private static final byte[] NOTHING = new byte[0];

  StreamContractTest(StreamSetting setting) {
    super(setting);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  // Bytes

  @Test
  void whatIsSentArrivesInBothDirections() throws IOException {
    peer.send("hello");
    assertArrayEquals(utf8("hello"), receive(socket, 5));
    socket.sendall("good day");
    assertEquals("good day", peer.receiveText(8));
  }

  @Test
  void recvReturnsWhatHasArrivedWithoutWaitingForMore() throws IOException {
    peer.send("abc");
    awaitArrived(3);
    assertArrayEquals(utf8("abc"), socket.recv(1000));
  }

  @Test
  void recvLeavesWhatItWasNotAskedFor() throws IOException {
    peer.send("abcdef");
    awaitArrived(6);
    assertArrayEquals(utf8("ab"), socket.recv(2));
    assertArrayEquals(utf8("c"), socket.recv(1));
    assertArrayEquals(utf8("def"), socket.recv(100));
  }

  @Test
  void recvOfNothingReturnsAtOnce() throws IOException {
    assertArrayEquals(NOTHING, socket.recv(0));
    assertThrows(IllegalArgumentException.class, () -> socket.recv(-1));
  }

  @Test
  void recvTakesTheGreatestSize() throws IOException {
    peer.send("abc");
    awaitArrived(3);
    assertArrayEquals(utf8("abc"), socket.recv(Integer.MAX_VALUE));
  }

  @Test
  void peekLeavesTheBytesForTheNextCall() throws IOException {
    peer.send("abcdef");
    awaitArrived(6);
    assertArrayEquals(utf8("abc"), socket.recv(3, StreamSocket.MSG_PEEK));
    assertArrayEquals(utf8("abcdef"), socket.recv(100, StreamSocket.MSG_PEEK));
    assertArrayEquals(utf8("abcdef"), socket.recv(100));
  }

  @Test
  void peekSeesAcrossWhatCameInPieces() throws IOException {
    peer.send("abc");
    awaitArrived(3);
    peer.send("def");
    awaitArrived(6);
    assertArrayEquals(utf8("abcdef"), socket.recv(100, StreamSocket.MSG_PEEK));
    assertArrayEquals(utf8("a"), socket.recv(1));
    assertArrayEquals(utf8("bcdef"), socket.recv(100, StreamSocket.MSG_PEEK));
  }

  @Test
  void waitallWaitsForAllTheBytes() throws Exception {
    peer.send("abc");
    awaitArrived(3);
    PendingCall<byte[]> received =
        PendingCall.call(() -> socket.recv(6, StreamSocket.MSG_WAITALL)).awaitBlocked();
    peer.send("defg");
    assertArrayEquals(utf8("abcdef"), received.result());
    assertArrayEquals(utf8("g"), socket.recv(100));
  }

  @Test
  void waitallEndsWithTheStream() throws IOException {
    peer.send("abc");
    peer.end();
    assertArrayEquals(utf8("abc"), socket.recv(6, StreamSocket.MSG_WAITALL));
  }

  @Test
  void waitallReturnsWhatCameBeforeAResetAndTheNextCallReportsIt() throws Exception {
    peer.send("abc");
    awaitArrived(3);
    PendingCall<byte[]> received =
        PendingCall.call(() -> socket.recv(6, StreamSocket.MSG_WAITALL)).awaitBlocked();
    reset();
    assertArrayEquals(utf8("abc"), received.result());
    assertThrows(ConnectionResetException.class, () -> socket.recv(6, StreamSocket.MSG_WAITALL));
    assertArrayEquals(NOTHING, socket.recv(6));
  }

  @Test
  void recvIntoFillsAPartOfAnArray() throws IOException {
    peer.send("abc");
    awaitArrived(3);
    byte[] target = utf8("......");
    assertEquals(2, socket.recvInto(target, 1, 2));
    assertArrayEquals(utf8(".ab..."), target);
    assertEquals(0, socket.recvInto(target, 6, 0));
    assertEquals(0, socket.recvInto(NOTHING));
    assertEquals(1, socket.recvInto(target));
    assertArrayEquals(utf8("cab..."), target);
    assertThrows(IndexOutOfBoundsException.class, () -> socket.recvInto(target, 5, 2));
  }

  @Test
  void recvIntoReturnsZeroAtTheEnd() throws IOException {
    peer.end();
    assertEquals(0, socket.recvInto(new byte[10]));
    assertEquals(0, socket.recvInto(new byte[10]));
  }

  @Test
  void sendTakesAllItsBytesBeforeAndAfterAWait() throws Exception {
    byte[] data = Pattern.bytes(32 << 20);
    for (int i = 0; i < 2; i++) {
      PendingCall<Integer> sent = PendingCall.call(() -> socket.send(data)).awaitBlocked();
      assertArrayEquals(data, peer.receive(data.length));
      assertEquals(data.length, sent.result());
      PendingCall<byte[]> read = PendingCall.call(() -> socket.recv(1)).awaitBlocked();
      peer.send("!");
      assertArrayEquals(utf8("!"), read.result());
    }
  }

  @Test
  void sendReturnsWhatWasTakenBeforeAResetAndTheNextCallReportsIt() throws Exception {
    int size = 64 << 20;
    PendingCall<Integer> sent = PendingCall.call(() -> socket.send(new byte[size])).awaitBlocked();
    // over Unix sockets it is what the peer has not read that makes a reset
    Eventually.holds("some of it has arrived", () -> peer.awaitArrived(0));
    reset();
    int taken = sent.result();
    assertTrue(taken > 0 && taken < size, taken + " bytes were taken");
    assertThrows(ConnectionException.class, () -> socket.send(new byte[1]));
    assertThrows(BrokenPipeException.class, () -> socket.send(new byte[1]));
  }

  @Test
  void sendingNothingSendsNothing() throws IOException {
    assertEquals(0, socket.send(NOTHING));
    socket.sendall(NOTHING);
    socket.sendall("");
    socket.sendall("x");
    assertEquals("x", peer.receiveText(1));
  }

  @Test
  void sendallTakesAPartOfAnArrayAndLeavesItToTheCaller() throws IOException {
    byte[] data = utf8("abcdef");
    socket.sendall(data, 2, 3);
    java.util.Arrays.fill(data, (byte) '!');
    assertEquals("cde", peer.receiveText(3));
    assertThrows(IndexOutOfBoundsException.class, () -> socket.sendall(data, 4, 3));
  }

  @Test
  void largeTransfersInBothDirectionsAtOnceArriveWhole() throws Exception {
    int size = 16 << 20;
    byte[] data = Pattern.bytes(size);
    PendingCall<Void> toPeer = PendingCall.run(() -> socket.sendall(data));
    PendingCall<Void> fromPeer = PendingCall.run(() -> peer.send(data));
    PendingCall<byte[]> atPeer = PendingCall.call(() -> peer.receive(size));
    assertArrayEquals(data, receive(socket, size));
    assertArrayEquals(data, atPeer.result());
    toPeer.result();
    fromPeer.result();
  }

  // The two ends

  @Test
  void theEndIsFoundAgainAndAgain() throws IOException {
    peer.send("last");
    peer.end();
    assertArrayEquals(utf8("last"), receive(socket, 4));
    for (int i = 0; i < 3; i++) {
      assertArrayEquals(NOTHING, socket.recv(10));
      assertArrayEquals(NOTHING, socket.recv(10, StreamSocket.MSG_PEEK));
    }
  }

  @Test
  void afterThePeersEndTheOtherDirectionGoesOn() throws Exception {
    peer.end();
    assertArrayEquals(NOTHING, socket.recv(10));
    byte[] answer = Pattern.bytes(3 << 20);
    PendingCall<Void> sending = PendingCall.run(() -> socket.sendall(answer));
    assertArrayEquals(answer, peer.receive(answer.length));
    sending.result();
    socket.shutdown(StreamSocket.SHUT_WR);
    assertTrue(peer.isAtEnd());
  }

  @Test
  void afterItsOwnEndTheOtherDirectionGoesOn() throws Exception {
    socket.sendall("all");
    socket.shutdown(StreamSocket.SHUT_WR);
    assertArrayEquals(utf8("all"), peer.receiveAll());
    byte[] answer = Pattern.bytes(3 << 20);
    PendingCall<Void> sending = PendingCall.run(() -> peer.send(answer));
    assertArrayEquals(answer, receive(socket, answer.length));
    sending.result();
    peer.end();
    assertArrayEquals(NOTHING, socket.recv(10));
  }

  @Test
  void everythingThatWasSentComesBeforeTheEnd() throws Exception {
    byte[] data = Pattern.bytes(3 << 20);
    PendingCall<Void> sending =
        PendingCall.run(
            () -> {
              socket.sendall(data);
              socket.shutdown(StreamSocket.SHUT_WR);
            });
    assertArrayEquals(data, peer.receiveAll());
    sending.result();
  }

  @Test
  void nothingCanBeSentAfterItsOwnEnd() throws IOException {
    socket.shutdown(StreamSocket.SHUT_WR);
    assertThrows(BrokenPipeException.class, () -> socket.sendall("too late"));
    assertThrows(BrokenPipeException.class, () -> socket.send(utf8("too late")));
    try (var wfile = socket.makefileWriter(0)) {
      assertThrows(BrokenPipeException.class, () -> wfile.write("too late"));
    }
  }

  @Test
  void endingTheReadingHalfLeavesTheWritingHalf() throws IOException {
    socket.shutdown(StreamSocket.SHUT_RD);
    assertArrayEquals(NOTHING, socket.recv(10));
    socket.sendall("still here");
    assertEquals("still here", peer.receiveText(10));
  }

  @Test
  void whatHadArrivedCanBeReadAfterTheReadingHalfEnded() throws IOException {
    peer.send("before");
    awaitArrived(6);
    socket.shutdown(StreamSocket.SHUT_RD);
    assertArrayEquals(utf8("before"), socket.recv(100));
    assertArrayEquals(NOTHING, socket.recv(100));
  }

  @Test
  void shutdownOfBothHalvesEndsBoth() throws IOException {
    socket.shutdown(StreamSocket.SHUT_RDWR);
    assertArrayEquals(NOTHING, socket.recv(10));
    assertThrows(BrokenPipeException.class, () -> socket.sendall("too late"));
    assertTrue(peer.isAtEnd());
  }

  @Test
  void shutdownCanBeCalledAgain() throws IOException {
    socket.shutdown(StreamSocket.SHUT_WR);
    socket.shutdown(StreamSocket.SHUT_WR);
    socket.shutdown(StreamSocket.SHUT_RD);
    assertTrue(peer.isAtEnd());
    assertThrows(IllegalArgumentException.class, () -> socket.shutdown(3));
    assertThrows(IllegalArgumentException.class, () -> socket.shutdown(-1));
  }

  @Test
  void closeDeliversWhatWasSentAndThenTheEnd() throws Exception {
    byte[] data = Pattern.bytes(3 << 20);
    PendingCall<Void> sending =
        PendingCall.run(
            () -> {
              socket.sendall(data);
              socket.close();
            });
    assertArrayEquals(data, peer.receiveAll());
    sending.result();
  }

  @Test
  void closeReturnsWhileThePeerHasNotReadAndDeliversLater() throws Exception {
    byte[] data = Pattern.bytes(8 << 20);
    socket.setblocking(false);
    int sent = sendUntilFull(data);
    socket.close();
    byte[] received = peer.receiveAll();
    assertEquals(sent, received.length);
    Pattern.check(received, sent, 0);
  }

  // A peer that goes

  @Test
  void bytesThatCameBeforeTheEndAreRead() throws IOException {
    byte[] data = Pattern.bytes(300_000);
    PendingCall<Void> sending =
        PendingCall.run(
            () -> {
              peer.send(data);
              peer.close();
            });
    assertArrayEquals(data, receive(socket, data.length));
    assertArrayEquals(NOTHING, socket.recv(10));
    assertDoesNotThrow(sending::result);
  }

  @Test
  void aResetIsReportedOnceAndThenTheEnd() throws IOException {
    reset();
    assertThrows(ConnectionResetException.class, () -> socket.recv(10));
    assertArrayEquals(NOTHING, socket.recv(10));
    assertArrayEquals(NOTHING, socket.recv(10));
    assertEquals(0, socket.recvInto(new byte[10]));
  }

  @Test
  void bytesThatCameBeforeAResetAreRead() throws IOException {
    peer.send("last words");
    awaitArrived(10);
    reset();
    assertArrayEquals(utf8("last words"), receive(socket, 10));
    assertThrows(ConnectionResetException.class, () -> socket.recv(10));
    assertArrayEquals(NOTHING, socket.recv(10));
  }

  @Test
  void aResetIsReportedToWhoPeeksAndThenTheEnd() throws IOException {
    reset();
    awaitEvent(Poll.POLLHUP | Poll.POLLERR);
    assertThrows(ConnectionResetException.class, () -> socket.recv(1, StreamSocket.MSG_PEEK));
    assertArrayEquals(NOTHING, socket.recv(1, StreamSocket.MSG_PEEK));
    assertArrayEquals(NOTHING, socket.recv(1));
  }

  @Test
  void bytesThatCameBeforeAResetAreReadByWhoWasToldOfThem() throws IOException {
    peer.send("last words");
    awaitEvent(Poll.POLLIN);
    reset();
    awaitEvent(Poll.POLLHUP | Poll.POLLERR);
    assertArrayEquals(utf8("last words"), socket.recv(100, StreamSocket.MSG_PEEK));
    assertArrayEquals(utf8("last words"), receive(socket, 10));
    assertThrows(ConnectionResetException.class, () -> socket.recv(10));
    assertArrayEquals(NOTHING, socket.recv(10));
  }

  @Test
  void aResetIsReportedToWhoSendsAFile(@TempDir Path folder) throws IOException {
    Path file = Files.write(folder.resolve("file"), Pattern.bytes(1000));
    reset();
    awaitEvent(Poll.POLLHUP | Poll.POLLERR);
    try (FileChannel content = FileChannel.open(file)) {
      assertThrows(ConnectionException.class, () -> socket.sendfile(content));
    }
  }

  @Test
  void aResetIsReportedToTheNextReadWhoeverHasSeenItBefore() throws IOException {
    reset();
    awaitEvent(Poll.POLLHUP | Poll.POLLERR);
    assertEquals(0, endpoint().available());
    assertThrows(ConnectionResetException.class, () -> socket.recv(1));
  }

  private StreamEndpoint endpoint() {
    return (StreamEndpoint) socket.transportEndpoint();
  }

  /** Waits until one of some events is reported of the socket. */
  private void awaitEvent(int events) throws IOException {
    Poll poll = new Poll();
    try {
      poll.register(socket, events);
    } catch (UnsupportedOperationException e) {
      // the JDK's Unix sockets cannot be selected on
      assertTrue(endpoint().awaitReadable(Bounds.WAIT.toNanos()));
      return;
    }
    List<PollEvent> reported = poll.poll(Bounds.WAIT);
    assertTrue(reported.stream().anyMatch(e -> (e.events() & events) != 0), reported.toString());
  }

  @Test
  void aResetEndsAReadThatWaits() throws IOException {
    PendingCall<byte[]> read = PendingCall.call(() -> socket.recv(10)).awaitBlocked();
    reset();
    read.failure(ConnectionResetException.class);
    assertArrayEquals(NOTHING, socket.recv(10));
  }

  @Test
  void aResetIsReportedToTheReaderOfAFile() throws IOException {
    reset();
    try (var rfile = socket.makefileReader(-1)) {
      assertThrows(ConnectionResetException.class, rfile::readline);
      assertArrayEquals(NOTHING, rfile.readline());
    }
  }

  @Test
  void writesAfterAResetFail() throws IOException {
    reset();
    assertThrows(ConnectionResetException.class, () -> socket.recv(10));
    assertThrows(ConnectionException.class, () -> sendEndlessly(socket));
    assertThrows(ConnectionException.class, () -> sendEndlessly(socket));
  }

  @Test
  void writesToAPeerThatIsGoneFailInTheEnd() throws IOException {
    peer.close();
    assertThrows(ConnectionException.class, () -> sendEndlessly(socket));
    assertThrows(ConnectionException.class, () -> socket.sendall("once more"));
  }

  @Test
  void aWriteThatWaitsEndsWhenThePeerGoes() {
    PendingCall<Void> write = PendingCall.run(() -> sendEndlessly(socket)).awaitBlocked();
    assertDoesNotThrow(this::reset);
    write.failure(ConnectionException.class);
  }

  @Test
  void afterAResetTheSocketStillHasADescriptorUntilItIsClosed() throws IOException {
    reset();
    assertThrows(ConnectionResetException.class, () -> socket.recv(10));
    assertTrue(socket.fileno() >= 0);
    socket.close();
    assertEquals(-1, socket.fileno());
  }

  @Test
  void aConnectionThatIsOverCostsNoProcessorTime() throws Exception {
    peer.end();
    assertArrayEquals(NOTHING, socket.recv(10));
    socket.shutdown(StreamSocket.SHUT_WR);
    assertTrue(peer.isAtEnd());
    assertFalse(LoopTime.isSpinning(), "an event loop spins after both ends");
  }

  @Test
  void aResetConnectionCostsNoProcessorTime() throws Exception {
    reset();
    assertThrows(ConnectionResetException.class, () -> socket.recv(10));
    assertFalse(LoopTime.isSpinning(), "an event loop spins after a reset");
  }

  @Test
  void aResetThatNobodyReadsCostsNoProcessorTime() throws Exception {
    peer.send("unread");
    awaitArrived(6);
    reset();
    assertFalse(LoopTime.isSpinning(), "an event loop spins after a reset");
  }

  // After close

  @Test
  void aClosedSocketRefusesEverythingButClose() throws IOException {
    socket.close();
    socket.close();
    assertThrows(SocketException.class, () -> socket.recv(10));
    assertThrows(SocketException.class, () -> socket.recvInto(new byte[10]));
    assertThrows(SocketException.class, () -> socket.sendall("x"));
    assertThrows(SocketException.class, () -> socket.send(utf8("x")));
    assertThrows(SocketException.class, () -> socket.shutdown(StreamSocket.SHUT_WR));
    assertThrows(SocketException.class, socket::getpeername);
    assertThrows(SocketException.class, socket::getsockname);
    assertThrows(
        SocketException.class,
        () -> socket.getsockopt(StreamSocket.SOL_SOCKET, StreamSocket.SO_KEEPALIVE));
    assertThrows(
        SocketException.class,
        () -> socket.setsockopt(StreamSocket.SOL_SOCKET, StreamSocket.SO_KEEPALIVE, true));
    assertThrows(SocketException.class, () -> socket.makefileReader(-1));
    assertThrows(SocketException.class, () -> socket.makefileWriter(0));
    assertThrows(IOException.class, socket::detach);
    assertEquals(-1, socket.fileno());
    assertEquals(null, socket.gettimeout());
    assertTrue(peer.isAtEnd());
  }

  @Test
  void whatNobodyReadIsGoneAfterClose() throws IOException {
    peer.send("unread");
    awaitArrived(6);
    socket.close();
    assertThrows(SocketException.class, () -> socket.recv(10));
  }

  /** Writes until it fails; a peer that is gone is only found out after a write or two. */
  static void sendEndlessly(StreamSocket socket) throws IOException {
    byte[] chunk = new byte[10_000];
    while (true) {
      socket.sendall(chunk);
    }
  }

  /** Sends from the beginning of some data until there is no room for more. */
  private int sendUntilFull(byte[] data) throws IOException {
    int sent = 0;
    try {
      while (sent < data.length) {
        sent += socket.send(java.util.Arrays.copyOfRange(data, sent, data.length));
      }
    } catch (socketserver.WouldBlockException e) {
      return sent;
    }
    return sent;
  }
}
