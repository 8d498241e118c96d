package socketserver.diesel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import socketserver.fixture.Bounds;
import socketserver.fixture.Eventually;

/** What is to happen later; the test holds the baton at first. */
class TimersTest {
  private static final long MILLI = 1_000_000;

  private final ScheduledExecutorService loop = Executors.newSingleThreadScheduledExecutor();
  private final Scheduler scheduler = new Scheduler(loop, Thread::new);
  private final Timers timers = scheduler.timers();

  @AfterEach
  void endTheThread() {
    loop.shutdownNow();
  }

  @Test
  void theyComeInTheOrderOfTheirTimesAndOfEqualOnesAsTheyWereMade() {
    List<String> order = new ArrayList<>();
    CountDownLatch last = new CountDownLatch(1);
    long now = System.nanoTime();
    timers.at(now + 3 * MILLI, () -> order.add("3"));
    timers.at(now + 5 * MILLI, last::countDown);
    timers.at(now + MILLI, () -> order.add("1"));
    timers.at(now + 2 * MILLI, () -> order.add("2a"));
    timers.at(now + 2 * MILLI, () -> order.add("2b"));
    scheduler.handOn();
    Eventually.opens("the last comes", last);

    assertEquals(List.of("1", "2a", "2b", "3"), order);
  }

  @Test
  void oneThatIsCancelledDoesNotCome() {
    List<String> order = new ArrayList<>();
    CountDownLatch last = new CountDownLatch(1);
    Timers.Timer cancelled = timers.after(Duration.ZERO, () -> order.add("cancelled"));
    timers.after(Duration.ofMillis(1), last::countDown);
    cancelled.cancel();
    cancelled.cancel();
    scheduler.handOn();
    Eventually.opens("the last comes", last);

    assertEquals(List.of(), order);
  }

  @Test
  void thoseThatAreCancelledAreNotKept() {
    for (int i = 0; i < 10_000; i++) {
      timers.after(Bounds.NEVER, () -> {}).cancel();
    }

    assertTrue(timers.size() < 200, timers.size() + " are kept");
  }
}
