package socketserver.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import socketserver.ConnectionResetException;
import socketserver.SocketReader;
import socketserver.StreamSocket;
import socketserver.WouldBlockException;
import socketserver.fixture.Bounds;
import socketserver.fixture.Eventually;
import socketserver.fixture.LateLoops;

/** What ends the wait of a call on a connection, and what calls do that may not wait. */
@ParameterizedClass
@MethodSource("socketserver.contract.StreamSetting#all")
class WaitingContractTest extends ConnectionFixture {
  private static final byte[] NOTHING = new byte[0];
  private static final Duration SHORT = Duration.ofMillis(100);

  WaitingContractTest(StreamSetting setting) {
    super(setting);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private PendingCall<byte[]> startRead() {
    return PendingCall.call(() -> socket.recv(10)).awaitBlocked();
  }

  private PendingCall<Void> startWrite() {
    return PendingCall.run(() -> StreamContractTest.sendEndlessly(socket)).awaitBlocked();
  }

  // Other threads

  @Test
  void aReadWaitsForBytes() throws Exception {
    PendingCall<byte[]> read = startRead();
    peer.send("x");
    assertArrayEquals(utf8("x"), read.result());
  }

  @Test
  void aReadThatWaitsEndsWithTheStream() throws Exception {
    PendingCall<byte[]> read = startRead();
    peer.end();
    assertArrayEquals(NOTHING, read.result());
  }

  @Test
  void shutdownByAnotherThreadGivesAReadThatWaitsTheEnd() throws Exception {
    PendingCall<byte[]> read = startRead();
    socket.shutdown(StreamSocket.SHUT_RDWR);
    assertArrayEquals(NOTHING, read.result());
    assertArrayEquals(NOTHING, socket.recv(10));
  }

  @Test
  void shutdownByAnotherThreadGivesAFilesReaderTheEnd() throws Exception {
    try (SocketReader rfile = socket.makefileReader(-1)) {
      PendingCall<byte[]> read = PendingCall.call(rfile::readline).awaitBlocked();
      socket.shutdown(StreamSocket.SHUT_RD);
      assertArrayEquals(NOTHING, read.result());
    }
  }

  @Test
  void shutdownByAnotherThreadEndsAWriteThatWaits() throws IOException {
    PendingCall<Void> write = startWrite();
    socket.shutdown(StreamSocket.SHUT_WR);
    write.failure(socketserver.BrokenPipeException.class);
  }

  @Test
  void closeByAnotherThreadEndsAReadThatWaits() {
    PendingCall<byte[]> read = startRead();
    socket.close();
    assertFalse(read.failure(SocketException.class) instanceof ConnectionResetException);
  }

  @Test
  void closeByAnotherThreadEndsAWriteThatWaits() {
    PendingCall<Void> write = startWrite();
    socket.close();
    write.failure(SocketException.class);
  }

  @Test
  void closeEndsEveryReaderThatWaits() {
    PendingCall<byte[]> first = startRead();
    PendingCall<byte[]> second = startRead();
    socket.close();
    first.failure(SocketException.class);
    second.failure(SocketException.class);
  }

  @Test
  void closeEndsEveryWriterThatWaits() {
    PendingCall<Void> first = startWrite();
    PendingCall<Void> second = startWrite();
    socket.close();
    first.failure(SocketException.class);
    second.failure(SocketException.class);
  }

  @Test
  void readersTakeTurns() throws Exception {
    PendingCall<byte[]> first = startRead();
    PendingCall<byte[]> second = startRead();
    peer.send("x");
    Eventually.holds("one has read", () -> first.isDone() || second.isDone());
    peer.send("x");
    assertArrayEquals(utf8("x"), first.result());
    assertArrayEquals(utf8("x"), second.result());
  }

  @Test
  void aReaderThatWaitsDoesNotHoldUpAWriter() throws Exception {
    PendingCall<byte[]> read = startRead();
    socket.sendall("go on");
    assertEquals("go on", peer.receiveText(5));
    peer.send("x");
    assertArrayEquals(utf8("x"), read.result());
  }

  @Test
  void aWriterThatWaitsDoesNotHoldUpAReader() throws Exception {
    PendingCall<Void> write = startWrite();
    peer.send("x");
    assertArrayEquals(utf8("x"), socket.recv(1));
    assertFalse(write.isDone());
    peer.close();
    write.failure(socketserver.ConnectionException.class);
  }

  // Interrupts

  @Test
  void anInterruptEndsAReadThatWaitsAndStaysSet() throws Exception {
    PendingCall<Boolean> read =
        PendingCall.call(
                () -> {
                  assertThrows(InterruptedIOException.class, () -> socket.recv(10));
                  return Thread.currentThread().isInterrupted();
                })
            .awaitBlocked();
    read.thread().interrupt();
    assertTrue(read.result(), "the flag is set");
  }

  @Test
  void anInterruptIsNoTimeout() throws Exception {
    socket.settimeout(Duration.ofMinutes(5));
    PendingCall<byte[]> read = startRead();
    read.thread().interrupt();
    assertFalse(read.failure(InterruptedIOException.class) instanceof SocketTimeoutException);
  }

  @Test
  void anInterruptEndsAWriteThatWaitsAndStaysSet() throws Exception {
    PendingCall<Boolean> write =
        PendingCall.call(
                () -> {
                  assertThrows(
                      InterruptedIOException.class, () -> StreamContractTest.sendEndlessly(socket));
                  return Thread.currentThread().isInterrupted();
                })
            .awaitBlocked();
    write.thread().interrupt();
    assertTrue(write.result(), "the flag is set");
  }

  @Test
  void anInterruptEndsTheWaitForAnotherReader() throws Exception {
    PendingCall<byte[]> first = startRead();
    PendingCall<byte[]> second = startRead();
    second.thread().interrupt();
    second.failure(InterruptedIOException.class);
    peer.send("x");
    assertArrayEquals(utf8("x"), first.result());
  }

  @Test
  void anInterruptLeavesTheConnectionUsable() throws Exception {
    PendingCall<byte[]> read = startRead();
    read.thread().interrupt();
    read.failure(InterruptedIOException.class);
    peer.send("later");
    assertArrayEquals(utf8("later"), receive(socket, 5));
    socket.sendall("as well");
    assertEquals("as well", peer.receiveText(7));
  }

  @Test
  void anInterruptedThreadStillReadsWhatIsThere() throws Exception {
    peer.send("there");
    awaitArrived(5);
    PendingCall<byte[]> read =
        PendingCall.call(
            () -> {
              Thread.currentThread().interrupt();
              return socket.recv(10);
            });
    assertArrayEquals(utf8("there"), read.result());
  }

  // Time-outs

  @Test
  void aReadOverItsTimeFailsAndLosesNothing() throws IOException {
    socket.settimeout(SHORT);
    assertThrows(SocketTimeoutException.class, () -> socket.recv(10));
    assertThrows(SocketTimeoutException.class, () -> socket.recvInto(new byte[10]));
    assertThrows(SocketTimeoutException.class, () -> socket.recv(10, StreamSocket.MSG_PEEK));
    peer.send("late");
    socket.settimeout(null);
    assertArrayEquals(utf8("late"), receive(socket, 4));
  }

  @Test
  @OutsideHandlers
  void whatTheSystemHasIsReadAlthoughAnEventLoopIsLate() throws Exception {
    knownToItsLoop();
    socket.settimeout(SHORT);
    try (LateLoops late = LateLoops.stop();
        SocketReader rfile = socket.makefileReader(-1)) {
      peer.send("late\n");
      assertArrayEquals(utf8("late\n"), late.overdue(SHORT, rfile::readline));
    }
  }

  @Test
  @OutsideHandlers
  void whatTheSystemHasRoomForIsSentAlthoughAnEventLoopIsLate() throws Exception {
    knownToItsLoop();
    socket.settimeout(SHORT);
    assertThrows(SocketTimeoutException.class, () -> StreamContractTest.sendEndlessly(socket));
    try (LateLoops late = LateLoops.stop()) {
      while (peer.awaitArrived(0)) {
        peer.receive(ByteBuffer.allocate(64 << 10));
      }
      assertTrue(late.overdue(SHORT, () -> socket.send(utf8("late"))) > 0);
    }
  }

  /** Has the connection wait for something once, which is when an event loop learns of it. */
  private void knownToItsLoop() throws Exception {
    PendingCall<byte[]> read = startRead();
    peer.send("!");
    assertArrayEquals(utf8("!"), read.result());
  }

  @Test
  void aFilesReaderKeepsItsBytesOverATimeout() throws IOException {
    socket.settimeout(SHORT);
    try (SocketReader rfile = socket.makefileReader(-1)) {
      peer.send("first half, ");
      assertThrows(SocketTimeoutException.class, rfile::readline);
      assertThrows(SocketTimeoutException.class, () -> rfile.read(100));
      peer.send("second half\n");
      socket.settimeout(null);
      assertArrayEquals(utf8("first half, second half\n"), rfile.readline());
    }
  }

  @Test
  void waitallOverItsTimeReturnsWhatHasArrived() throws IOException {
    socket.settimeout(SHORT);
    assertThrows(SocketTimeoutException.class, () -> socket.recv(6, StreamSocket.MSG_WAITALL));
    peer.send("abc");
    awaitArrived(3);
    assertArrayEquals(utf8("abc"), socket.recv(6, StreamSocket.MSG_WAITALL));
  }

  @Test
  void aWriteOverItsTimeFails() {
    socket.settimeout(SHORT);
    assertThrows(SocketTimeoutException.class, () -> StreamContractTest.sendEndlessly(socket));
    assertThrows(SocketTimeoutException.class, () -> socket.sendall(new byte[1 << 20]));
  }

  @Test
  void aSendWithATimeoutTakesWhatThereIsRoomForAndWaitsForNoMore() throws Exception {
    byte[] data = Pattern.bytes(64 << 20);
    socket.settimeout(Bounds.NEVER);
    int sent = socket.send(data);
    assertTrue(sent > 64 << 10 && sent < data.length, sent + " bytes were taken");
    Pattern.check(peer.receive(sent), sent, 0);
  }

  @Test
  void anInterruptLeavesASendWithThePartThatWasTaken() throws Exception {
    int size = 64 << 20;
    AtomicBoolean interrupted = new AtomicBoolean();
    PendingCall<Integer> send =
        PendingCall.call(
            () -> {
              int sent = socket.send(new byte[size]);
              interrupted.set(Thread.currentThread().isInterrupted());
              return sent;
            });
    send.awaitBlocked().thread().interrupt();
    int sent = send.result();
    assertTrue(sent > 0 && sent < size, sent + " bytes were taken");
    assertTrue(interrupted.get());
  }

  @Test
  void theTimeOfSendallIsForAllItsBytes() throws Exception {
    // so slow that the whole would take minutes, and yet some go out all the time
    ScheduledExecutorService slowReader = Executors.newSingleThreadScheduledExecutor();
    try {
      ByteBuffer chunk = ByteBuffer.allocate(64 << 10);
      peer.channel().configureBlocking(false);
      slowReader.scheduleAtFixedRate(() -> assertThatReads(chunk), 0, 20, TimeUnit.MILLISECONDS);
      socket.settimeout(Duration.ofMillis(300));
      assertThrows(SocketTimeoutException.class, () -> socket.sendall(new byte[256 << 20]));
    } finally {
      slowReader.shutdownNow();
      assertTrue(slowReader.awaitTermination(10, TimeUnit.SECONDS));
    }
  }

  private void assertThatReads(ByteBuffer chunk) {
    try {
      peer.receive(chunk.clear());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void theConnectionGoesOnAfterATimeout() throws Exception {
    socket.settimeout(SHORT);
    assertThrows(SocketTimeoutException.class, () -> socket.recv(10));
    socket.sendall("still here");
    assertEquals("still here", peer.receiveText(10));
  }

  @Test
  void timeoutsAreReadAndSetAsInPython() {
    assertNull(socket.gettimeout());
    assertTrue(socket.getblocking());
    socket.settimeout(Duration.ofMillis(1500));
    assertEquals(Duration.ofMillis(1500), socket.gettimeout());
    assertTrue(socket.getblocking());
    socket.setblocking(false);
    assertEquals(Duration.ZERO, socket.gettimeout());
    assertFalse(socket.getblocking());
    socket.setblocking(true);
    assertNull(socket.gettimeout());
    assertThrows(IllegalArgumentException.class, () -> socket.settimeout(Duration.ofMillis(-1)));
    socket.settimeout(Duration.ofSeconds(Long.MAX_VALUE));
    assertTrue(socket.getblocking());
  }

  @Test
  void theLongestTimeoutWaits() throws Exception {
    socket.settimeout(Duration.ofSeconds(Long.MAX_VALUE));
    PendingCall<byte[]> read = startRead();
    peer.send("x");
    assertArrayEquals(utf8("x"), read.result());
  }

  // Calls that may not wait

  @Test
  void aNonBlockingReadTellsNothingFromTheEnd() throws IOException {
    socket.setblocking(false);
    assertThrows(WouldBlockException.class, () -> socket.recv(10));
    assertThrows(WouldBlockException.class, () -> socket.recvInto(new byte[10]));
    peer.send("x");
    awaitArrived(1);
    assertArrayEquals(utf8("x"), socket.recv(10));
    assertThrows(WouldBlockException.class, () -> socket.recv(10));
    peer.end();
    Eventually.holds("the end", this::isAtEnd);
  }

  @Test
  void aNonBlockingReadTellsAResetFromTheEnd() throws IOException {
    socket.setblocking(false);
    reset();
    Eventually.holds("the reset is reported", this::isReset);
    assertTrue(isAtEnd());
  }

  private boolean isReset() throws IOException {
    try {
      assertFalse(isAtEnd(), "the end came without the reset");
      return false;
    } catch (ConnectionResetException e) {
      return true;
    }
  }

  /** Reads without waiting. */
  private boolean isAtEnd() throws IOException {
    try {
      return socket.recv(10).length == 0;
    } catch (WouldBlockException e) {
      return false;
    }
  }

  @Test
  void oneCallCanBeKeptFromWaiting() throws IOException {
    int flags = StreamSocket.MSG_DONTWAIT;
    assertThrows(WouldBlockException.class, () -> socket.recv(10, flags));
    assertThrows(WouldBlockException.class, () -> socket.recv(10, flags | StreamSocket.MSG_PEEK));
    peer.send("abc");
    awaitArrived(3);
    assertArrayEquals(utf8("abc"), socket.recv(10, flags));
    peer.end();
    assertArrayEquals(NOTHING, socket.recv(10));
    assertArrayEquals(NOTHING, socket.recv(10, flags));
  }

  @Test
  void unknownFlagsAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> socket.recv(10, 0x4000));
  }

  @Test
  void aNonBlockingSendTakesWhatThereIsRoomFor() throws Exception {
    byte[] data = Pattern.bytes(64 << 20);
    socket.setblocking(false);
    int sent = 0;
    try {
      while (sent < data.length) {
        sent += socket.send(Arrays.copyOfRange(data, sent, Math.min(sent + 50_000, data.length)));
      }
      throw new AssertionError("64 MiB were taken and nobody reads");
    } catch (WouldBlockException e) {
      assertTrue(sent > 0);
    }
    byte[] received = peer.receive(sent);
    Pattern.check(received, sent, 0);
    Eventually.holds("there is room again", this::takesOneMore);
    assertEquals("!", peer.receiveText(1));
  }

  private boolean takesOneMore() throws IOException {
    try {
      return socket.send(utf8("!")) == 1;
    } catch (WouldBlockException e) {
      return false;
    }
  }

  @Test
  void aNonBlockingSendallFailsWhenThereIsNoRoomForAll() {
    socket.setblocking(false);
    assertThrows(WouldBlockException.class, () -> socket.sendall(new byte[64 << 20]));
  }
}
