package socketserver.multiplexing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import socketserver.ListenerSocket;
import socketserver.SocketReader;
import socketserver.fixture.Background;
import socketserver.fixture.Bounds;
import socketserver.fixture.Eventually;
import socketserver.select.Epoll;
import socketserver.select.Poll;
import socketserver.select.PollEvent;
import socketserver.select.Selectable;

/**
 * What CPython's tests ask of {@code select.poll} and {@code select.epoll}: arguments and state.
 */
@Timeout(60)
class ArgumentsTest {
  private final Sockets sockets = new Sockets();
  private final Epoll epoll = sockets.add(new Epoll());
  private final Poll poll = new Poll();

  @AfterEach
  void close() throws IOException {
    sockets.close();
  }

  // epoll

  @Test
  void epollRegistersANumberOnce() throws IOException {
    Ends ends = sockets.pair();
    epoll.register(ends.watched(), Epoll.EPOLLIN);
    assertThrows(IllegalStateException.class, () -> epoll.register(ends.watched(), Epoll.EPOLLOUT));
    epoll.unregister(ends.watched());
    epoll.register(ends.watched(), Epoll.EPOLLOUT);
    assertEquals(1, epoll.poll(Duration.ZERO).size());
  }

  @Test
  void epollKnowsNothingOfWhatIsNotRegistered() throws IOException {
    Ends ends = sockets.pair();
    assertThrows(NoSuchElementException.class, () -> epoll.modify(ends.watched(), Epoll.EPOLLIN));
    assertThrows(NoSuchElementException.class, () -> epoll.unregister(ends.watched()));
    assertThrows(NoSuchElementException.class, () -> epoll.unregister(-1));
    assertThrows(NoSuchElementException.class, () -> epoll.modify(Integer.MAX_VALUE, 0));
  }

  @Test
  void epollRefusesWhatItCannotWatch() throws IOException {
    Ends ends = sockets.pair();
    assertThrows(NullPointerException.class, () -> epoll.register(null));
    assertThrows(IllegalArgumentException.class, () -> epoll.register(ends.watched(), 1 << 20));
    SocketReader ofBytes = new SocketReader(new ByteArrayInputStream(new byte[1]));
    assertThrows(UnsupportedOperationException.class, () -> epoll.register(ofBytes));
    ends.watched().close();
    assertThrows(IllegalArgumentException.class, () -> epoll.register(ends.watched()));
  }

  @Test
  void epollRegistersForEverythingByDefault() throws IOException {
    Ends ends = sockets.pair();
    epoll.register(ends.watched());
    ends.other().sendall("x");
    Eventually.holds(
        "both are told",
        () -> epoll.poll(Bounds.WAIT).get(0).events() == (Epoll.EPOLLIN | Epoll.EPOLLOUT));
  }

  @Test
  void epollRefusesImpossibleNumbersOfEvents() {
    for (int most : new int[] {0, -2, Integer.MIN_VALUE}) {
      assertThrows(IllegalArgumentException.class, () -> epoll.poll(Duration.ZERO, most));
    }
  }

  @Test
  void epollTellsNoMoreThanItIsAskedForAndEveryoneInTurn() throws IOException {
    ListenerSocket listener = sockets.listener();
    Set<Selectable> all = new HashSet<>();
    for (int i = 0; i < 10; i++) {
      Ends ends = sockets.pair(listener);
      epoll.register(ends.watched(), Epoll.EPOLLOUT);
      all.add(ends.watched());
    }
    assertEquals(10, epoll.poll(Duration.ZERO, -1).size());
    Set<Selectable> told = new HashSet<>();
    for (int i = 0; i < 4; i++) {
      List<PollEvent> events = epoll.poll(Duration.ZERO, 3);
      assertEquals(3, events.size());
      events.forEach(event -> told.add(event.fileobj()));
    }
    assertEquals(all, told);
  }

  @Test
  void epollTellsOfMoreThanItsDefaultInSeveralTurns() throws IOException {
    ListenerSocket listener = sockets.listener();
    Set<Selectable> all = new HashSet<>();
    for (int i = 0; i < 520; i++) {
      Ends ends = sockets.pair(listener);
      epoll.register(ends.watched(), Epoll.EPOLLOUT);
      epoll.register(ends.other(), Epoll.EPOLLOUT);
      all.add(ends.watched());
      all.add(ends.other());
    }
    Set<Selectable> told = new HashSet<>();
    List<PollEvent> first = epoll.poll(Bounds.WAIT);
    assertTrue(first.size() <= 1023, "" + first.size());
    first.forEach(event -> told.add(event.fileobj()));
    Eventually.holds(
        () -> "everyone is told, now " + told.size(),
        () -> {
          epoll.poll(Bounds.WAIT).forEach(event -> told.add(event.fileobj()));
          return told.equals(all);
        });
  }

  @Test
  void epollWaitsForItsTimeAlone() throws IOException {
    assertEquals(List.of(), epoll.poll(Duration.ofMillis(1)));
    assertEquals(List.of(), epoll.poll(Duration.ofNanos(1)));
    Ends ends = sockets.pair();
    epoll.register(ends.watched(), Epoll.EPOLLIN);
    assertEquals(List.of(), epoll.poll(Duration.ofMillis(1)));
    assertEquals(List.of(), epoll.poll(Duration.ofNanos(1)));
  }

  @Test
  void epollWaitsWithoutLimitForNegativeTimes() throws IOException {
    Ends ends = sockets.pair();
    epoll.register(ends.watched(), Epoll.EPOLLIN);
    ends.other().sendall("x");
    assertEquals(1, epoll.poll(Duration.ofSeconds(-1)).size());
    assertEquals(1, epoll.poll(null).size());
    assertEquals(1, epoll.poll().size());
    assertEquals(1, epoll.poll(Duration.ofSeconds(Long.MAX_VALUE)).size());
  }

  @Test
  void aClosedEpollRefusesEverythingButClose() throws IOException {
    Ends ends = sockets.pair();
    epoll.register(ends.watched(), Epoll.EPOLLIN);
    assertFalse(epoll.closed());
    epoll.close();
    assertTrue(epoll.closed());
    epoll.close();
    assertThrows(IllegalStateException.class, () -> epoll.poll(Duration.ZERO));
    assertThrows(IllegalStateException.class, () -> epoll.register(ends.other()));
    assertThrows(IllegalStateException.class, () -> epoll.modify(ends.watched(), 0));
    assertThrows(IllegalStateException.class, () -> epoll.unregister(ends.watched()));
    ends.other().sendall("x");
    ends.watched().setblocking(true);
    assertEquals(1, ends.watched().recv(10).length);
  }

  @Test
  void oneSocketMayBeInSeveralEpolls() throws IOException {
    Ends ends = sockets.pair();
    Epoll second = sockets.add(new Epoll());
    epoll.register(ends.watched(), Epoll.EPOLLIN);
    second.register(ends.watched(), Epoll.EPOLLIN | Epoll.EPOLLOUT);
    ends.other().sendall("x");
    assertEquals(Epoll.EPOLLIN, epoll.poll(Bounds.WAIT).get(0).events());
    assertEquals(Epoll.EPOLLIN | Epoll.EPOLLOUT, second.poll(Bounds.WAIT).get(0).events());
    ends.watched().close();
    assertEquals(List.of(), epoll.poll(Duration.ZERO));
    assertEquals(List.of(), second.poll(Duration.ZERO));
  }

  // poll

  @Test
  void pollRegistersANumberAgain() throws IOException {
    Ends ends = sockets.pair();
    poll.register(ends.watched(), Poll.POLLIN);
    assertEquals(List.of(), poll.poll(Duration.ZERO));
    poll.register(ends.watched(), Poll.POLLOUT);
    assertEquals(Poll.POLLOUT, poll.poll(Bounds.WAIT).get(0).events());
    poll.modify(ends.watched(), Poll.POLLIN);
    assertEquals(List.of(), poll.poll(Duration.ZERO));
    poll.unregister(ends.watched());
    assertThrows(NoSuchElementException.class, () -> poll.unregister(ends.watched()));
    assertThrows(NoSuchElementException.class, () -> poll.modify(ends.watched(), Poll.POLLIN));
  }

  @Test
  void pollRefusesWhatItCannotWatch() throws IOException {
    Ends ends = sockets.pair();
    assertThrows(NullPointerException.class, () -> poll.register(null));
    assertThrows(IllegalArgumentException.class, () -> poll.register(ends.watched(), -1));
    ends.watched().close();
    assertThrows(IllegalArgumentException.class, () -> poll.register(ends.watched()));
  }

  @Test
  void pollTellsOfWhatIsClosedUntilItIsUnregistered() throws IOException {
    Ends closed = sockets.pair();
    Ends open = sockets.pair();
    poll.register(closed.watched(), Poll.POLLIN);
    poll.register(open.watched(), Poll.POLLOUT);
    int number = closed.watched().fileno();
    closed.watched().close();
    for (int i = 0; i < 2; i++) {
      List<PollEvent> events = poll.poll(Bounds.WAIT);
      assertEquals(2, events.size());
      for (PollEvent event : events) {
        assertEquals(event.fd() == number ? Poll.POLLNVAL : Poll.POLLOUT, event.events());
      }
    }
    poll.unregister(number);
    assertEquals(1, poll.poll(Bounds.WAIT).size());
  }

  @Test
  void pollEndsItsWaitWhenSomethingIsClosed() throws IOException {
    Ends ends = sockets.pair();
    poll.register(ends.watched(), Poll.POLLIN);
    var waiting = Background.ask("waits", () -> poll.poll(Bounds.WAIT));
    ends.watched().close();
    assertEquals(Poll.POLLNVAL, Background.result(waiting).get(0).events());
    poll.unregister(ends.watched());
  }
}
