package socketserver.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.BindException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import socketserver.ConnectionResetException;
import socketserver.ListenerSocket;
import socketserver.StreamSocket;
import socketserver.WouldBlockException;
import socketserver.fixture.Descriptors;
import socketserver.fixture.LateLoops;
import socketserver.spi.Endpoint;
import socketserver.spi.ListenerEndpoint;

/** What every listener does: bind, listen, accept, in what order, how far ahead, and the end. */
@ParameterizedClass
@MethodSource("socketserver.contract.StreamSetting#listeners")
class ListenerContractTest extends OnGround {
  private final StreamSetting setting;
  private StreamKind kind;

  ListenerContractTest(StreamSetting setting) {
    super(setting.ground());
    this.setting = setting;
  }

  @BeforeEach
  void chooseKind(@TempDir Path folder) {
    kind = setting.kind(folder);
  }

  ListenerSocket open() throws IOException {
    ListenerSocket listener = opened.add(new ListenerSocket(kind.family()));
    kind.prepare(listener);
    return listener;
  }

  ListenerSocket listening(int backlog) throws IOException {
    ListenerSocket listener = open();
    listener.bind(kind.free());
    listener.listen(backlog);
    return listener;
  }

  private Peer connect(ListenerSocket listener) throws IOException {
    return opened.add(kind.connect(listener.getsockname()));
  }

  private static ListenerEndpoint endpoint(ListenerSocket listener) {
    return (ListenerEndpoint) listener.transportEndpoint();
  }

  // Steps

  @Test
  void bindingAndListeningAreTwoSteps() throws IOException {
    ListenerSocket listener = open();
    assertNull(listener.getsockname());
    listener.bind(kind.free());
    assertNotNull(listener.getsockname());
    if (ground.mechanism.adoptsDescriptors()) {
      SocketAddress address = listener.getsockname();
      assertThrows(IOException.class, () -> kind.connect(address));
    }
    listener.listen(5);
    connect(listener);
    kind.assertRuns(ground.mechanism, opened.add(listener.accept()));
  }

  @Test
  void theAddressIsTheOneThatPeersSee() throws IOException {
    ListenerSocket listener = listening(5);
    Peer peer = connect(listener);
    assertEquals(listener.getsockname(), peer.remoteAddress());
    assertEquals(listener.getsockname(), opened.add(listener.accept()).getsockname());
  }

  @Test
  void anAddressInUseIsRefusedAndNamed() throws IOException {
    ListenerSocket first = listening(5);
    ListenerSocket second = open();
    SocketAddress taken = first.getsockname();
    BindException error = assertThrows(BindException.class, () -> second.bind(taken));
    assertTrue(error.getMessage().contains(taken.toString()), error.getMessage());
    assertTrue(error.getMessage().contains("in use"), error.getMessage());
  }

  @Test
  void ofTwoSocketsWithOneAddressOneListens() throws IOException {
    ListenerSocket first = open();
    ListenerSocket second = open();
    first.setsockopt(ListenerSocket.SOL_SOCKET, ListenerSocket.SO_REUSEADDR, true);
    second.setsockopt(ListenerSocket.SOL_SOCKET, ListenerSocket.SO_REUSEADDR, true);
    first.bind(kind.free());
    BindException error =
        assertThrows(
            BindException.class,
            () -> {
              second.bind(first.getsockname());
              first.listen(5);
              second.listen(5);
            });
    assertTrue(error.getMessage().contains("in use"), error.getMessage());
  }

  @Test
  void listeningAgainIsAllowed() throws IOException {
    ListenerSocket listener = listening(5);
    listener.listen(10);
    connect(listener);
    opened.add(listener.accept());
  }

  @Test
  void listeningBeforeBindingIsRefused() throws IOException {
    ListenerSocket listener = open();
    assertThrows(IOException.class, () -> listener.listen(5));
  }

  @Test
  void theAddressCannotBeTakenAgainByDefault() throws IOException {
    ListenerSocket listener = open();
    int level = StreamSocket.SOL_SOCKET;
    assertEquals(0, listener.getsockopt(level, StreamSocket.SO_REUSEADDR));
    listener.bind(kind.free());
    listener.listen(5);
    assertEquals(0, listener.getsockopt(level, StreamSocket.SO_REUSEADDR));
  }

  @Test
  void optionsSetBeforeBindingStay() throws IOException {
    ListenerSocket listener = open();
    int level = StreamSocket.SOL_SOCKET;
    listener.setsockopt(level, StreamSocket.SO_REUSEADDR, true);
    listener.setsockopt(level, StreamSocket.SO_RCVBUF, 100_000);
    listener.bind(kind.free());
    listener.listen(5);
    assertEquals(1, listener.getsockopt(level, StreamSocket.SO_REUSEADDR));
    assertTrue(listener.getsockopt(level, StreamSocket.SO_RCVBUF) >= 100_000);
  }

  // Accepting

  @Test
  void connectionsAreAcceptedInTheOrderInWhichTheyCame() throws IOException {
    ListenerSocket listener = listening(50);
    List<Peer> peers = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      peers.add(connect(listener));
      peers.get(i).send("" + (char) ('a' + i));
    }
    for (int i = 0; i < 30; i++) {
      StreamSocket accepted = opened.add(listener.accept());
      assertEquals((char) ('a' + i), (char) ConnectionFixture.receive(accepted, 1)[0]);
    }
  }

  @Test
  void acceptWaitsForAConnection() throws Exception {
    ListenerSocket listener = listening(5);
    PendingCall<StreamSocket> accepting = PendingCall.call(listener::accept).awaitBlocked();
    Peer peer = connect(listener);
    StreamSocket accepted = opened.add(accepting.result());
    peer.send("x");
    assertEquals(1, accepted.recv(10).length);
  }

  @Test
  void severalThreadsAccept() throws Exception {
    ListenerSocket listener = listening(5);
    List<PendingCall<StreamSocket>> accepting = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      accepting.add(PendingCall.call(listener::accept).awaitBlocked());
    }
    for (int i = 0; i < 4; i++) {
      connect(listener);
    }
    for (PendingCall<StreamSocket> one : accepting) {
      opened.add(one.result());
    }
  }

  @Test
  void acceptOverItsTimeFails() throws IOException {
    ListenerSocket listener = listening(5);
    listener.settimeout(Duration.ofMillis(100));
    assertThrows(SocketTimeoutException.class, listener::accept);
    connect(listener);
    listener.settimeout(null);
    opened.add(listener.accept());
  }

  @Test
  @OutsideHandlers
  void aConnectionInTheBacklogIsAcceptedAlthoughAnEventLoopIsLate() throws IOException {
    Duration timeout = Duration.ofMillis(100);
    ListenerSocket listener = listening(5);
    listener.settimeout(timeout);
    try (LateLoops late = LateLoops.stop()) {
      opened.add(kind.connect(listener.getsockname()));
      opened.add(late.overdue(timeout, listener::accept));
    }
  }

  @Test
  void aNonBlockingAcceptDoesNotWait() throws IOException {
    ListenerSocket listener = listening(5);
    listener.setblocking(false);
    assertThrows(WouldBlockException.class, listener::accept);
    connect(listener);
    assertTrue(endpoint(listener).awaitReadable(Endpoint.FOREVER));
    opened.add(listener.accept());
    assertThrows(WouldBlockException.class, listener::accept);
  }

  @Test
  void anAcceptedConnectionDoesNotTakeTheTimeoutOver() throws IOException {
    ListenerSocket listener = listening(5);
    listener.settimeout(Duration.ofSeconds(20));
    connect(listener);
    assertNull(opened.add(listener.accept()).gettimeout());
  }

  @Test
  void aConnectionThatWasResetBeforeItWasTakenIsStillGiven() throws IOException {
    ListenerSocket listener = listening(5);
    Peer peer = connect(listener);
    if (kind.cutsOff()) {
      peer.reset();
    } else {
      peer.close();
    }
    StreamSocket accepted = opened.add(listener.accept());
    if (kind.cutsOff()) {
      assertThrows(ConnectionResetException.class, () -> accepted.recv(10));
    }
    assertEquals(0, accepted.recv(10).length);
  }

  @Test
  void whatClientsWriteBeforeTheyCloseAtOnceArrives() throws Exception {
    byte[] message = Pattern.bytes(1000);
    for (int round = 0; round < 20; round++) {
      ListenerSocket listener = listening(200);
      SocketAddress address = listener.getsockname();
      PendingCall<Void> clients =
          PendingCall.run(
              () -> {
                for (int i = 0; i < 200; i++) {
                  try (Peer client = kind.connect(address)) {
                    client.send(message);
                  }
                }
              });
      for (int i = 0; i < 200; i++) {
        try (StreamSocket accepted = listener.accept()) {
          byte[] received = ConnectionFixture.receive(accepted, 1000);
          Pattern.check(received, 1000, 0);
          assertEquals(0, accepted.recv(1).length);
        }
      }
      clients.result();
      listener.close();
    }
  }

  @Test
  void fewConnectionsAreAcceptedAheadOfTheirTaker() throws Exception {
    Descriptors.assumeCountable();
    int count = 300;
    ListenerSocket listener = listening(count);
    // all that is needed once is open
    connect(listener);
    opened.add(listener.accept());
    int before = Descriptors.open();
    for (int i = 0; i < count; i++) {
      connect(listener);
    }
    // the loops have had their turn when this has gone through them
    StreamSocket first = opened.add(listener.accept());
    first.sendall("x");
    int ahead = Descriptors.open() - before - count;
    assertTrue(ahead <= 48, ahead + " connections were accepted and nobody took them");
    for (int i = 1; i < count; i++) {
      opened.add(listener.accept());
    }
  }

  // Waking up

  @Test
  void wakeupEndsAWaitForConnections() throws Exception {
    ListenerEndpoint listener = endpoint(listening(5));
    PendingCall<Boolean> waiting =
        PendingCall.call(() -> listener.awaitReadable(Endpoint.FOREVER)).awaitBlocked();
    listener.wakeup();
    assertFalse(waiting.result());
  }

  @Test
  void wakeupEndsTheNextWaitIfNobodyWaits() throws IOException {
    ListenerEndpoint listener = endpoint(listening(5));
    listener.wakeup();
    assertFalse(listener.awaitReadable(Endpoint.FOREVER));
    assertFalse(listener.awaitReadable(1_000_000));
  }

  @Test
  void aWaitForConnectionsEndsWithOne() throws Exception {
    ListenerSocket listener = listening(5);
    PendingCall<Boolean> waiting =
        PendingCall.call(() -> endpoint(listener).awaitReadable(Endpoint.FOREVER)).awaitBlocked();
    connect(listener);
    assertTrue(waiting.result());
    assertTrue(endpoint(listener).awaitReadable(0));
    opened.add(listener.accept());
    assertFalse(endpoint(listener).awaitReadable(0));
  }

  @Test
  void anInterruptEndsTheWaitAndStaysSet() throws Exception {
    ListenerSocket listener = listening(5);
    PendingCall<Boolean> accepting =
        PendingCall.call(
                () -> {
                  var error = assertThrows(InterruptedIOException.class, listener::accept);
                  assertFalse(error instanceof SocketTimeoutException);
                  return Thread.currentThread().isInterrupted();
                })
            .awaitBlocked();
    accepting.thread().interrupt();
    assertTrue(accepting.result(), "the flag is set");
    connect(listener);
    opened.add(listener.accept());
  }

  // The end

  @Test
  void closeEndsAnAcceptThatWaits() throws IOException {
    ListenerSocket listener = listening(5);
    PendingCall<StreamSocket> accepting = PendingCall.call(listener::accept).awaitBlocked();
    PendingCall<Boolean> waiting =
        PendingCall.call(() -> endpoint(listener).awaitReadable(Endpoint.FOREVER)).awaitBlocked();
    listener.close();
    accepting.failure(SocketException.class);
    waiting.failure(SocketException.class);
  }

  @Test
  void aClosedListenerRefusesEverythingButClose() throws IOException {
    ListenerSocket listener = listening(5);
    assertTrue(listener.fileno() >= 0);
    listener.close();
    listener.close();
    assertEquals(-1, listener.fileno());
    assertThrows(SocketException.class, listener::accept);
    assertThrows(SocketException.class, listener::getsockname);
    assertThrows(SocketException.class, () -> listener.listen(5));
    assertThrows(SocketException.class, () -> listener.bind(kind.free()));
    assertThrows(
        SocketException.class,
        () -> listener.getsockopt(StreamSocket.SOL_SOCKET, StreamSocket.SO_REUSEADDR));
  }

  @Test
  void aListenerIsClosedBeforeItWasBoundOrListened() throws IOException {
    open().close();
    ListenerSocket bound = open();
    SocketAddress address = kind.free();
    bound.bind(address);
    SocketAddress got = bound.getsockname();
    bound.close();
    kind.clear(got);
    ListenerSocket again = open();
    again.bind(got);
  }

  @Test
  void connectionsThatNobodyAcceptedAreCutAtClose() throws IOException {
    ListenerSocket listener = listening(100);
    List<Peer> peers = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      peers.add(connect(listener));
    }
    listener.close();
    for (Peer peer : peers) {
      IOException error = assertThrows(IOException.class, () -> peer.receive(1));
      boolean ended = error instanceof EOFException && !kind.cutsOff();
      assertTrue(ended || error.getMessage().contains("reset"), error.toString());
    }
  }

  @Test
  void connectionsThatWereResetAndNobodyAcceptedDoNotDisturbClose() throws IOException {
    ListenerSocket listener = listening(100);
    for (int i = 0; i < 40; i++) {
      Peer peer = connect(listener);
      peer.send("gone");
      if (kind.cutsOff()) {
        peer.reset();
      } else {
        peer.close();
      }
    }
    listener.close();
  }

  @Test
  void acceptedConnectionsOutliveTheirListener() throws IOException {
    ListenerSocket listener = listening(5);
    Peer peer = connect(listener);
    StreamSocket accepted = opened.add(listener.accept());
    listener.close();
    peer.send("x");
    assertEquals(1, accepted.recv(10).length);
    accepted.sendall("y");
    assertEquals("y", peer.receiveText(1));
  }

  @Test
  void theAddressIsFreeRightAfterClose() throws IOException {
    ListenerSocket first = listening(5);
    SocketAddress address = first.getsockname();
    first.close();
    for (int i = 0; i < 50; i++) {
      kind.clear(address);
      ListenerSocket again = open();
      again.bind(address);
      again.listen(5);
      again.close();
    }
  }

  @Test
  void theAddressIsFreeRightAfterCloseAlsoWhileOthersListen() throws IOException {
    listening(5);
    theAddressIsFreeRightAfterClose();
  }
}
