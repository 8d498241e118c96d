package socketserver.diesel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static socketserver.diesel.Diesel.first;
import static socketserver.diesel.Diesel.fork;
import static socketserver.diesel.Diesel.forkChild;
import static socketserver.diesel.Diesel.sleep;
import static socketserver.diesel.Diesel.waitFor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import socketserver.fixture.Bounds;
import socketserver.fixture.Strategy;

/** Events that stay, and those that count. */
@ParameterizedClass(name = "{0}")
@EnumSource(Strategy.class)
class EventTest extends LoopsTest {
  private static final Duration SOON = Duration.ofMillis(5);

  private final Event event = new Event();
  private final List<Object> ran = new ArrayList<>();

  EventTest(Strategy strategy) {
    super(strategy);
  }

  @Test
  void eightRacersStartWithTheShot() throws Exception {
    run(
        () -> {
          for (int i = 0; i < 8; i++) {
            int number = i;
            fork(
                () -> {
                  event.waitFor();
                  ran.add(number);
                });
          }
          sleep();
          sleep();
          ran.add("bang");
          event.set();
          ran.add("set");
          sleep();

          assertEquals(List.of("bang", "set", 0, 1, 2, 3, 4, 5, 6, 7), ran);
        });
  }

  @Test
  void whoComesLaterDoesNotWait() throws Exception {
    run(
        () -> {
          assertFalse(event.isSet());
          event.set();
          assertTrue(event.isSet());

          event.waitFor();
          event.waitFor(Duration.ZERO);
          event.waitFor(SOON);
          assertTrue(event.isSet(), "waiting leaves it set");
        });
  }

  @Test
  void theOthersRunEvenIfItHasHappened() throws Exception {
    run(
        () -> {
          event.set();
          fork(() -> ran.add("other"));

          event.waitFor();
          assertEquals(List.of("other"), ran);
        });
  }

  @Test
  void whatIsClearedIsWaitedForAgain() throws Exception {
    run(
        () -> {
          event.set();
          event.clear();
          assertFalse(event.isSet());
          assertThrows(EventTimeout.class, () -> event.waitFor(SOON));

          fork(event::set);
          event.waitFor();
          assertTrue(event.isSet());
        });
  }

  @Test
  void whoWasWokenGoesOnThoughItIsClearedAtOnce() throws Exception {
    run(
        () -> {
          fork(
              () -> {
                event.waitFor();
                ran.add("woken");
              });
          sleep();
          event.set();
          event.clear();
          sleep();

          assertEquals(List.of("woken"), ran);
        });
  }

  @Test
  void waitingForATimeThrowsWhenItHasPassed() throws Exception {
    run(
        () -> {
          String message = assertThrows(EventTimeout.class, () -> event.waitFor(SOON)).getMessage();
          assertEquals("the event has not happened within PT0.005S", message);
          assertThrows(EventTimeout.class, () -> event.waitFor(Duration.ZERO));
          assertThrows(IllegalArgumentException.class, () -> event.waitFor(Duration.ofMillis(-1)));

          // none of these waits is left behind
          event.set();
          sleep();
          event.waitFor(SOON);
        });
  }

  @Test
  void aFirstIsEndedByTheEventThatHappens() throws Exception {
    Event other = new Event();
    run(
        () -> {
          fork(other::set);
          assertEquals(new Fired(other, null), first(Bounds.NEVER, event, other));

          event.set();
          assertEquals(new Fired(event, null), first(Bounds.NEVER, event, other));
          assertTrue(other.isSet());
        });
  }

  @Test
  void firingOneThatHasNotHappenedWakesNobody() throws Exception {
    run(
        () -> {
          fork(
              () -> {
                event.waitFor();
                ran.add("woken");
              });
          sleep();
          Diesel.fire(event);
          sleep();
          assertEquals(List.of(), ran);

          event.set();
          sleep();
          assertEquals(List.of("woken"), ran);
        });
  }

  @Test
  void waitingByTheFunctionGivesNull() throws Exception {
    run(
        () -> {
          fork(event::set);
          assertNull(waitFor(event));
        });
  }

  @Test
  void whoseParentDiesIsToldWhileWaiting() throws Exception {
    run(
        () -> {
          fork(
              () -> {
                forkChild(
                    () -> {
                      try {
                        event.waitFor(Bounds.NEVER);
                      } catch (ParentDiedException e) {
                        ran.add("told");
                        event.waitFor();
                        ran.add("goes on");
                      }
                    });
                sleep();
              });
          sleep();
          sleep();
          sleep();
          assertEquals(List.of("told"), ran);

          event.set();
          sleep();
          assertEquals(List.of("told", "goes on"), ran);
        });
  }

  @Test
  void theLastTickOfACountdownIsItsEvent() throws Exception {
    Countdown countdown = new Countdown(3);
    run(
        () -> {
          fork(
              () -> {
                countdown.waitFor();
                ran.add("done");
              });
          sleep();
          for (int remaining = 2; remaining >= 0; remaining--) {
            assertEquals(List.of(), ran);
            assertFalse(countdown.isSet());
            countdown.tick();
            assertEquals(remaining, countdown.remaining());
            assertEquals(List.of(), ran, "a tick lets nobody run");
            sleep();
          }

          assertTrue(countdown.isSet());
          assertEquals(List.of("done"), ran);
          countdown.tick();
          assertTrue(countdown.isSet());
        });
  }

  @Test
  void aCountdownFromNothingHasHappened() throws Exception {
    Countdown countdown = new Countdown(0);
    run(() -> countdown.waitFor(Bounds.WAIT));

    assertTrue(countdown.isSet());
  }

  @Test
  void aCountdownFromLessIsRefused() {
    String message =
        assertThrows(IllegalArgumentException.class, () -> new Countdown(-1)).getMessage();

    assertEquals("cannot count down from -1", message);
  }

  @Test
  void onlyLoopsSetAndTick() {
    Countdown countdown = new Countdown(1);
    assertThrows(IllegalStateException.class, event::set);
    assertThrows(IllegalStateException.class, event::waitFor);
    assertThrows(IllegalStateException.class, countdown::tick);

    assertFalse(event.isSet());
    assertEquals(1, countdown.remaining());
  }
}
