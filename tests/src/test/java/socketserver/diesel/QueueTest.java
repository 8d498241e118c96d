package socketserver.diesel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static socketserver.diesel.Diesel.first;
import static socketserver.diesel.Diesel.fork;
import static socketserver.diesel.Diesel.forkChild;
import static socketserver.diesel.Diesel.sleep;
import static socketserver.diesel.Diesel.waitFor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import socketserver.fixture.Bounds;
import socketserver.fixture.Strategy;

/** What is put on a queue comes out of it once. */
@ParameterizedClass(name = "{0}")
@EnumSource(Strategy.class)
class QueueTest extends LoopsTest {
  private static final Duration SOON = Duration.ofMillis(5);

  private final Queue<Object> queue = new Queue<>();
  private final List<Object> got = new ArrayList<>();

  QueueTest(Strategy strategy) {
    super(strategy);
  }

  @Test
  void whatIsPutComesOutInOrder() throws Exception {
    run(
        () -> {
          queue.put("a");
          queue.put("b");
          assertEquals(2, queue.size());

          assertEquals("a", queue.get());
          assertEquals("b", queue.get());
          assertTrue(queue.isEmpty());
          assertEquals(0, queue.size());
        });
  }

  @Test
  void nullIsAnItem() throws Exception {
    run(
        () -> {
          queue.put(null);
          assertFalse(queue.isEmpty());
          assertNull(queue.get());

          fork(() -> queue.put(null));
          assertNull(queue.get(Bounds.NEVER));
          assertTrue(queue.isEmpty());
        });
  }

  @Test
  void anItemWakesOneOfThoseWhoWait() throws Exception {
    run(
        () -> {
          for (int i = 0; i < 8; i++) {
            String name = "getter " + i + ": ";
            fork(() -> got.add(name + queue.get()));
          }
          sleep();
          queue.put("x");
          assertEquals(List.of(), got, "putting lets nobody run");
          sleep();
          sleep();

          assertEquals(List.of("getter 0: x"), got);
          assertTrue(queue.isEmpty());
        });
  }

  @Test
  void itemsPutInOneTurnGoToThoseWhoHaveWaitedLongest() throws Exception {
    run(
        () -> {
          for (String name : List.of("a", "b", "c")) {
            fork(() -> got.add(name + queue.get()));
          }
          sleep();
          queue.put(1);
          queue.put(2);
          fork(() -> got.add("d" + queue.get()));
          sleep();
          queue.put(3);
          queue.put(4);
          sleep();

          assertEquals(List.of("a1", "b2", "c3", "d4"), got);
        });
  }

  @Test
  void whoComesLaterTakesNothingOfWhatWasGivenBefore() throws Exception {
    run(
        () -> {
          fork(() -> got.add(queue.get()));
          sleep();
          queue.put("first");
          assertTrue(queue.isEmpty(), "it is the waiting loop's");

          assertThrows(QueueEmpty.class, () -> queue.get(false));
          sleep();
          assertEquals(List.of("first"), got);
        });
  }

  @Test
  void gettingLetsTheOthersRunEvenIfAnItemIsThere() throws Exception {
    run(
        () -> {
          queue.put("x");
          fork(() -> got.add("other"));

          assertEquals("x", queue.get());
          assertEquals(List.of("other"), got);
        });
  }

  @Test
  void gettingWithoutWaitingTakesWhatThereIs() throws Exception {
    run(
        () -> {
          String message = assertThrows(QueueEmpty.class, () -> queue.get(false)).getMessage();
          assertEquals("the queue is empty", message);

          queue.put("x");
          assertEquals("x", queue.get(false));
          assertThrows(QueueEmpty.class, () -> queue.get(false));

          fork(() -> queue.put("y"));
          assertEquals("y", queue.get(true));
        });
  }

  @Test
  void gettingForATimeThrowsWhenItHasPassedAndTakesNothingLater() throws Exception {
    run(
        () -> {
          String message = assertThrows(QueueTimeout.class, () -> queue.get(SOON)).getMessage();
          assertEquals("nothing was put on the queue within PT0.005S", message);

          queue.put("late");
          sleep();
          assertEquals(1, queue.size());
          assertEquals("late", queue.get(SOON));
        });
  }

  @Test
  void gettingForNoTimeTakesWhatThereIs() throws Exception {
    run(
        () -> {
          assertThrows(QueueTimeout.class, () -> queue.get(Duration.ZERO));
          queue.put("x");
          assertEquals("x", queue.get(Duration.ZERO));
        });
  }

  @Test
  void aNegativeTimeIsRefusedAndTakesNothing() throws Exception {
    run(
        () -> {
          assertThrows(IllegalArgumentException.class, () -> queue.get(Duration.ofMillis(-1)));

          queue.put("x");
          assertEquals("x", queue.get());
        });
  }

  @Test
  void iteratingTakesItemsForEver() throws Exception {
    run(
        () -> {
          fork(
              () -> {
                for (int i = 1; i <= 3; i++) {
                  queue.put(i);
                  sleep();
                }
              });

          for (Object item : queue) {
            got.add(item);
            if (item.equals(3)) {
              break;
            }
          }

          assertEquals(List.of(1, 2, 3), got);
        });
  }

  @Test
  void aFirstTakesFromOneQueueAndLeavesTheOther() throws Exception {
    Queue<Object> other = new Queue<>();
    run(
        () -> {
          queue.put("kept");
          other.put("taken");

          assertEquals(new Fired(other, "taken"), first(Bounds.NEVER, other, queue));
          assertTrue(other.isEmpty());
          assertEquals(1, queue.size());

          fork(
              () -> {
                other.put("one");
                queue.put("two");
              });
          assertEquals("kept", first(Bounds.NEVER, other, queue).value());
          assertEquals("one", first(Bounds.NEVER, other, queue).value());
          assertEquals("two", first(Bounds.NEVER, other, queue).value());
        });
  }

  @Test
  void whoHasLostInAFirstTakesNoItemFromWhoWaitsNext() throws Exception {
    Queue<Object> other = new Queue<>();
    run(
        () -> {
          fork(() -> got.add(first(Bounds.NEVER, other, queue).value()));
          fork(() -> got.add("next " + queue.get()));
          sleep();
          other.put("other");
          queue.put("x");
          sleep();

          assertEquals(List.of("other", "next x"), got);
        });
  }

  @Test
  void waitingForTheQueueIsGetting() throws Exception {
    run(
        () -> {
          queue.put("x");
          assertSame("x", waitFor(queue));
          assertTrue(queue.isEmpty());
        });
  }

  @Test
  void producersAndConsumersLoseNothingAndGetNothingTwice() throws Exception {
    int producers = 5;
    int each = 200;
    int consumers = 4;
    int total = producers * each;
    Queue<Integer> numbers = new Queue<>();
    Countdown done = new Countdown(total);
    List<Integer> consumed = new ArrayList<>();
    // each is read before, and written after a call that does not wait: no other loop is between
    int[] sum = {0};
    run(
        () -> {
          for (int consumer = 0; consumer < consumers; consumer++) {
            boolean waits = consumer % 2 == 0;
            forkChild(
                () -> {
                  while (true) {
                    Integer number = waits ? numbers.get() : (Integer) waitFor(numbers);
                    int before = sum[0];
                    consumed.add(number);
                    done.tick();
                    sum[0] = before + number;
                  }
                });
          }
          for (int producer = 0; producer < producers; producer++) {
            int from = producer * each;
            fork(
                () -> {
                  for (int i = 0; i < each; i++) {
                    numbers.put(from + i);
                    if (i % 3 == 0) {
                      sleep();
                    }
                  }
                });
          }
          done.waitFor(Bounds.WAIT);
        });

    assertEquals(total, consumed.size());
    Set<Integer> different = new HashSet<>(consumed);
    assertEquals(total, different.size());
    assertEquals(total - 1, Collections.max(consumed));
    assertEquals(total * (total - 1) / 2, sum[0]);
    for (int producer = 0; producer < producers; producer++) {
      int from = producer * each;
      List<Integer> ofOne = consumed.stream().filter(n -> n >= from && n < from + each).toList();
      assertEquals(ofOne.stream().sorted().toList(), ofOne, "what one has put is in order");
    }
    assertTrue(numbers.isEmpty());
  }

  @Test
  void consumersOfAFullQueueHaveAnEqualShare() throws Exception {
    int consumers = 10;
    int each = 20;
    int[] shares = new int[consumers];
    Countdown done = new Countdown(consumers * each);
    run(
        () -> {
          for (int i = 0; i < consumers * each; i++) {
            queue.put(i);
          }
          for (int consumer = 0; consumer < consumers; consumer++) {
            int number = consumer;
            forkChild(
                () -> {
                  while (true) {
                    got.add(queue.get());
                    shares[number]++;
                    done.tick();
                  }
                });
          }
          done.waitFor(Bounds.WAIT);
        });

    for (int i = 0; i < consumers * each; i++) {
      assertEquals(i, got.get(i));
    }
    for (int share : shares) {
      assertEquals(each, share);
    }
  }

  @Test
  void whoDiesWhileWaitingTakesNothing() throws Exception {
    run(
        () -> {
          Loop parent =
              fork(
                  () -> {
                    forkChild(() -> got.add(queue.get()));
                    sleep();
                  });
          sleep();
          sleep();
          assertEquals(1, parent.deaths());

          queue.put("x");
          sleep();
          assertEquals(List.of(), got);
          assertEquals("x", queue.get());
        });
  }

  @Test
  void whoDiesBeforeHisTurnGivesBackWhatHeWasGiven() throws Exception {
    run(
        () -> {
          Loop parent =
              fork(
                  () -> {
                    forkChild(() -> got.add(queue.get()));
                    sleep();
                    queue.put("first");
                    queue.put("second");
                    // the child has the first now, but not its turn
                  });
          while (parent.deaths() == 0) {
            sleep();
          }
          sleep();

          assertEquals(List.of(), got);
          assertEquals("first", queue.get());
          assertEquals("second", queue.get());
        });
  }

  @Test
  void whatIsGivenBackGoesToTheNextWhoWaits() throws Exception {
    run(
        () -> {
          fork(
              () -> {
                forkChild(() -> got.add(queue.get()));
                sleep();
                queue.put("x");
              });
          sleep();
          sleep();
          assertTrue(queue.isEmpty(), "it is the child's");

          assertEquals("x", queue.get(Bounds.WAIT));
          assertEquals(List.of(), got);
        });
  }

  @Test
  void whoeverTimesOutOrDiesNoItemIsLost() throws Exception {
    int items = 400;
    long seed = System.nanoTime();
    Random random = new Random(seed);
    Set<Object> consumed = new HashSet<>();
    run(
        () -> {
          for (int i = 0; i < 4; i++) {
            fork(() -> mother(random, consumed));
          }
          fork(
              () -> {
                for (int i = 0; i < items; i++) {
                  queue.put(i);
                  pause(random);
                }
              });
          while (consumed.size() < items) {
            pause(random);
          }
        });

    assertEquals(items, consumed.size(), () -> "seed " + seed);
    assertTrue(queue.isEmpty(), () -> "seed " + seed);
  }

  /** Makes consumers that die with her, again and again. */
  private void mother(Random random, Set<Object> consumed) {
    while (true) {
      Loop family =
          fork(
              () -> {
                for (int i = 0; i < 2; i++) {
                  forkChild(() -> consume(random, consumed));
                }
                for (int i = random.nextInt(5); i >= 0; i--) {
                  pause(random);
                }
              });
      while (family.deaths() == 0) {
        pause(random);
      }
    }
  }

  private void consume(Random random, Set<Object> consumed) {
    while (true) {
      try {
        Object item =
            random.nextBoolean() ? queue.get(Duration.ofNanos(random.nextInt(1000))) : queue.get();
        assertTrue(consumed.add(item), "twice: " + item);
      } catch (QueueTimeout e) {
        // tries again
      }
    }
  }

  private static void pause(Random random) {
    sleep(random.nextInt(4) == 0 ? Duration.ofNanos(random.nextInt(100_000)) : Duration.ZERO);
  }

  @Test
  void onlyLoopsPutAndGet() {
    assertThrows(IllegalStateException.class, () -> queue.put("x"));
    assertThrows(IllegalStateException.class, queue::get);
    assertThrows(IllegalStateException.class, () -> queue.get(SOON));

    assertTrue(queue.isEmpty());
  }
}
