package socketserver.diesel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static socketserver.diesel.Diesel.fire;
import static socketserver.diesel.Diesel.first;
import static socketserver.diesel.Diesel.fork;
import static socketserver.diesel.Diesel.sleep;
import static socketserver.diesel.Diesel.waitFor;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import socketserver.fixture.Bounds;
import socketserver.fixture.Strategy;

/** Waiting for events and firing them, and waiting for the first of several things. */
@ParameterizedClass(name = "{0}")
@EnumSource(Strategy.class)
class EventsTest extends LoopsTest {
  private static final Duration SOON = Duration.ofMillis(5);

  EventsTest(Strategy strategy) {
    super(strategy);
  }

  @Test
  void whoWaitsGetsWhatIsFired() throws Exception {
    run(
        () -> {
          fork(() -> fire("event", 42));

          assertEquals(42, waitFor("event"));
        });
  }

  @Test
  void aFireWithoutAValueGivesNull() throws Exception {
    run(
        () -> {
          fork(() -> fire("event"));

          assertNull(waitFor("event"));
        });
  }

  @Test
  void aFireThatNobodyWaitsForIsLost() throws Exception {
    run(
        () -> {
          fire("event", 41);
          fork(() -> fire("event", 42));

          assertEquals(42, waitFor("event"));
        });
  }

  @Test
  void aSecondFireBeforeTheWokenLoopRunsIsLost() throws Exception {
    run(
        () -> {
          fork(
              () -> {
                fire("event", 42);
                fire("event", 43);
                sleep();
                sleep();
                fire("event", 44);
              });

          assertEquals(42, waitFor("event"));
          assertEquals(44, waitFor("event"));
        });
  }

  @Test
  void aFireWakesAllThatWaitInTheOrderInWhichTheyCame() throws Exception {
    List<String> woken = new ArrayList<>();
    run(
        () -> {
          for (String name : List.of("a", "b", "c")) {
            fork(() -> woken.add(name + waitFor("event")));
          }
          sleep();
          fire("event", 1);
          assertEquals(List.of(), woken, "firing lets nobody run");
          sleep();

          assertEquals(List.of("a1", "b1", "c1"), woken);
        });
  }

  @Test
  void objectsThatAreEqualAreOneEvent() throws Exception {
    record Key(int number) {}
    run(
        () -> {
          fork(() -> fire(new Key(1), "one"));

          assertEquals("one", waitFor(new Key(1)));
        });
  }

  @Test
  void aFirstIsEndedByTheEventThatComesFirst() throws Exception {
    run(
        () -> {
          fork(
              () -> {
                fire("b", 1);
                fire("a", 2);
              });

          assertEquals(new Fired("b", 1), first(Bounds.NEVER, "a", "b"));
        });
  }

  @Test
  void aFirstIsEndedByTheTime() throws Exception {
    run(
        () -> {
          Fired fired = first(SOON, "never");

          assertEquals(new Fired(First.SLEEP, true), fired);
          assertTrue(fired.by(First.SLEEP));
        });
  }

  @Test
  void theLosersOfAFirstAreForgotten() throws Exception {
    run(
        () -> {
          fork(() -> fire("a"));
          assertEquals("a", first(SOON, "a", "b").token());

          fork(
              () -> {
                fire("b", "for nobody");
                // longer than the time that has lost
                sleep(SOON.multipliedBy(4));
                fire("c", "for the second");
              });
          assertEquals("for the second", waitFor("c"));
        });
  }

  @Test
  void aTimeThatHasWonIsNotEndedByAnEventAfterIt() throws Exception {
    run(
        () -> {
          Loop other =
              fork(
                  () -> {
                    assertEquals(First.SLEEP, first(Duration.ZERO, "late").token());
                    assertEquals("again", waitFor("late"));
                    fire("done");
                  });
          sleep();
          fire("late", "lost");
          fork(() -> fire("late", "again"));

          assertNull(waitFor("done"));
          assertTrue(other.deaths() <= 1);
        });
  }

  @Test
  void oneKindOfInputIsAllThatAFirstTakes() {
    First first = new First().untilEol();

    String message = assertThrows(IllegalStateException.class, () -> first.receive(3)).getMessage();

    assertEquals("one kind of input at the most: untilEol and receive", message);
  }

  @Test
  void aWaiterThatFailsWhenAskedLeavesNothingBehind() throws Exception {
    Waiter failing =
        new Waiter() {
          @Override
          public boolean readyEarly() {
            throw new IllegalStateException("it fails");
          }
        };
    run(
        () -> {
          assertThrows(IllegalStateException.class, () -> first(SOON, "before", failing));
          fire("before", "lost");
          fork(() -> fire("after", "kept"));

          assertEquals("kept", waitFor("after"));
        });
  }

  /** As in the documentation of Waiter. */
  private static final class Mailbox implements Waiter {
    private final Deque<Object> items = new ArrayDeque<>();

    void put(Object item) {
      items.add(item);
      fire(this);
    }

    @Override
    public boolean readyEarly() {
      return !items.isEmpty();
    }

    @Override
    public Object processFire(Object value) {
      return items.isEmpty() ? NOTHING : items.remove();
    }
  }

  @Test
  void aWaiterGivesToAsManyAsItHasSomethingFor() throws Exception {
    Mailbox mailbox = new Mailbox();
    List<String> got = new ArrayList<>();
    run(
        () -> {
          for (String name : List.of("a", "b", "c")) {
            fork(() -> got.add(name + waitFor(mailbox)));
          }
          sleep();
          mailbox.put(1);
          mailbox.put(2);
          sleep();
          assertEquals(List.of("a1", "b2"), got);

          mailbox.put(3);
          sleep();
          assertEquals(List.of("a1", "b2", "c3"), got);
        });
  }

  @Test
  void whatAWaiterHasAlreadyComesOnceTheOthersHaveRun() throws Exception {
    Mailbox mailbox = new Mailbox();
    run(
        () -> {
          mailbox.put("early");
          List<String> ran = new ArrayList<>();
          fork(() -> ran.add("other"));

          assertEquals("early", waitFor(mailbox));
          assertEquals(List.of("other"), ran);
        });
  }

  @Test
  void aWaiterThatHasLostHasGivenNothingAway() throws Exception {
    Mailbox mailbox = new Mailbox();
    run(
        () -> {
          assertEquals(First.SLEEP, first(SOON, mailbox).token());
          mailbox.put("kept");

          Fired fired = first(Bounds.NEVER, "other", mailbox);
          assertSame(mailbox, fired.token());
          assertEquals("kept", fired.value());
        });
  }
}
