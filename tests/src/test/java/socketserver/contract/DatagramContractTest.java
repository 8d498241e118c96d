package socketserver.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ch.qos.logback.classic.Level;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.BindException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import socketserver.Datagram;
import socketserver.DgramSocket;
import socketserver.WouldBlockException;
import socketserver.fixture.LateLoops;
import socketserver.fixture.LogCapture;
import socketserver.spi.DatagramEndpoint;
import socketserver.spi.Endpoint;

/** What every datagram socket does: whole datagrams, their senders, and the end of waiting. */
@ParameterizedClass
@MethodSource("socketserver.contract.DatagramSetting#all")
class DatagramContractTest extends OnGround {
  private static final Duration SHORT = Duration.ofMillis(100);
  private static final byte[] NOTHING = {};

  DgramSocket socket;
  DatagramKind.DatagramPeer peer;

  private final DatagramSetting setting;
  private DatagramKind kind;

  DatagramContractTest(DatagramSetting setting) {
    super(setting.ground());
    this.setting = setting;
  }

  @BeforeEach
  void open(@TempDir Path folder) throws IOException {
    kind = setting.kind(folder);
    DgramSocket bound = opened.add(new DgramSocket(kind.family()));
    bound.bind(kind.free());
    socket = opened.add(kind.goOnWith(bound));
    peer = opened.add(kind.peer());
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private void fromPeer(byte[] data) throws IOException {
    peer.send(data, socket.getsockname());
  }

  private void fromPeer(String text) throws IOException {
    fromPeer(utf8(text));
  }

  private DatagramEndpoint endpoint() {
    return (DatagramEndpoint) socket.transportEndpoint();
  }

  // Datagrams

  @Test
  void aDatagramComesWithItsSender() throws IOException {
    fromPeer("hello");
    Datagram datagram = socket.recvfrom(100);
    assertArrayEquals(utf8("hello"), datagram.data());
    assertEquals(peer.address(), datagram.address());
  }

  @Test
  void anAnswerLeavesFromTheSocketsOwnAddress() throws IOException {
    assertEquals(6, socket.sendto("answer", peer.address()));
    DatagramKind.Packet packet = peer.receive();
    assertArrayEquals(utf8("answer"), packet.data());
    assertEquals(socket.getsockname(), packet.sender());
  }

  @Test
  void datagramsKeepTheirBoundaries() throws IOException {
    for (String text : new String[] {"a", "bcd", "", "ef"}) {
      fromPeer(text);
    }
    for (String text : new String[] {"a", "bcd", "", "ef"}) {
      assertArrayEquals(utf8(text), socket.recvfrom(100).data());
    }
  }

  @Test
  void anEmptyDatagramIsOne() throws IOException {
    fromPeer("");
    Datagram empty = socket.recvfrom(100);
    assertEquals(0, empty.data().length);
    assertEquals(peer.address(), empty.address());
    assertEquals(0, socket.sendto(NOTHING, peer.address()));
    socket.sendto("next", peer.address());
    assertEquals(0, peer.receive().data().length);
    assertArrayEquals(utf8("next"), peer.receive().data());
  }

  @Test
  void theLongestDatagramGoesBothWays() throws IOException {
    byte[] data = Pattern.bytes(kind.longest());
    fromPeer("short");
    socket.recvfrom(data.length);
    fromPeer(data);
    assertArrayEquals(data, socket.recvfrom(data.length).data());
    assertEquals(data.length, socket.sendto(data, peer.address()));
    assertArrayEquals(data, peer.receive().data());
  }

  @Test
  void moreThanTheLongestCanBeAskedFor() throws IOException {
    fromPeer("first");
    assertArrayEquals(utf8("first"), socket.recvfrom(1 << 20).data());
    fromPeer("second");
    assertArrayEquals(utf8("second"), socket.recvfrom(Integer.MAX_VALUE).data());
    fromPeer("third");
    assertArrayEquals(utf8("third"), socket.recvfrom(100).data());
  }

  @Test
  void aDatagramThatIsTooLongIsCutWithOneWarning() throws Exception {
    try (LogCapture log = new LogCapture()) {
      fromPeer("exactly ten");
      assertArrayEquals(utf8("exactly ten"), socket.recvfrom(11).data());
      assertEquals(List.of(), log.at(Level.WARN));
      for (int i = 0; i < 5; i++) {
        fromPeer("much too long");
        assertArrayEquals(utf8("much"), socket.recvfrom(4).data());
      }
      List<String> warnings = log.at(Level.WARN);
      assertEquals(1, warnings.size(), warnings.toString());
      assertTrue(warnings.get(0).contains("4 bytes"), warnings.get(0));
    }
  }

  @Test
  void aDatagramThatIsFarTooLongForTheSystemsBufferIsCut() throws IOException {
    byte[] data = Pattern.bytes(kind.longest());
    fromPeer(data);
    byte[] received = socket.recvfrom(8192).data();
    assertEquals(8192, received.length);
    Pattern.check(received, 8192, 0);
    fromPeer("next");
    assertArrayEquals(utf8("next"), socket.recvfrom(8192).data());
  }

  @Test
  void noBytesOfADatagramCanBeAskedFor() throws IOException {
    fromPeer("gone");
    assertEquals(0, socket.recvfrom(0).data().length);
    fromPeer("next");
    assertArrayEquals(utf8("next"), socket.recvfrom(10).data());
    assertThrows(IllegalArgumentException.class, () -> socket.recvfrom(-1));
  }

  @Test
  void whatIsTooLongToSendIsRefusedWithItsSize() throws IOException {
    byte[] data = new byte[kind.longest() + 100_000];
    IOException error = assertThrows(IOException.class, () -> socket.sendto(data, peer.address()));
    assertTrue(error.getMessage().contains("" + data.length), error.getMessage());
    socket.sendto("still works", peer.address());
    assertArrayEquals(utf8("still works"), peer.receive().data());
  }

  @Test
  void anUnboundSocketIsBoundByItsFirstDatagram() throws IOException {
    DgramSocket client = opened.add(new DgramSocket(kind.family()));
    client.sendto("question", peer.address());
    DatagramKind.Packet question = peer.receive();
    assertArrayEquals(utf8("question"), question.data());
    if (!kind.bindsSenders()) {
      assertNull(client.getsockname());
      return;
    }
    assertNotNull(client.getsockname());
    peer.send(utf8("answer"), question.sender());
    assertArrayEquals(utf8("answer"), client.recvfrom(100).data());
  }

  @Test
  void anAddressInUseIsRefusedAndNamed() throws IOException {
    DgramSocket second = opened.add(new DgramSocket(kind.family()));
    SocketAddress taken = socket.getsockname();
    BindException error = assertThrows(BindException.class, () -> second.bind(taken));
    assertTrue(error.getMessage().contains(taken.toString()), error.getMessage());
  }

  @Test
  void theAddressIsFreeRightAfterClose() throws IOException {
    SocketAddress address = socket.getsockname();
    DgramSocket other = opened.add(new DgramSocket(kind.family()));
    other.bind(kind.free());
    socket.close();
    for (int i = 0; i < 50; i++) {
      kind.clear(address);
      DgramSocket again = opened.add(new DgramSocket(kind.family()));
      again.bind(address);
      again.close();
    }
  }

  @Test
  void manyThreadsAnswerFromOneSocket() throws Exception {
    int threads = 8;
    int each = 200;
    List<PendingCall<Void>> sending = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      int thread = t;
      DatagramKind.DatagramPeer client = opened.add(kind.peer());
      SocketAddress target = client.address();
      sending.add(
          PendingCall.run(
              () -> {
                for (int i = 0; i < each; i++) {
                  byte[] number = ByteBuffer.allocate(8).putInt(thread).putInt(i).array();
                  socket.sendto(number, target);
                  DatagramKind.Packet packet = client.receive();
                  assertArrayEquals(number, packet.data());
                  assertEquals(socket.getsockname(), packet.sender());
                }
              }));
    }
    for (PendingCall<Void> sender : sending) {
      sender.result();
    }
  }

  @Test
  void aThousandDatagramsThatAreAcknowledgedAllArrive() throws Exception {
    int count = 1000;
    // where senders wait for room, fewer than a queue holds: else both sides wait for one another
    int window = kind.drops() ? 50 : 8;
    PendingCall<Void> server =
        PendingCall.run(
            () -> {
              for (int i = 0; i < count; i++) {
                Datagram datagram = socket.recvfrom(1000);
                socket.sendto(datagram.data(), datagram.address());
              }
            });
    Set<Integer> acknowledged = new HashSet<>();
    int sent = 0;
    while (acknowledged.size() < count) {
      while (sent < count && sent - acknowledged.size() < window) {
        fromPeer(ByteBuffer.allocate(500).putInt(sent++).array());
      }
      acknowledged.add(ByteBuffer.wrap(peer.receive().data()).getInt());
    }
    server.result();
  }

  @Test
  void whatComesWhileNobodyReceivesWaitsForTheReceiver() throws Exception {
    // as many as the library reads ahead, and then some that the system keeps
    int count = 100;
    PendingCall<Void> sending =
        PendingCall.run(
            () -> {
              for (int i = 0; i < count; i++) {
                fromPeer("number " + i);
              }
            });
    if (kind.drops()) {
      sending.result();
    }
    for (int i = 0; i < count; i++) {
      assertArrayEquals(utf8("number " + i), socket.recvfrom(100).data());
    }
    sending.result();
  }

  @Test
  void aFloodWithoutAReceiverIsDroppedAndThenItGoesOn() throws IOException {
    assumeTrue(kind.drops(), "the system makes the sender wait");
    int flood = 20_000;
    for (int i = 0; i < flood; i++) {
      fromPeer("flood");
    }
    socket.settimeout(SHORT);
    int received = 0;
    byte[] data = NOTHING;
    while (data.length <= 5) {
      // again and again, as the system drops it too while its buffer is full
      fromPeer("after the flood");
      try {
        data = socket.recvfrom(100).data();
        received += data.length == 5 ? 1 : 0;
      } catch (SocketTimeoutException e) {
        data = NOTHING;
      }
    }
    assertArrayEquals(utf8("after the flood"), data);
    assertTrue(received > 0 && received < flood, received + " of " + flood);
  }

  // Waiting

  @Test
  void aReceiverWaits() throws Exception {
    PendingCall<Datagram> receiving = PendingCall.call(() -> socket.recvfrom(100)).awaitBlocked();
    fromPeer("x");
    assertArrayEquals(utf8("x"), receiving.result().data());
  }

  @Test
  void severalReceiversTakeOneDatagramEach() throws Exception {
    List<PendingCall<Datagram>> receiving = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      receiving.add(PendingCall.call(() -> socket.recvfrom(100)).awaitBlocked());
    }
    for (int i = 0; i < 4; i++) {
      fromPeer("x");
    }
    for (PendingCall<Datagram> receiver : receiving) {
      assertEquals(1, receiver.result().data().length);
    }
  }

  @Test
  void closeEndsAReceiverThatWaits() throws IOException {
    PendingCall<Datagram> receiving = PendingCall.call(() -> socket.recvfrom(100)).awaitBlocked();
    PendingCall<Boolean> waiting =
        PendingCall.call(() -> endpoint().awaitReadable(Endpoint.FOREVER)).awaitBlocked();
    socket.close();
    receiving.failure(SocketException.class);
    waiting.failure(SocketException.class);
  }

  @Test
  void anInterruptEndsAReceiverThatWaitsAndStaysSet() throws Exception {
    PendingCall<Boolean> receiving =
        PendingCall.call(
                () -> {
                  var error =
                      assertThrows(InterruptedIOException.class, () -> socket.recvfrom(100));
                  assertFalse(error instanceof SocketTimeoutException);
                  return Thread.currentThread().isInterrupted();
                })
            .awaitBlocked();
    receiving.thread().interrupt();
    assertTrue(receiving.result(), "the flag is set");
    fromPeer("later");
    assertArrayEquals(utf8("later"), socket.recvfrom(100).data());
  }

  @Test
  void receivingOverItsTimeFails() throws IOException {
    socket.settimeout(SHORT);
    assertThrows(SocketTimeoutException.class, () -> socket.recvfrom(100));
    fromPeer("x");
    socket.settimeout(null);
    assertEquals(1, socket.recvfrom(100).data().length);
  }

  @Test
  @OutsideHandlers
  void whatTheSystemHasIsReceivedAlthoughAnEventLoopIsLate() throws IOException {
    socket.settimeout(SHORT);
    try (LateLoops late = LateLoops.stop()) {
      fromPeer("late");
      assertArrayEquals(utf8("late"), late.overdue(SHORT, () -> socket.recvfrom(100)).data());
    }
  }

  @Test
  void aNonBlockingReceiverDoesNotWait() throws IOException {
    socket.setblocking(false);
    assertThrows(WouldBlockException.class, () -> socket.recvfrom(100));
    fromPeer("x");
    assertTrue(endpoint().awaitReadable(Endpoint.FOREVER));
    assertEquals(1, socket.recvfrom(100).data().length);
    assertThrows(WouldBlockException.class, () -> socket.recvfrom(100));
  }

  @Test
  void aNonBlockingSocketSends() throws IOException {
    socket.setblocking(false);
    socket.sendto("x", peer.address());
    assertEquals(1, peer.receive().data().length);
    socket.settimeout(Duration.ofSeconds(20));
    socket.sendto("y", peer.address());
    assertEquals(1, peer.receive().data().length);
  }

  @Test
  void wakeupEndsAWaitOrElseTheNext() throws Exception {
    DatagramEndpoint endpoint = endpoint();
    PendingCall<Boolean> waiting =
        PendingCall.call(() -> endpoint.awaitReadable(Endpoint.FOREVER)).awaitBlocked();
    endpoint.wakeup();
    assertFalse(waiting.result());
    endpoint.wakeup();
    assertFalse(endpoint.awaitReadable(Endpoint.FOREVER));
    fromPeer("x");
    assertTrue(endpoint.awaitReadable(Endpoint.FOREVER));
  }

  @Test
  void aClosedSocketRefusesEverythingButClose() throws IOException {
    assertTrue(socket.fileno() >= 0);
    SocketAddress target = peer.address();
    socket.close();
    socket.close();
    assertEquals(-1, socket.fileno());
    assertThrows(SocketException.class, () -> socket.recvfrom(10));
    assertThrows(SocketException.class, () -> socket.sendto("x", target));
    assertThrows(SocketException.class, socket::getsockname);
    assertThrows(SocketException.class, () -> socket.bind(kind.free()));
    assertThrows(
        SocketException.class,
        () -> socket.getsockopt(DgramSocket.SOL_SOCKET, DgramSocket.SO_RCVBUF));
  }

  @Test
  void bufferSizesAreSet() throws IOException {
    socket.setsockopt(DgramSocket.SOL_SOCKET, DgramSocket.SO_RCVBUF, 50_000);
    assertTrue(socket.getsockopt(DgramSocket.SOL_SOCKET, DgramSocket.SO_RCVBUF) >= 50_000);
    assertEquals(0, socket.getsockopt(DgramSocket.SOL_SOCKET, DgramSocket.SO_REUSEADDR));
  }
}
