package socketserver.diesel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static socketserver.diesel.Diesel.fire;
import static socketserver.diesel.Diesel.fork;
import static socketserver.diesel.Diesel.sleep;
import static socketserver.diesel.Diesel.waitFor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import socketserver.fixture.Strategy;

/** One loop runs at a time, and in turn. */
@ParameterizedClass(name = "{0}")
@EnumSource(Strategy.class)
class TurnsTest extends LoopsTest {
  private static final int LOOPS = 20;
  private static final int ROUNDS = 50;

  private final Strategy strategy;

  /** Not guarded by anything but the turns. */
  private int counter;

  TurnsTest(Strategy strategy) {
    super(strategy);
    this.strategy = strategy;
  }

  @Test
  void whatIsBetweenTwoWaitsIsAtomic() throws Exception {
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    run(
        () -> {
          for (int i = 0; i < LOOPS; i++) {
            fork(
                () -> {
                  for (int round = 0; round < ROUNDS; round++) {
                    most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                    int read = counter;
                    Thread.yield();
                    counter = read + 1;
                    inside.decrementAndGet();
                    sleep();
                  }
                });
          }
          while (counter < LOOPS * ROUNDS) {
            sleep(Duration.ofMillis(1));
          }
        });

    assertEquals(1, most.get());
    assertEquals(LOOPS * ROUNDS, counter);
  }

  @Test
  void loopsChangePlacesWhereTheyWait() throws Exception {
    run(
        () -> {
          for (int i = 0; i < LOOPS; i++) {
            fork(
                () -> {
                  int read = counter;
                  sleep();
                  counter = read + 1;
                });
          }
          sleep();
          sleep();
          sleep();
        });

    assertEquals(1, counter, "all have read before one has written");
  }

  @Test
  void theyRunInTheOrderInWhichTheyBecameReady() throws Exception {
    List<String> order = new ArrayList<>();
    run(
        () -> {
          for (String name : List.of("a", "b", "c")) {
            fork(
                () -> {
                  for (int round = 1; round <= 3; round++) {
                    order.add(name + round);
                    sleep();
                  }
                });
          }
          for (int round = 0; round < 4; round++) {
            order.add("main");
            sleep();
          }
        });

    assertEquals(
        List.of(
            "main", "a1", "b1", "c1", "main", "a2", "b2", "c2", "main", "a3", "b3", "c3", "main"),
        order.subList(0, 13));
  }

  @Test
  void twoLoopsThatWakeOneAnotherNeedNoStack() throws Exception {
    int rounds = strategy.isVirtual() ? 200_000 : 20_000;
    run(
        () -> {
          fork(
              () -> {
                for (int i = 0; i < rounds; i++) {
                  fire("ping", i);
                  waitFor("pong");
                }
              });
          for (int i = 0; i < rounds; i++) {
            assertEquals(i, waitFor("ping"));
            fire("pong");
          }
        });
  }

  @Test
  void nobodySleepsLessThanWasAsked() throws Exception {
    run(
        () -> {
          long begin = System.nanoTime();
          sleep(Duration.ofMillis(20));

          assertTrue(System.nanoTime() - begin >= 20_000_000);
        });
  }

  @Test
  void aNegativeTimeIsRefused() throws Exception {
    run(() -> assertThrows(IllegalArgumentException.class, () -> sleep(Duration.ofMillis(-1))));
  }

  @Test
  void theCalendarsEndIsNotTooLongATime() throws Exception {
    run(
        () -> {
          Loop sleeper = fork(() -> sleep(Duration.ofSeconds(Long.MAX_VALUE)));
          sleep();

          assertTrue(sleeper.running());
        });
  }

  @Test
  void tenThousandLoopsSleepAndFire() throws Exception {
    int many = strategy.isVirtual() ? 10_000 : 200;
    int[] count = new int[2];
    run(
        () -> {
          for (int i = 0; i < many; i++) {
            fork(
                () -> {
                  sleep(Duration.ofMillis(1));
                  if (++count[0] == many) {
                    fire("all have slept");
                  }
                  waitFor("go");
                  if (++count[1] == many) {
                    fire("all have gone");
                  }
                });
          }
          waitFor("all have slept");
          sleep();
          fire("go");
          waitFor("all have gone");
        });

    assertEquals(many, count[0]);
    assertEquals(many, count[1]);
  }

  @Test
  void anInterruptOfItsThreadDoesNotEndALoopsWait() throws Exception {
    run(
        () -> {
          Thread.currentThread().interrupt();
          fork(() -> fire("event", 1));

          assertEquals(1, waitFor("event"));
          assertTrue(Thread.interrupted());
        });
  }
}
