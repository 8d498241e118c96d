package socketserver.multiplexing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static socketserver.select.Epoll.EPOLLET;
import static socketserver.select.Epoll.EPOLLHUP;
import static socketserver.select.Epoll.EPOLLIN;
import static socketserver.select.Epoll.EPOLLONESHOT;
import static socketserver.select.Epoll.EPOLLOUT;
import static socketserver.select.Epoll.EPOLLRDHUP;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import socketserver.SocketReader;
import socketserver.StreamSocket;
import socketserver.WouldBlockException;
import socketserver.contract.Mechanism;
import socketserver.fixture.Background;
import socketserver.fixture.Bounds;
import socketserver.fixture.Eventually;
import socketserver.select.Epoll;
import socketserver.select.Poll;
import socketserver.select.PollEvent;
import socketserver.select.Select;
import socketserver.select.Selectable;
import socketserver.selectors.DefaultSelector;

/**
 * What is told of a connection, of whatever kind, is what the next call that does not block does.
 */
@Timeout(60)
abstract class StreamReadinessContract {
  static final Duration WAIT = Bounds.WAIT;
  static final int ANYTHING = EPOLLIN | EPOLLOUT | EPOLLRDHUP;

  /** Long enough that what the system and the event loops still have to move has been moved. */
  private static final Duration WHILE_FULL = Duration.ofMillis(300);

  private final Mechanism mechanism;
  final Ends.Kind kind;
  Epoll epoll;
  private Ends ends;
  StreamSocket watched;
  StreamSocket other;

  StreamReadinessContract(Mechanism mechanism, Ends.Kind kind) {
    this.mechanism = mechanism;
    this.kind = kind;
  }

  @BeforeEach
  void open() throws IOException {
    mechanism.choose();
    epoll = new Epoll();
    ends = kind.open();
    watched = ends.watched();
    other = ends.other();
  }

  @AfterEach
  void close() {
    epoll.close();
    if (ends != null) {
      ends.close();
    }
    Mechanism.leave();
  }

  /** What is told now. */
  private int now() throws IOException {
    return only(epoll.poll(Duration.ZERO));
  }

  private int only(List<PollEvent> events) {
    if (events.isEmpty()) {
      return 0;
    }
    assertEquals(1, events.size());
    assertSame(watched, events.get(0).fileobj());
    return events.get(0).events();
  }

  /** Waits until this is told, and nothing else. */
  void await(int events) {
    int[] last = new int[1];
    Eventually.holds(
        () -> "told: " + hex(events) + ", last was " + hex(last[0]),
        () -> {
          last[0] = now();
          return last[0] == events;
        });
    assertEquals(events, last[0]);
  }

  private static String hex(int events) {
    return "0x" + Integer.toHexString(events);
  }

  private void assertWouldBlock() {
    assertThrows(WouldBlockException.class, () -> watched.recv(1));
  }

  private void assertReads(String text) throws IOException {
    assertEquals(text, new String(watched.recv(100), StandardCharsets.UTF_8));
  }

  /** Sends until there is no room, and there is none a while later either. */
  private long fill() throws IOException {
    byte[] chunk = new byte[50_000];
    long sent = 0;
    do {
      while (true) {
        try {
          sent += watched.send(chunk);
        } catch (WouldBlockException e) {
          break;
        }
      }
    } while (only(epoll.poll(WHILE_FULL)) != 0);
    return sent;
  }

  private void drain(long count) throws IOException {
    byte[] target = new byte[100_000];
    for (long left = count; left > 0; ) {
      int received = other.recvInto(target, 0, (int) Math.min(left, target.length));
      assertTrue(received > 0, "the stream ended with " + left + " bytes missing");
      left -= received;
    }
  }

  // Reading

  @Test
  void itIsReadableWhenThereIsSomethingToRead() throws IOException {
    epoll.register(watched, EPOLLIN);
    assertEquals(0, now());
    assertWouldBlock();
    assertEquals(0, now());
    other.sendall("hello");
    assertEquals(EPOLLIN, only(epoll.poll(WAIT)));
    assertEquals(EPOLLIN, now());
    assertReads("hello");
    assertEquals(0, now());
    assertWouldBlock();
    assertEquals(0, now());
    other.sendall("again");
    assertEquals(EPOLLIN, only(epoll.poll(WAIT)));
    assertReads("again");
  }

  @Test
  void itIsReadableUntilTheLastByteIsRead() throws IOException {
    epoll.register(watched, EPOLLIN);
    other.sendall("abc");
    Eventually.holds(
        "three bytes are there",
        () -> {
          epoll.poll(WAIT);
          return watched.recv(3, StreamSocket.MSG_PEEK).length == 3;
        });
    for (int left = 3; left > 0; left--) {
      assertEquals(EPOLLIN, now());
      assertEquals(1, watched.recv(1).length);
    }
    assertEquals(0, now());
    assertWouldBlock();
  }

  @Test
  void whatWasOnlyLookedAtIsStillThere() throws IOException {
    epoll.register(watched, EPOLLIN);
    other.sendall("abc");
    assertEquals(EPOLLIN, only(epoll.poll(WAIT)));
    assertEquals(1, watched.recv(1, StreamSocket.MSG_PEEK).length);
    for (int left = 3; left > 0; ) {
      assertEquals(EPOLLIN, only(epoll.poll(WAIT)));
      assertEquals(EPOLLIN, now());
      left -= watched.recv(3).length;
    }
    assertEquals(0, now());
    assertWouldBlock();
  }

  @Test
  void whatHasArrivedBeforeItWasRegisteredIsTold() throws IOException {
    other.sendall("early");
    try (Epoll another = new Epoll()) {
      another.register(watched, EPOLLIN);
      assertEquals(EPOLLIN, only(another.poll(WAIT)));
    }
    epoll.register(watched, EPOLLIN);
    assertEquals(EPOLLIN, only(epoll.poll(WAIT)));
    assertReads("early");
    assertEquals(0, now());
  }

  @Test
  void randomPiecesAreReadableForAsLongAsThereIsSomething() throws IOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    epoll.register(watched, EPOLLIN);
    int there = 0;
    for (int step = 0; step < 300; step++) {
      String where = "seed " + seed + ", step " + step + ", " + there + " bytes are there";
      if (random.nextBoolean() && there < 20_000) {
        int count = 1 + random.nextInt(random.nextBoolean() ? 10 : 10_000);
        other.sendall(new byte[count]);
        there += count;
      } else if (there > 0) {
        assertEquals(EPOLLIN, only(epoll.poll(WAIT)), where);
        boolean peek = random.nextInt(4) == 0;
        int most = 1 + random.nextInt(random.nextBoolean() ? 10 : 20_000);
        int count = watched.recv(most, peek ? StreamSocket.MSG_PEEK : 0).length;
        assertTrue(count > 0 && count <= there, where + ", " + count + " read");
        there -= peek ? 0 : count;
      } else {
        assertEquals(0, now(), where);
        assertWouldBlock();
      }
    }
  }

  // Writing

  @Test
  void itIsWritableUntilItIsFullAndAgainWhenThePeerHasRead() throws IOException {
    epoll.register(watched, EPOLLOUT);
    assertEquals(EPOLLOUT, now());
    assertEquals(EPOLLOUT, now());
    long sent = fill();
    assertEquals(0, now());
    CompletableFuture<List<PollEvent>> waiting =
        Background.ask("waits for room", () -> epoll.poll(WAIT));
    drain(sent);
    assertEquals(EPOLLOUT, only(Background.result(waiting)));
    assertEquals(1, watched.send(new byte[1]));
    drain(1);
  }

  @Test
  void itIsReadableWhileItIsFull() throws IOException {
    epoll.register(watched, EPOLLOUT);
    long sent = fill();
    epoll.modify(watched, EPOLLIN | EPOLLOUT);
    assertEquals(0, now());
    other.sendall("hello");
    assertEquals(EPOLLIN, only(epoll.poll(WAIT)));
    assertReads("hello");
    assertEquals(0, now());
    drain(sent);
    await(EPOLLOUT);
  }

  // How it is told

  @Test
  void edgesAreToldOnceForEachChange() throws IOException {
    epoll.register(watched, EPOLLIN | EPOLLET);
    assertEquals(0, now());
    other.sendall("ab");
    assertEquals(EPOLLIN, only(epoll.poll(WAIT)));
    assertEquals(0, now());
    assertEquals(1, watched.recv(1).length);
    if (kind.isDescriptor()) {
      assertEquals(0, now());
    } else {
      // what tls has from the system and nobody has taken is told as well
      now();
    }
    other.sendall("c");
    assertEquals(EPOLLIN, only(epoll.poll(WAIT)));
    assertEquals(0, now());
    epoll.modify(watched, EPOLLIN | EPOLLET);
    assertEquals(EPOLLIN, only(epoll.poll(WAIT)));
    assertEquals(0, now());
  }

  @Test
  void theEdgeOfRoomIsToldWhenThereIsRoomAgain() throws IOException {
    epoll.register(watched, EPOLLOUT);
    long sent = fill();
    epoll.modify(watched, EPOLLOUT | EPOLLET);
    assertEquals(0, now());
    drain(sent);
    assertEquals(EPOLLOUT, only(epoll.poll(WAIT)));
    assertEquals(1, watched.send(new byte[1]));
  }

  @Test
  void oneShotIsOnceUntilModify() throws IOException {
    epoll.register(watched, EPOLLIN | EPOLLONESHOT);
    assertEquals(0, now());
    other.sendall("ab");
    assertEquals(EPOLLIN, only(epoll.poll(WAIT)));
    assertEquals(0, now());
    other.sendall("c");
    assertEquals(0, only(epoll.poll(Duration.ofMillis(10))));
    epoll.modify(watched, EPOLLIN | EPOLLONESHOT);
    assertEquals(EPOLLIN, only(epoll.poll(WAIT)));
    assertEquals(0, now());
    other.shutdown(StreamSocket.SHUT_WR);
    assertEquals(0, only(epoll.poll(Duration.ofMillis(10))));
    epoll.modify(watched, EPOLLIN);
    assertEquals(EPOLLIN, only(epoll.poll(WAIT)));
  }

  @Test
  void nothingIsToldOfWhatNobodyAskedFor() throws IOException {
    epoll.register(watched, 0);
    other.sendall("hello");
    assertEquals(0, only(epoll.poll(Duration.ofMillis(10))));
    epoll.modify(watched, EPOLLIN);
    assertEquals(EPOLLIN, only(epoll.poll(WAIT)));
    epoll.modify(watched, 0);
    assertEquals(0, now());
  }

  // Ends

  @Test
  void thePeersEndIsReadableAndTold() throws IOException {
    epoll.register(watched, ANYTHING);
    assertEquals(EPOLLOUT, now());
    other.sendall("last");
    other.shutdown(StreamSocket.SHUT_WR);
    await(EPOLLIN | EPOLLOUT | EPOLLRDHUP);
    assertReads("last");
    await(EPOLLIN | EPOLLOUT | EPOLLRDHUP);
    assertEquals(0, watched.recv(10).length);
    assertEquals(EPOLLIN | EPOLLOUT | EPOLLRDHUP, now());
    assertEquals(0, watched.recv(10).length);
    watched.sendall("answer");
    assertArrayEquals("answer".getBytes(StandardCharsets.UTF_8), other.recv(10));
  }

  @Test
  void bothEndsTogetherAreAHangUpThatNobodyHasToAskFor() throws IOException {
    epoll.register(watched, 0);
    other.shutdown(StreamSocket.SHUT_WR);
    watched.shutdown(StreamSocket.SHUT_WR);
    await(EPOLLHUP);
    epoll.modify(watched, ANYTHING);
    await(EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLHUP);
    assertEquals(0, watched.recv(10).length);
    assertEquals(0, other.recv(10).length);
  }

  @Test
  void itsOwnEndIsNoHangUp() throws IOException {
    epoll.register(watched, ANYTHING);
    watched.shutdown(StreamSocket.SHUT_WR);
    assertEquals(0, other.recv(10).length);
    await(EPOLLOUT);
    assertWouldBlock();
    other.sendall("still");
    await(EPOLLIN | EPOLLOUT);
    assertReads("still");
  }

  @Test
  void theEndOfItsOwnReadingHalfIsReadable() throws IOException {
    epoll.register(watched, EPOLLIN | EPOLLRDHUP);
    assertEquals(0, now());
    watched.shutdown(StreamSocket.SHUT_RD);
    await(EPOLLIN | EPOLLRDHUP);
    assertEquals(0, watched.recv(10).length);
    assertEquals(EPOLLIN | EPOLLRDHUP, now());
  }

  @Test
  void aPeerThatClosesIsReadable() throws IOException {
    epoll.register(watched, EPOLLIN | EPOLLRDHUP);
    other.close();
    Eventually.holds(
        "the end is told", () -> (now() & (EPOLLIN | EPOLLRDHUP)) == (EPOLLIN | EPOLLRDHUP));
    assertEquals(0, watched.recv(10).length);
    assertEquals(EPOLLIN | EPOLLRDHUP, now() & (EPOLLIN | EPOLLRDHUP));
  }

  // Closing

  @Test
  void whatIsClosedIsForgotten() throws IOException {
    epoll.register(watched, ANYTHING);
    int number = watched.fileno();
    other.sendall("hello");
    await(EPOLLIN | EPOLLOUT);
    watched.close();
    assertEquals(List.of(), epoll.poll(Duration.ZERO));
    assertThrows(NoSuchElementException.class, () -> epoll.modify(watched, EPOLLIN));
    assertThrows(NoSuchElementException.class, () -> epoll.modify(number, EPOLLIN));
    assertThrows(NoSuchElementException.class, () -> epoll.unregister(watched));
    assertThrows(IllegalArgumentException.class, () -> epoll.register(watched, EPOLLIN));
  }

  @Test
  void closingWhileAnotherThreadWaitsIsNoEvent() throws Exception {
    epoll.register(watched, EPOLLIN);
    Ends more = kind.open();
    try (more) {
      epoll.register(more.watched(), EPOLLIN);
      Thread[] thread = new Thread[1];
      CompletableFuture<List<PollEvent>> waiting =
          Background.ask(
              "waits",
              () -> {
                thread[0] = Thread.currentThread();
                return epoll.poll(WAIT);
              });
      Eventually.holds("it has started", () -> thread[0] != null);
      watched.close();
      other.close();
      more.other().sendall("hello");
      List<PollEvent> events = Background.result(waiting);
      assertEquals(1, events.size());
      assertSame(more.watched(), events.get(0).fileobj());
      assertEquals(EPOLLIN, events.get(0).events());
    }
  }

  @Test
  void whatIsUnregisteredIsNotTold() throws IOException {
    epoll.register(watched, EPOLLIN);
    other.sendall("hello");
    assertEquals(EPOLLIN, only(epoll.poll(WAIT)));
    epoll.unregister(watched);
    assertEquals(List.of(), epoll.poll(Duration.ZERO));
    assertReads("hello");
    epoll.register(watched, EPOLLIN);
    assertEquals(List.of(), epoll.poll(Duration.ZERO));
    other.sendall("again");
    assertEquals(EPOLLIN, only(epoll.poll(WAIT)));
  }

  // Other threads, other ways to wait

  @Test
  void itCanBeRegisteredWhileAnotherThreadWaits() throws Exception {
    CompletableFuture<List<PollEvent>> waiting = Background.ask("waits", () -> epoll.poll(WAIT));
    other.sendall("hello");
    epoll.register(watched, EPOLLIN);
    assertEquals(EPOLLIN, only(Background.result(waiting)));
    assertReads("hello");
  }

  @Test
  void aBlockingCallWhileItIsRegisteredTakesNothingFromWhatIsTold() throws IOException {
    epoll.register(watched, EPOLLIN);
    watched.settimeout(Duration.ofMillis(5));
    assertThrows(SocketTimeoutException.class, () -> watched.recv(10));
    assertEquals(0, now());
    other.sendall("hello");
    assertEquals(EPOLLIN, only(epoll.poll(WAIT)));
    assertReads("hello");
    assertThrows(SocketTimeoutException.class, () -> watched.recv(10));
    assertEquals(0, now());
    watched.setblocking(false);
    assertWouldBlock();
    other.shutdown(StreamSocket.SHUT_WR);
    assertEquals(EPOLLIN, only(epoll.poll(WAIT)));
    assertEquals(0, watched.recv(10).length);
  }

  @Test
  void aBlockingCallWhileAnotherThreadWaitsTakesNothingFromWhatIsTold() throws Exception {
    epoll.register(watched, EPOLLIN);
    CompletableFuture<List<PollEvent>> waiting = Background.ask("waits", () -> epoll.poll(WAIT));
    watched.settimeout(Duration.ofMillis(5));
    assertThrows(SocketTimeoutException.class, () -> watched.recv(10));
    assertFalse(waiting.isDone());
    other.sendall("hello");
    assertEquals(EPOLLIN, only(Background.result(waiting)));
    assertReads("hello");
  }

  @Test
  void whatAReaderHasReadAheadIsReadable() throws IOException {
    watched.settimeout(WAIT);
    SocketReader rfile = watched.makefileReader(-1);
    try {
      other.sendall("one\ntwo\n");
      assertEquals("one\n", new String(rfile.readline(), StandardCharsets.UTF_8));
      epoll.register(rfile, EPOLLIN);
      assertEquals(rfile, epoll.poll(WAIT).get(0).fileobj());
      assertEquals(EPOLLIN, epoll.poll(WAIT).get(0).events());
      assertEquals("two\n", new String(rfile.readline(), StandardCharsets.UTF_8));
      assertEquals(List.of(), epoll.poll(Duration.ZERO));
      other.sendall("three\nfour\n");
      assertEquals(EPOLLIN, epoll.poll(WAIT).get(0).events());
      assertEquals("three\n", new String(rfile.readline(), StandardCharsets.UTF_8));
      assertEquals(EPOLLIN, epoll.poll(WAIT).get(0).events());
      assertEquals("four\n", new String(rfile.readline(), StandardCharsets.UTF_8));
      assertEquals(List.of(), epoll.poll(Duration.ZERO));
    } finally {
      rfile.close();
    }
    assertEquals(List.of(), epoll.poll(Duration.ZERO));
    assertThrows(IllegalArgumentException.class, () -> epoll.register(rfile, EPOLLIN));
  }

  @Test
  void everyWayToAskHasTheSameAnswer() throws IOException {
    List<Selectable> both = List.of(watched);
    Poll poll = new Poll();
    poll.register(watched, Poll.POLLIN | Poll.POLLOUT);
    try (DefaultSelector selector = new DefaultSelector()) {
      selector.register(watched, DefaultSelector.EVENT_READ | DefaultSelector.EVENT_WRITE, "data");
      var idle = Select.select(both, both, both, Duration.ZERO);
      assertEquals(List.of(), idle.rlist());
      assertEquals(both, idle.wlist());
      assertEquals(List.of(), idle.xlist());
      assertEquals(Poll.POLLOUT, poll.poll(WAIT).get(0).events());
      assertEquals(DefaultSelector.EVENT_WRITE, selector.select(WAIT).get(0).events());

      other.sendall("hello");
      assertEquals(both, Select.select(both, List.of(), List.of(), WAIT).rlist());
      var ready = Select.select(both, both, both, WAIT);
      assertEquals(both, ready.rlist());
      assertEquals(both, ready.wlist());
      assertEquals(List.of(), ready.xlist());
      Eventually.holds(
          "poll tells both", () -> poll.poll(WAIT).get(0).events() == (Poll.POLLIN | Poll.POLLOUT));
      int readAndWrite = DefaultSelector.EVENT_READ | DefaultSelector.EVENT_WRITE;
      Eventually.holds(
          "the selector tells both", () -> selector.select(WAIT).get(0).events() == readAndWrite);
      assertReads("hello");
      assertEquals(List.of(), Select.select(both, List.of(), List.of(), Duration.ZERO).rlist());
      assertEquals(Poll.POLLOUT, poll.poll(WAIT).get(0).events());

      watched.close();
      assertEquals(Poll.POLLNVAL, poll.poll(WAIT).get(0).events());
      assertEquals(List.of(), selector.select(Duration.ZERO));
      assertThrows(
          IllegalArgumentException.class,
          () -> Select.select(both, List.of(), List.of(), Duration.ZERO));
      poll.unregister(watched);
      assertEquals(List.of(), poll.poll(Duration.ZERO));
      assertEquals("data", selector.unregister(watched).data());
    }
  }
}
