package socketserver.multiplexing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static socketserver.select.Epoll.EPOLLET;
import static socketserver.select.Epoll.EPOLLIN;
import static socketserver.select.Epoll.EPOLLONESHOT;
import static socketserver.select.Epoll.EPOLLOUT;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;
import socketserver.DgramSocket;
import socketserver.ListenerSocket;
import socketserver.StreamSocket;
import socketserver.UnixAddress;
import socketserver.WouldBlockException;
import socketserver.contract.Mechanism;
import socketserver.fixture.Bounds;
import socketserver.select.Epoll;
import socketserver.select.PollEvent;

/** What is told of listeners and datagram sockets is what the next call does. */
@Timeout(60)
@ParameterizedClass
@CsvSource({"EPOLL, INET", "NIO, INET", "EPOLL, UNIX"})
class OtherSourcesTest {
  private final Mechanism mechanism;
  private final StandardProtocolFamily family;
  private final Sockets sockets = new Sockets();
  private Epoll epoll;

  @TempDir Path folder;

  OtherSourcesTest(Mechanism mechanism, StandardProtocolFamily family) {
    this.mechanism = mechanism;
    this.family = family;
  }

  @BeforeEach
  void open() {
    mechanism.choose();
    epoll = sockets.add(new Epoll());
  }

  @AfterEach
  void close() throws IOException {
    sockets.close();
    Mechanism.leave();
  }

  private SocketAddress free(String name) throws IOException {
    return family == StandardProtocolFamily.UNIX
        ? UnixAddress.of(folder.resolve(name))
        : Ends.loopback(family);
  }

  private int now() throws IOException {
    return events(epoll.poll(Duration.ZERO));
  }

  private int soon() throws IOException {
    return events(epoll.poll(Bounds.WAIT));
  }

  private static int events(List<PollEvent> events) {
    assertEquals(true, events.size() < 2, events::toString);
    return events.isEmpty() ? 0 : events.get(0).events();
  }

  private ListenerSocket listener() throws IOException {
    ListenerSocket listener = sockets.add(new ListenerSocket(family));
    listener.bind(free("l"));
    listener.listen(10);
    listener.setblocking(false);
    return listener;
  }

  private StreamSocket connectTo(ListenerSocket listener) throws IOException {
    return sockets.add(StreamSocket.connect(listener.getsockname(), Bounds.WAIT));
  }

  private DgramSocket datagrams(String name) throws IOException {
    DgramSocket socket = sockets.add(new DgramSocket(family));
    socket.bind(free(name));
    socket.setblocking(false);
    return socket;
  }

  @Test
  void aListenerIsReadableWhileThereAreConnections() throws IOException {
    ListenerSocket listener = listener();
    epoll.register(listener, EPOLLIN | EPOLLOUT);
    for (int round = 0; round < 3; round++) {
      assertEquals(0, now());
      assertThrows(WouldBlockException.class, listener::accept);
      connectTo(listener);
      connectTo(listener);
      for (int i = 0; i < 2; i++) {
        assertEquals(EPOLLIN, soon());
        sockets.add(listener.accept());
      }
      assertEquals(0, now());
      assertThrows(WouldBlockException.class, listener::accept);
    }
  }

  @Test
  void anEdgeOfAListenerIsToldForEachConnection() throws IOException {
    ListenerSocket listener = listener();
    epoll.register(listener, EPOLLIN | EPOLLET);
    connectTo(listener);
    assertEquals(EPOLLIN, soon());
    assertEquals(0, now());
    if (!tellsEachConnection()) {
      sockets.add(listener.accept());
      assertEquals(0, now());
    }
    connectTo(listener);
    assertEquals(EPOLLIN, soon());
    sockets.add(listener.accept());
    if (tellsEachConnection()) {
      sockets.add(listener.accept());
    }
    assertEquals(0, now());
  }

  /** Whether an edge is told for a connection while another one waits: the JDK knows no edges. */
  private boolean tellsEachConnection() {
    return mechanism != Mechanism.NIO;
  }

  @Test
  void aOneShotListenerIsToldOnceUntilModify() throws IOException {
    ListenerSocket listener = listener();
    epoll.register(listener, EPOLLIN | EPOLLONESHOT);
    connectTo(listener);
    assertEquals(EPOLLIN, soon());
    connectTo(listener);
    assertEquals(List.of(), epoll.poll(Duration.ofMillis(5)));
    epoll.modify(listener, EPOLLIN | EPOLLONESHOT);
    assertEquals(EPOLLIN, soon());
  }

  @Test
  void aListenerThatIsClosedIsForgotten() throws IOException {
    ListenerSocket listener = listener();
    epoll.register(listener, EPOLLIN);
    connectTo(listener);
    assertEquals(EPOLLIN, soon());
    listener.close();
    assertEquals(0, now());
  }

  @Test
  void aDatagramSocketIsReadableForEachDatagram() throws IOException {
    DgramSocket receiver = datagrams("r");
    DgramSocket sender = datagrams("s");
    epoll.register(receiver, EPOLLIN);
    for (int round = 0; round < 3; round++) {
      assertEquals(0, now());
      assertThrows(WouldBlockException.class, () -> receiver.recvfrom(10));
      assertEquals(0, now());
      sender.sendto("one", receiver.getsockname());
      sender.sendto("", receiver.getsockname());
      for (int length : new int[] {3, 0}) {
        assertEquals(EPOLLIN, soon());
        assertEquals(length, receiver.recvfrom(10).data().length);
      }
    }
    assertEquals(0, now());
    epoll.modify(receiver, EPOLLIN | EPOLLOUT);
    assertEquals(EPOLLOUT, soon());
  }

  @Test
  void aBlockingReceiveTakesNothingFromWhatIsTold() throws IOException {
    DgramSocket receiver = datagrams("r");
    DgramSocket sender = datagrams("s");
    epoll.register(receiver, EPOLLIN);
    receiver.settimeout(Duration.ofMillis(5));
    assertThrows(SocketTimeoutException.class, () -> receiver.recvfrom(10));
    assertEquals(0, now());
    sender.sendto("one", receiver.getsockname());
    assertEquals(EPOLLIN, soon());
    receiver.setblocking(false);
    assertEquals(3, receiver.recvfrom(10).data().length);
    assertEquals(0, now());
    assertThrows(WouldBlockException.class, () -> receiver.recvfrom(10));
  }

  @Test
  void edgesAndOneShotsOfDatagramsAreToldOnce() throws IOException {
    DgramSocket receiver = datagrams("r");
    DgramSocket sender = datagrams("s");
    epoll.register(receiver, EPOLLIN | EPOLLET);
    sender.sendto("one", receiver.getsockname());
    assertEquals(EPOLLIN, soon());
    assertEquals(0, now());
    epoll.modify(receiver, EPOLLIN | EPOLLONESHOT);
    assertEquals(EPOLLIN, soon());
    sender.sendto("two", receiver.getsockname());
    assertEquals(List.of(), epoll.poll(Duration.ofMillis(5)));
    epoll.modify(receiver, EPOLLIN);
    assertEquals(EPOLLIN, soon());
    receiver.close();
    assertEquals(0, now());
  }
}
