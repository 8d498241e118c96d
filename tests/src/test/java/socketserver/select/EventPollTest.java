package socketserver.select;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import socketserver.fixture.Background;
import socketserver.fixture.Bounds;
import socketserver.fixture.Eventually;
import socketserver.spi.Endpoint;
import socketserver.spi.ReadinessSource;

/** The machinery of select, poll and epoll, over sources that are as ready as the test says. */
@Timeout(60)
class EventPollTest {
  private static final int IN = ReadinessSource.IN;
  private static final int OUT = ReadinessSource.OUT;
  private static final int HUP = ReadinessSource.HUP;
  private static final int MANY = 1000;

  private final EventPoll poll = EventPoll.ofEpoll();
  private final FakePoller poller = new FakePoller();

  @AfterEach
  void close() {
    poll.close();
  }

  /** What is ready now, as pairs of number and events. */
  private List<String> now() throws IOException {
    return text(poll.poll(0, MANY));
  }

  private static List<String> text(List<PollEvent> events) {
    return events.stream().map(event -> event.fd() + ":" + event.events()).toList();
  }

  /** A thread that waits without limit. */
  private CompletableFuture<List<String>> waits() {
    return Background.ask("waits", () -> text(poll.poll(Endpoint.FOREVER, MANY)));
  }

  /** A thread that has got as far as to wait. */
  private CompletableFuture<List<String>> waitsAlready() {
    AtomicReference<Thread> thread = new AtomicReference<>();
    CompletableFuture<List<String>> waiting =
        Background.ask(
            "waits",
            () -> {
              thread.set(Thread.currentThread());
              return text(poll.poll(Endpoint.FOREVER, MANY));
            });
    Eventually.holds("it has started", () -> thread.get() != null);
    Eventually.waitsIn(thread.get(), "poll");
    return waiting;
  }

  private static Throwable failure(CompletableFuture<?> future) throws Exception {
    return assertThrows(
            ExecutionException.class,
            () -> future.get(Bounds.WAIT.toMillis(), TimeUnit.MILLISECONDS))
        .getCause();
  }

  // What is told

  @Test
  void nothingIsReadyOfNothing() throws IOException {
    assertEquals(List.of(), now());
    assertEquals(List.of(), poll.poll(1, MANY));
  }

  @Test
  void whatASourceKnowsIsToldAsLongAsItIsSo() throws IOException {
    FakeSource source = FakeSource.known(3);
    poll.register(source, IN);
    assertEquals(List.of(), now());
    source.is(IN | OUT);
    assertEquals(List.of("3:1"), now());
    assertEquals(List.of("3:1"), now());
    source.is(OUT);
    assertEquals(List.of(), now());
  }

  @Test
  void sourcesAreAskedOnceMoreBeforeAWaitEndsInVain() throws IOException {
    FakeSource late = FakeSource.known(3);
    poll.register(late, IN);
    assertEquals(List.of(), now());
    late.isSilently(IN);
    assertEquals(List.of("3:1"), text(poll.poll(1, MANY)));
    late.isSilently(0);
    assertEquals(List.of(), now());
  }

  @Test
  void whatIsReadyNoMoreIsNotToldAlthoughNobodySaidSo() throws IOException {
    FakeSource source = FakeSource.known(3);
    poll.register(source, IN);
    source.is(IN);
    assertEquals(List.of("3:1"), now());
    source.isSilently(0);
    assertEquals(List.of(), now());
  }

  @Test
  void whatTheSystemSaysIsToldAsLongAsItSaysSo() throws IOException {
    poll.register(FakeSource.watchedBy(poller, 3), IN | OUT);
    poller.is(3, IN);
    assertEquals(List.of("3:1"), now());
    assertEquals(List.of("3:1"), now());
    poller.is(3, OUT);
    assertEquals(List.of("3:4"), now());
    poller.is(3, 0);
    assertEquals(List.of(), now());
  }

  @Test
  void whatTheSystemAndTheSourceKnowIsToldTogether() throws IOException {
    FakeSource source = FakeSource.watchedBy(poller, 3);
    poll.register(source, IN | OUT);
    poller.is(3, OUT);
    source.is(IN);
    assertEquals(List.of("3:5"), now());
  }

  @Test
  void errorsAndHangUpsAreToldUnasked() throws IOException {
    FakeSource source = FakeSource.known(3);
    poll.register(source, 0);
    source.is(IN | OUT | HUP | ReadinessSource.ERR | ReadinessSource.RDHUP);
    assertEquals(List.of("3:" + (HUP | ReadinessSource.ERR)), now());
  }

  @Test
  void modifyChangesWhatIsTold() throws IOException {
    FakeSource known = FakeSource.known(3);
    poll.register(known, IN);
    poll.register(FakeSource.watchedBy(poller, 4), IN);
    known.is(IN | OUT);
    poller.is(4, IN | OUT);
    poll.modify(3, OUT);
    poll.modify(4, OUT);
    assertEquals(List.of("3:4", "4:4"), now());
    assertEquals(OUT, poller.eventsOf(4));
    poll.modify(3, 0);
    poll.modify(4, 0);
    assertEquals(List.of(), now());
  }

  @Test
  void edgeTriggeredSourcesAreToldOnceForEachChange() throws IOException {
    FakeSource source = FakeSource.known(3);
    poll.register(source, IN | Epoll.EPOLLET);
    source.is(IN);
    assertEquals(List.of("3:1"), now());
    assertEquals(List.of(), now());
    source.is(IN);
    assertEquals(List.of("3:1"), now());
    assertEquals(List.of(), now());
    poll.modify(3, IN | Epoll.EPOLLET);
    assertEquals(List.of("3:1"), now());
    assertEquals(List.of(), now());
  }

  @Test
  void oneShotSourcesAreToldOnceForEachModify() throws IOException {
    FakeSource known = FakeSource.known(3);
    poll.register(known, IN | Epoll.EPOLLONESHOT);
    poll.register(FakeSource.watchedBy(poller, 4), IN | Epoll.EPOLLONESHOT);
    known.is(IN);
    poller.is(4, IN);
    assertEquals(List.of("3:1", "4:1"), now());
    known.is(IN | HUP);
    poller.is(4, IN | HUP);
    assertEquals(List.of(), now());
    poll.modify(3, IN | Epoll.EPOLLONESHOT);
    poll.modify(4, IN);
    assertEquals(List.of("3:17", "4:1"), now());
    assertEquals(List.of("4:1"), now());
  }

  // How many are told

  @Test
  void whoeverWasLeftOutComesFirstTheNextTime() throws IOException {
    for (int number = 0; number < 3; number++) {
      FakeSource source = FakeSource.known(number);
      poll.register(source, IN);
      source.is(IN);
    }
    assertEquals(List.of("0:1", "1:1"), text(poll.poll(0, 2)));
    assertEquals(List.of("2:1", "0:1"), text(poll.poll(0, 2)));
    assertEquals(List.of("1:1", "2:1"), text(poll.poll(0, 2)));
  }

  @Test
  void whoeverWasLeftOutComesFirstAlsoIfTheSystemHasAnOrderOfItsOwn() throws IOException {
    for (int number = 0; number < 3; number++) {
      poll.register(FakeSource.watchedBy(poller, number), IN);
      poller.is(number, IN);
    }
    List<String> told = new ArrayList<>();
    for (int turn = 0; turn < 3; turn++) {
      told.addAll(text(poll.poll(0, 1)));
    }
    told.sort(null);
    assertEquals(List.of("0:1", "1:1", "2:1"), told);
  }

  @Test
  void whatWasLeftOutAndIsReadyNoMoreIsNotTold() throws IOException {
    poll.register(FakeSource.watchedBy(poller, 0), IN);
    poll.register(FakeSource.watchedBy(poller, 1), IN);
    poller.is(0, IN);
    poller.is(1, IN);
    int first = poll.poll(0, 1).get(0).fd();
    poller.is(0, 0);
    poller.is(1, 0);
    assertEquals(List.of(), now());
    assertTrue(first == 0 || first == 1);
  }

  @Test
  void whatTheSystemTellsOnceIsNotLostWhenItIsLeftOut() throws IOException {
    int once = IN | Epoll.EPOLLONESHOT;
    poll.register(FakeSource.watchedBy(poller, 0), once);
    poll.register(FakeSource.watchedBy(poller, 1), once);
    poller.is(0, IN);
    poller.is(1, IN);
    List<String> told = new ArrayList<>(text(poll.poll(0, 1)));
    // as the system does when it has told
    poller.is(0, 0);
    poller.is(1, 0);
    told.addAll(text(poll.poll(0, 1)));
    told.sort(null);
    assertEquals(List.of("0:1", "1:1"), told);
    assertEquals(List.of(), now());
  }

  @Test
  void aTurnAsksNoneOfThoseThatAreNotReady() throws IOException {
    assertEquals(costOfTurns(10), costOfTurns(MANY));
  }

  /** How often sources are asked and descriptors changed for ten turns with one that is ready. */
  private static List<Integer> costOfTurns(int idle) throws IOException {
    FakePoller system = new FakePoller();
    try (EventPoll poll = EventPoll.ofEpoll()) {
      List<FakeSource> sources = new ArrayList<>();
      for (int number = 0; number < idle; number++) {
        FakeSource source =
            number % 2 == 0 ? FakeSource.known(number) : FakeSource.watchedBy(system, number);
        poll.register(source, IN);
        sources.add(source);
      }
      FakeSource busy = FakeSource.known(idle);
      poll.register(busy, IN);
      assertEquals(List.of(), poll.poll(0, MANY));
      int calls = system.calls();
      int before = asked(sources);
      int busyBefore = busy.asked();
      busy.is(IN);
      for (int turn = 0; turn < 10; turn++) {
        assertEquals(List.of(idle + ":1"), text(poll.poll(0, MANY)));
      }
      return List.of(asked(sources) - before, busy.asked() - busyBefore, system.calls() - calls);
    }
  }

  private static int asked(List<FakeSource> sources) {
    return sources.stream().mapToInt(FakeSource::asked).sum();
  }

  @Test
  void idleSourcesAreNotAskedAtAll() throws IOException {
    assertEquals(0, costOfTurns(100).get(0));
    assertEquals(0, costOfTurns(100).get(2));
  }

  // Registrations

  @Test
  void aNumberIsRegisteredOnce() throws IOException {
    FakeSource source = FakeSource.known(3);
    poll.register(source, IN);
    assertThrows(IllegalStateException.class, () -> poll.register(source, OUT));
    assertThrows(IllegalStateException.class, () -> poll.register(FakeSource.known(3), OUT));
    source.is(IN | OUT);
    assertEquals(List.of("3:1"), now());
  }

  @Test
  void aNumberIsFreeOnceItsSourceIsClosed() throws IOException {
    FakeSource first = FakeSource.watchedBy(poller, 3);
    poll.register(first, IN);
    first.close();
    FakeSource second = FakeSource.watchedBy(poller, 3);
    poll.register(second, OUT);
    poller.is(3, IN | OUT);
    assertEquals(List.of("3:4"), now());
    assertEquals(0, first.watchers());
    assertSame(second, poll.poll(0, 1).get(0).fileobj());
  }

  @Test
  void whatIsNotRegisteredCannotBeChangedOrForgotten() throws IOException {
    assertThrows(NoSuchElementException.class, () -> poll.modify(3, IN));
    assertThrows(NoSuchElementException.class, () -> poll.unregister(3));
    poll.register(FakeSource.known(3), IN);
    poll.unregister(3);
    assertThrows(NoSuchElementException.class, () -> poll.modify(3, IN));
    assertThrows(NoSuchElementException.class, () -> poll.unregister(3));
  }

  @Test
  void whatIsForgottenIsNeitherToldNorWatched() throws IOException {
    FakeSource known = FakeSource.known(3);
    FakeSource watched = FakeSource.watchedBy(poller, 4);
    poll.register(known, IN);
    poll.register(watched, IN);
    known.is(IN);
    poller.is(4, IN);
    assertEquals(2, now().size());
    poll.unregister(3);
    poll.unregister(4);
    assertEquals(List.of(), now());
    assertEquals(0, known.watchers() + watched.watchers());
    assertEquals(List.of(), poller.descriptors());
  }

  @Test
  void whatTheSystemRefusesIsNotRegistered() throws IOException {
    poller.refusal = new IOException("operation not permitted");
    FakeSource source = FakeSource.watchedBy(poller, 3);
    assertSame(poller.refusal, assertThrows(IOException.class, () -> poll.register(source, IN)));
    assertThrows(NoSuchElementException.class, () -> poll.unregister(3));
    assertEquals(0, source.watchers());
    source.is(IN);
    assertEquals(List.of(), now());
    poller.refusal = null;
    poll.register(source, IN);
    assertEquals(List.of("3:1"), now());
  }

  @Test
  void aClosedSourceCannotBeRegistered() {
    FakeSource source = FakeSource.known(3);
    source.close();
    assertThrows(IllegalArgumentException.class, () -> poll.register(source, IN));
  }

  // Sources that are closed

  @Test
  void epollForgetsWhatIsClosed() throws IOException {
    FakeSource known = FakeSource.known(3);
    FakeSource watched = FakeSource.watchedBy(poller, 4);
    poll.register(known, IN);
    poll.register(watched, IN);
    known.is(IN);
    poller.is(4, IN);
    known.close();
    watched.close();
    assertEquals(List.of(), now());
    assertThrows(NoSuchElementException.class, () -> poll.unregister(3));
    assertThrows(NoSuchElementException.class, () -> poll.unregister(4));
  }

  @Test
  void epollSaysNothingOfWhatIsClosedButHasNotToldSoYet() throws IOException {
    FakeSource source = FakeSource.known(3);
    poll.register(source, IN);
    source.is(IN);
    assertEquals(List.of("3:1"), now());
    source.closeSilently();
    assertEquals(List.of(), now());
    source.changed();
    assertEquals(List.of(), now());
    assertThrows(NoSuchElementException.class, () -> poll.unregister(3));
  }

  @Test
  void pollSaysWhatIsClosedUntilItIsUnregistered() throws IOException {
    try (EventPoll told = EventPoll.ofPoll()) {
      FakeSource source = FakeSource.known(3);
      told.register(source, 0);
      source.close();
      assertEquals(List.of("3:" + Poll.POLLNVAL), text(told.poll(0, MANY)));
      assertEquals(List.of("3:" + Poll.POLLNVAL), text(told.poll(Endpoint.FOREVER, MANY)));
      told.unregister(3);
      assertEquals(List.of(), text(told.poll(0, MANY)));
    }
  }

  @Test
  void aDescriptorIsLetGoBeforeItIsClosed() throws IOException {
    FakeSource source = FakeSource.watchedBy(poller, 3);
    poll.register(source, IN);
    assertEquals(List.of(3), poller.descriptors());
    source.leave();
    assertEquals(List.of(), poller.descriptors());
  }

  @Test
  void aDescriptorIsLetGoWhileAnotherThreadWaits() throws Exception {
    FakeSource source = FakeSource.watchedBy(poller, 3);
    FakeSource other = FakeSource.known(4);
    poll.register(source, IN);
    poll.register(other, IN);
    CompletableFuture<List<String>> waiting = waits();
    poller.awaitWaiter();
    source.leave();
    assertEquals(List.of(), poller.descriptors());
    poller.awaitWaiter();
    assertFalse(waiting.isDone());
    other.is(IN);
    assertEquals(List.of("4:1"), Background.result(waiting));
  }

  @Test
  void aDescriptorThatIsGivenUpWhileItIsRegisteredIsLetGo() throws Exception {
    FakeSource source = FakeSource.watchedBy(poller, 3);
    AtomicReference<Thread> leaving = new AtomicReference<>();
    poller.whileAdding =
        () -> {
          Thread thread = Background.start("gives it up", source::leave);
          leaving.set(thread);
          Eventually.holds(
              "it has given it up, or waits for that",
              () ->
                  thread.getState() == Thread.State.TERMINATED
                      || thread.getState() == Thread.State.TIMED_WAITING);
        };
    poll.register(source, IN);
    Eventually.ends(leaving.get());
    assertEquals(List.of(), poller.descriptors());
    poller.is(3, IN);
    assertEquals(List.of(), now());
  }

  @Test
  void aSourceThatLeftItsDescriptorTellsEverythingItself() throws IOException {
    FakeSource source = FakeSource.watchedBy(poller, 3);
    poll.register(source, IN);
    poller.is(3, IN);
    assertEquals(List.of("3:1"), now());
    source.leave();
    assertEquals(List.of(), now());
    source.is(IN);
    assertEquals(List.of("3:1"), now());
  }

  // Pollers

  @Test
  void aPollerIsOpenedForTheFirstDescriptorAndClosedInTheEnd() throws IOException {
    FakeSource source = FakeSource.watchedBy(poller, 3);
    poll.register(FakeSource.known(2), IN);
    poll.register(source, IN);
    poll.register(FakeSource.watchedBy(poller, 4), IN);
    assertEquals(List.of(poller), source.opened());
    poll.unregister(3);
    poll.unregister(4);
    assertFalse(poller.isClosed());
    poll.close();
    poll.close();
    assertTrue(poller.isClosed());
  }

  @Test
  void whatNobodyClosesClosesItsPollerWithTheLastDescriptor() throws IOException {
    try (EventPoll frugal = EventPoll.ofPoll()) {
      FakeSource source = FakeSource.watchedBy(poller, 3);
      frugal.register(source, IN);
      source.close();
      assertTrue(poller.isClosed());
      FakePoller another = new FakePoller();
      FakeSource later = FakeSource.watchedBy(another, 5);
      frugal.register(later, IN);
      another.is(5, IN);
      assertTrue(text(frugal.poll(0, MANY)).contains("5:1"));
    }
  }

  @Test
  void afterCloseEverythingIsRefused() throws IOException {
    FakeSource source = FakeSource.known(3);
    poll.register(source, IN);
    poll.close();
    assertTrue(poll.isClosed());
    assertEquals(0, source.watchers());
    assertThrows(IllegalStateException.class, () -> poll.poll(0, MANY));
    assertThrows(IllegalStateException.class, () -> poll.register(FakeSource.known(4), IN));
    assertThrows(IllegalStateException.class, () -> poll.modify(3, IN));
    assertThrows(IllegalStateException.class, () -> poll.unregister(3));
  }

  // Several threads

  @Test
  void aChangeEndsTheWaitForSources() throws Exception {
    FakeSource source = FakeSource.known(3);
    poll.register(source, IN);
    CompletableFuture<List<String>> waiting = waitsAlready();
    source.is(OUT);
    source.is(IN);
    assertEquals(List.of("3:1"), Background.result(waiting));
  }

  @Test
  void aChangeEndsTheWaitForDescriptors() throws Exception {
    FakeSource source = FakeSource.known(3);
    poll.register(source, IN);
    poll.register(FakeSource.watchedBy(poller, 4), IN);
    CompletableFuture<List<String>> waiting = waits();
    poller.awaitWaiter();
    source.is(IN);
    assertEquals(List.of("3:1"), Background.result(waiting));
  }

  @Test
  void aChangeJustBeforeTheWaitIsNotLost() throws Exception {
    FakeSource source = FakeSource.known(3);
    poll.register(source, IN);
    poll.register(FakeSource.watchedBy(poller, 4), IN);
    poller.beforeWaiting = () -> source.is(IN);
    assertEquals(List.of("3:1"), Background.result(waits()));
  }

  @Test
  void aRegistrationEndsTheWaitForDescriptors() throws Exception {
    poll.register(FakeSource.watchedBy(poller, 4), IN);
    FakeSource source = FakeSource.known(3);
    source.is(IN);
    CompletableFuture<List<String>> waiting = waits();
    poller.awaitWaiter();
    poll.register(source, IN);
    assertEquals(List.of("3:1"), Background.result(waiting));
  }

  @Test
  void registeringWhileAnotherThreadWaitsCountsAtOnce() throws Exception {
    CompletableFuture<List<String>> waiting = waitsAlready();
    FakeSource known = FakeSource.known(3);
    poll.register(known, IN);
    assertEquals(1, known.watchers());
    // now the wait is one for descriptors
    poll.register(FakeSource.watchedBy(poller, 4), IN);
    assertEquals(List.of(4), poller.descriptors());
    poller.is(4, IN);
    assertEquals(List.of("4:1"), Background.result(waiting));
  }

  @Test
  void modifyingWhileAnotherThreadWaitsCountsAtOnce() throws Exception {
    FakeSource source = FakeSource.known(3);
    poll.register(source, IN);
    source.is(OUT);
    CompletableFuture<List<String>> waiting = waitsAlready();
    poll.modify(3, OUT);
    assertEquals(List.of("3:4"), Background.result(waiting));
  }

  @Test
  void whatIsForgottenWhileAnotherThreadWaitsIsNotTold() throws Exception {
    FakeSource gone = FakeSource.known(3);
    FakeSource kept = FakeSource.known(4);
    poll.register(gone, IN);
    poll.register(kept, IN);
    CompletableFuture<List<String>> waiting = waitsAlready();
    poll.unregister(3);
    gone.is(IN);
    kept.is(IN);
    assertEquals(List.of("4:1"), Background.result(waiting));
  }

  @Test
  void errorsOfChangesGoToWhoAskedForThem() throws Exception {
    FakeSource source = FakeSource.known(3);
    poll.register(source, IN);
    CompletableFuture<List<String>> waiting = waitsAlready();
    assertThrows(NoSuchElementException.class, () -> poll.modify(7, IN));
    assertThrows(IllegalStateException.class, () -> poll.register(FakeSource.known(3), IN));
    poller.refusal = new IOException("operation not permitted");
    assertThrows(IOException.class, () -> poll.register(FakeSource.watchedBy(poller, 5), IN));
    assertFalse(waiting.isDone());
    source.is(IN);
    assertEquals(List.of("3:1"), Background.result(waiting));
  }

  @Test
  void aChangeIsDoneAlthoughItsThreadIsInterrupted() throws Exception {
    CompletableFuture<List<String>> waiting = waitsAlready();
    FakeSource source = FakeSource.known(3);
    Thread.currentThread().interrupt();
    poll.register(source, IN);
    assertTrue(Thread.interrupted());
    source.is(IN);
    assertEquals(List.of("3:1"), Background.result(waiting));
  }

  @Test
  void closingEndsTheWaitOfAll() throws Exception {
    poll.register(FakeSource.watchedBy(poller, 4), IN);
    CompletableFuture<List<String>> first = waitsAlready();
    CompletableFuture<List<String>> second = waitsAlready();
    poll.close();
    assertInstanceOf(IllegalStateException.class, failure(first));
    assertInstanceOf(IllegalStateException.class, failure(second));
    assertTrue(poller.isClosed());
  }

  @Test
  void whoeverWaitsBehindAnotherIsTold() throws Exception {
    FakeSource source = FakeSource.known(3);
    poll.register(source, IN);
    CompletableFuture<List<String>> first = waitsAlready();
    CompletableFuture<List<String>> second = waitsAlready();
    source.is(IN);
    assertEquals(List.of("3:1"), Background.result(first));
    assertEquals(List.of("3:1"), Background.result(second));
  }

  @Test
  void whoeverWaitsBehindAnotherWaitsNoLongerThanItsTime() throws Exception {
    CompletableFuture<List<String>> first = waitsAlready();
    assertEquals(List.of(), text(poll.poll(TimeUnit.MILLISECONDS.toNanos(5), MANY)));
    assertEquals(List.of(), now());
    assertFalse(first.isDone());
    FakeSource source = FakeSource.known(3);
    source.is(IN);
    poll.register(source, IN);
    assertEquals(List.of("3:1"), Background.result(first));
  }

  // Interrupts

  @Test
  void anInterruptEndsTheWaitForSources() throws Exception {
    assertInterrupted();
  }

  @Test
  void anInterruptEndsTheWaitForDescriptors() throws Exception {
    poll.register(FakeSource.watchedBy(poller, 4), IN);
    assertInterrupted();
  }

  private void assertInterrupted() throws Exception {
    CompletableFuture<Boolean> flag = new CompletableFuture<>();
    Thread thread =
        Background.start(
            "waits",
            () -> {
              assertThrows(InterruptedIOException.class, () -> poll.poll(Endpoint.FOREVER, MANY));
              flag.complete(Thread.currentThread().isInterrupted());
            });
    Eventually.waitsIn(thread, "poll");
    thread.interrupt();
    assertTrue(Background.result(flag), "the thread's flag does not stay set");
  }

  @Test
  void whoeverIsInterruptedAlreadyIsStillToldWhatIsReady() throws IOException {
    FakeSource source = FakeSource.known(3);
    poll.register(source, IN);
    Thread.currentThread().interrupt();
    try {
      assertThrows(InterruptedIOException.class, () -> poll.poll(Endpoint.FOREVER, MANY));
      source.is(IN);
      assertEquals(List.of("3:1"), text(poll.poll(Endpoint.FOREVER, MANY)));
      assertEquals(List.of("3:1"), now());
    } finally {
      assertTrue(Thread.interrupted());
    }
  }
}
