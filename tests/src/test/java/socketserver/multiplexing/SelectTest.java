package socketserver.multiplexing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import socketserver.ListenerSocket;
import socketserver.StreamSocket;
import socketserver.fixture.Background;
import socketserver.fixture.Bounds;
import socketserver.fixture.Eventually;
import socketserver.fixture.LateLoops;
import socketserver.select.Select;
import socketserver.select.Selectable;
import socketserver.select.Selected;

/** What CPython's tests ask of {@code select.select}. */
@Timeout(60)
class SelectTest {
  private static final List<Selectable> NONE = List.of();
  private static final Selected NOTHING = new Selected(NONE, NONE, NONE);

  private final Sockets sockets = new Sockets();

  @AfterEach
  void close() throws IOException {
    sockets.close();
  }

  @Test
  void emptyListsWaitForTheTimeAlone() throws IOException {
    assertEquals(NOTHING, Select.select(NONE, NONE, NONE, Duration.ZERO));
    assertEquals(NOTHING, Select.select(NONE, NONE, NONE, Duration.ofMillis(1)));
    assertEquals(NOTHING, Select.select(NONE, NONE, NONE, Duration.ofNanos(1)));
  }

  @Test
  void emptyListsWithoutATimeWaitForAnInterrupt() {
    Thread waiter =
        Background.start(
            "waits for nothing",
            () ->
                assertThrows(InterruptedIOException.class, () -> Select.select(NONE, NONE, NONE)));
    Eventually.waitsIn(waiter, "select");
    waiter.interrupt();
    Eventually.ends(waiter);
  }

  @Test
  void whatCannotBeSelectedOnIsRefused() {
    List<Selectable> withNull = Collections.singletonList(null);
    assertThrows(NullPointerException.class, () -> Select.select(null, NONE, NONE, Duration.ZERO));
    assertThrows(
        NullPointerException.class, () -> Select.select(withNull, NONE, NONE, Duration.ZERO));
    assertThrows(
        IllegalArgumentException.class,
        () -> Select.select(NONE, NONE, NONE, Duration.ofNanos(-1)));
  }

  @Test
  void whatIsClosedIsRefusedInEachList() throws IOException {
    Ends ends = sockets.pair();
    List<Selectable> closed = List.of(ends.watched());
    ends.watched().close();
    for (int list = 0; list < 3; list++) {
      List<Selectable> r = list == 0 ? closed : NONE;
      List<Selectable> w = list == 1 ? closed : NONE;
      List<Selectable> x = list == 2 ? closed : NONE;
      assertThrows(IllegalArgumentException.class, () -> Select.select(r, w, x, Duration.ZERO));
    }
  }

  @Test
  void afterARefusalTheRestIsSelectedAsBefore() throws IOException {
    Ends ends = sockets.pair();
    Ends gone = sockets.pair();
    gone.close();
    List<Selectable> both = List.of(ends.watched(), gone.watched());
    assertThrows(
        IllegalArgumentException.class, () -> Select.select(both, NONE, NONE, Duration.ZERO));
    ends.other().sendall("x");
    List<Selectable> one = List.of(ends.watched());
    assertEquals(one, Select.select(one, one, one, Bounds.WAIT).wlist());
    assertEquals(one, Select.select(one, NONE, NONE, Bounds.WAIT).rlist());
  }

  @Test
  void eachListIsAnsweredInItsOrderAndAsOftenAsItNames() throws IOException {
    Ends first = sockets.pair();
    Ends second = sockets.pair();
    first.other().sendall("x");
    second.other().sendall("x");
    List<Selectable> wanted =
        List.of(second.watched(), first.watched(), second.watched(), first.other());
    List<Selectable> readable = wanted.subList(0, 3);
    Eventually.holds(
        "both are readable",
        () -> Select.select(wanted, NONE, NONE, Bounds.WAIT).rlist().equals(readable));
    assertEquals(wanted, Select.select(NONE, wanted, NONE, Bounds.WAIT).wlist());
  }

  @Test
  void theListsMayChangeFromCallToCall() throws IOException {
    Ends first = sockets.pair();
    Ends second = sockets.pair();
    first.other().sendall("x");
    second.other().sendall("x");
    List<Selectable> one = List.of(first.watched());
    List<Selectable> two = List.of(second.watched());
    for (int i = 0; i < 5; i++) {
      assertEquals(one, Select.select(one, NONE, NONE, Bounds.WAIT).rlist());
      assertEquals(two, Select.select(two, one, NONE, Bounds.WAIT).rlist());
      assertEquals(NOTHING, Select.select(NONE, NONE, one, Duration.ZERO));
    }
  }

  @Test
  void aListMayBeChangedByWhoGaveItWhileItIsRead() throws IOException {
    Ends ends = sockets.pair();
    List<Selectable> list = new ArrayList<>(List.of(ends.watched(), ends.other()));
    Selected ready = Select.select(NONE, list, NONE, Bounds.WAIT);
    list.clear();
    assertEquals(List.of(ends.watched(), ends.other()), ready.wlist());
  }

  @Test
  void aNewSocketWithTheNumberOfAClosedOneIsAnother() throws IOException {
    ListenerSocket listener = sockets.listener();
    for (int i = 0; i < 20; i++) {
      Ends ends = sockets.pair(listener);
      List<Selectable> one = List.of(ends.watched());
      assertEquals(NOTHING, Select.select(one, NONE, NONE, Duration.ZERO));
      ends.other().sendall("x");
      assertEquals(one, Select.select(one, NONE, NONE, Bounds.WAIT).rlist());
      ends.close();
    }
  }

  @Test
  void aListenerIsReadableWhenThereIsAConnection() throws IOException {
    ListenerSocket listener = sockets.listener();
    listener.setblocking(false);
    List<Selectable> one = List.of(listener);
    assertEquals(NOTHING, Select.select(one, NONE, NONE, Duration.ZERO));
    StreamSocket client = sockets.add(StreamSocket.connect(listener.getsockname()));
    assertSame(listener, Select.select(one, NONE, NONE, Bounds.WAIT).rlist().get(0));
    assertEquals(client.getsockname(), sockets.add(listener.accept()).getpeername());
    assertEquals(NOTHING, Select.select(one, NONE, NONE, Duration.ZERO));
  }

  @Test
  @SuppressWarnings("try") // is there, and that is all
  void aConnectionInTheBacklogIsSelectedAlthoughAnEventLoopIsLate() throws IOException {
    Duration timeout = Duration.ofMillis(100);
    ListenerSocket listener = sockets.listener();
    List<Selectable> one = List.of(listener);
    try (LateLoops late = LateLoops.stop();
        SocketChannel client = SocketChannel.open(listener.getsockname())) {
      assertEquals(
          one, late.overdue(timeout, () -> Select.select(one, NONE, NONE, timeout).rlist()));
    }
  }

  @Test
  void hundredsOfSocketsCanBeSelected() throws IOException {
    ListenerSocket listener = sockets.listener();
    List<Selectable> all = new ArrayList<>();
    List<Ends> pairs = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      Ends ends = sockets.pair(listener);
      pairs.add(ends);
      all.add(ends.watched());
      all.add(ends.other());
    }
    assertEquals(NOTHING, Select.select(all, NONE, NONE, Duration.ZERO));
    assertEquals(all, Select.select(all, all, all, Bounds.WAIT).wlist());
    for (int i = 0; i < 300; i += 100) {
      Ends busy = pairs.get(i);
      busy.other().sendall("x");
      assertEquals(List.of(busy.watched()), Select.select(all, NONE, NONE, Bounds.WAIT).rlist());
      assertEquals(1, busy.watched().recv(10).length);
      assertEquals(NOTHING, Select.select(all, NONE, NONE, Duration.ZERO));
    }
    assertTrue(all.size() == 600);
  }
}
