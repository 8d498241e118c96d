package socketserver.multiplexing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static socketserver.selectors.DefaultSelector.EVENT_READ;
import static socketserver.selectors.DefaultSelector.EVENT_WRITE;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import socketserver.ListenerSocket;
import socketserver.StreamSocket;
import socketserver.fixture.Background;
import socketserver.fixture.Bounds;
import socketserver.fixture.Eventually;
import socketserver.select.Selectable;
import socketserver.selectors.DefaultSelector;
import socketserver.selectors.ReadyKey;
import socketserver.selectors.SelectorKey;

/** What CPython's tests ask of a selector. */
@Timeout(60)
class DefaultSelectorTest {
  private final Sockets sockets = new Sockets();
  private final DefaultSelector selector = sockets.add(new DefaultSelector());

  @AfterEach
  void close() throws IOException {
    sockets.close();
  }

  @Test
  void aKeySaysWhatWasRegistered() throws IOException {
    StreamSocket socket = sockets.pair().watched();
    SelectorKey key = selector.register(socket, EVENT_READ, "data");
    assertSame(socket, key.fileobj());
    assertEquals(socket.fileno(), key.fd());
    assertEquals(EVENT_READ, key.events());
    assertEquals("data", key.data());
    assertEquals("data", key.data(String.class));
    assertThrows(ClassCastException.class, () -> key.data(Integer.class));
    assertEquals(key, selector.getKey(socket));
    assertNull(selector.register(sockets.pair().watched(), EVENT_WRITE).data());
  }

  @Test
  void impossibleEventsAreRefused() throws IOException {
    StreamSocket socket = sockets.pair().watched();
    for (int events : new int[] {0, -1, 4, EVENT_READ | 8}) {
      assertThrows(IllegalArgumentException.class, () -> selector.register(socket, events));
    }
    selector.register(socket, EVENT_READ);
    assertThrows(IllegalArgumentException.class, () -> selector.modify(socket, 0, null));
    assertEquals(EVENT_READ, selector.getKey(socket).events());
  }

  @Test
  void whatIsClosedCannotBeRegistered() throws IOException {
    StreamSocket socket = sockets.pair().watched();
    socket.close();
    assertThrows(IllegalArgumentException.class, () -> selector.register(socket, EVENT_READ));
    assertThrows(NullPointerException.class, () -> selector.register(null, EVENT_READ));
    assertEquals(Map.of(), selector.getMap());
  }

  @Test
  void aSocketIsRegisteredOnce() throws IOException {
    StreamSocket socket = sockets.pair().watched();
    selector.register(socket, EVENT_READ);
    assertThrows(IllegalStateException.class, () -> selector.register(socket, EVENT_READ));
    selector.unregister(socket);
    selector.register(socket, EVENT_READ);
  }

  @Test
  void whatIsNotRegisteredIsNotFound() throws IOException {
    StreamSocket socket = sockets.pair().watched();
    assertThrows(NoSuchElementException.class, () -> selector.unregister(socket));
    assertThrows(NoSuchElementException.class, () -> selector.modify(socket, EVENT_READ, null));
    assertThrows(NoSuchElementException.class, () -> selector.getKey(socket));
    selector.register(socket, EVENT_READ);
    selector.unregister(socket);
    assertThrows(NoSuchElementException.class, () -> selector.unregister(socket));
  }

  @Test
  void whatIsClosedCanStillBeUnregistered() throws IOException {
    Ends ends = sockets.pair();
    SelectorKey key = selector.register(ends.watched(), EVENT_READ, "data");
    selector.register(ends.other(), EVENT_READ);
    ends.watched().close();
    ends.other().close();
    assertEquals(List.of(), selector.select(Duration.ZERO));
    assertEquals(key, selector.unregister(ends.watched()));
    selector.unregister(ends.other());
    assertEquals(Map.of(), selector.getMap());
  }

  @Test
  void aNewSocketMayHaveTheNumberOfAClosedOne() throws IOException {
    ListenerSocket listener = sockets.listener();
    for (int i = 0; i < 20; i++) {
      Ends ends = sockets.pair(listener);
      selector.register(ends.watched(), EVENT_READ, i);
      ends.other().sendall("x");
      List<ReadyKey> ready = selector.select(Bounds.WAIT);
      assertEquals(1, ready.size());
      assertEquals(i, ready.get(0).key().data());
      ends.close();
    }
  }

  @Test
  void modifyChangesEventsAndData() throws IOException {
    Ends ends = sockets.pair();
    SelectorKey before = selector.register(ends.watched(), EVENT_READ, "before");
    assertEquals(List.of(), selector.select(Duration.ZERO));
    SelectorKey key = selector.modify(ends.watched(), EVENT_WRITE, "after");
    assertEquals(new SelectorKey(before.fileobj(), before.fd(), EVENT_WRITE, "after"), key);
    assertEquals(List.of(new ReadyKey(key, EVENT_WRITE)), selector.select(Bounds.WAIT));
    SelectorKey changed = selector.modify(ends.watched(), EVENT_WRITE, "other data");
    assertEquals(List.of(new ReadyKey(changed, EVENT_WRITE)), selector.select(Bounds.WAIT));
    assertEquals(changed, selector.getKey(ends.watched()));
    assertNull(selector.modify(ends.watched(), EVENT_READ).data());
  }

  @Test
  void theMapIsWhatIsRegisteredAndCannotBeChanged() throws IOException {
    Ends ends = sockets.pair();
    assertEquals(Map.of(), selector.getMap());
    SelectorKey key = selector.register(ends.watched(), EVENT_READ, "data");
    Map<Selectable, SelectorKey> map = selector.getMap();
    assertEquals(Map.of(ends.watched(), key), map);
    assertThrows(UnsupportedOperationException.class, map::clear);
    assertThrows(UnsupportedOperationException.class, () -> map.remove(ends.watched()));
    selector.unregister(ends.watched());
    assertEquals(Map.of(), selector.getMap());
  }

  @Test
  void onlyWhatWasAskedForIsTold() throws IOException {
    Ends ends = sockets.pair();
    selector.register(ends.watched(), EVENT_READ | EVENT_WRITE);
    selector.register(ends.other(), EVENT_READ);
    assertEquals(1, selector.select(Bounds.WAIT).size());
    ends.other().sendall("x");
    Eventually.holds(
        "it is both",
        () -> selector.select(Bounds.WAIT).get(0).events() == (EVENT_READ | EVENT_WRITE));
  }

  @Test
  void theEndOfTheStreamIsReadable() throws IOException {
    Ends ends = sockets.pair();
    SelectorKey key = selector.register(ends.watched(), EVENT_READ);
    ends.other().close();
    assertEquals(List.of(new ReadyKey(key, EVENT_READ)), selector.select(Bounds.WAIT));
    assertEquals(0, ends.watched().recv(1).length);
  }

  @Test
  void timesOfZeroAndLessOnlyLook() throws IOException {
    Ends ends = sockets.pair();
    selector.register(ends.watched(), EVENT_READ);
    assertEquals(List.of(), selector.select(Duration.ZERO));
    assertEquals(List.of(), selector.select(Duration.ofSeconds(-1)));
    assertEquals(List.of(), selector.select(Duration.ofMillis(1)));
  }

  @Test
  void nothingIsReadyOfNothing() throws IOException {
    assertEquals(List.of(), selector.select(Duration.ZERO));
    assertEquals(List.of(), selector.select(Duration.ofMillis(1)));
  }

  @Test
  void anInterruptEndsTheWait() throws Exception {
    selector.register(sockets.pair().watched(), EVENT_READ);
    Thread waiter =
        Background.start(
            "waits", () -> assertThrows(InterruptedIOException.class, () -> selector.select()));
    Eventually.holds("it waits", () -> waiter.getState() != Thread.State.NEW);
    waiter.interrupt();
    Eventually.ends(waiter);
  }

  @Test
  void aClosedSelectorHasNoMapAndFindsNothing() throws IOException {
    StreamSocket socket = sockets.pair().watched();
    try (DefaultSelector closing = new DefaultSelector()) {
      closing.register(socket, EVENT_READ);
      selector.register(socket, EVENT_READ);
    }
    selector.close();
    selector.close();
    assertNull(selector.getMap());
    assertThrows(IllegalStateException.class, () -> selector.getKey(socket));
    assertThrows(IllegalStateException.class, () -> selector.select(Duration.ZERO));
    assertThrows(IllegalStateException.class, () -> selector.register(socket, EVENT_READ));
    assertThrows(IllegalStateException.class, () -> selector.unregister(socket));
    assertTrue(socket.fileno() >= 0);
  }

  @Test
  void closingEndsTheWaitOfAnother() throws Exception {
    selector.register(sockets.pair().watched(), EVENT_READ);
    CompletableFuture<List<ReadyKey>> waiting = Background.ask("waits", () -> selector.select());
    selector.close();
    Throwable failure =
        assertThrows(
                ExecutionException.class,
                () -> waiting.get(Bounds.WAIT.toMillis(), TimeUnit.MILLISECONDS))
            .getCause();
    assertInstanceOf(IllegalStateException.class, failure);
  }
}
