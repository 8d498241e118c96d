package socketserver.diesel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static socketserver.diesel.Diesel.fire;
import static socketserver.diesel.Diesel.fork;
import static socketserver.diesel.Diesel.sleep;
import static socketserver.diesel.Diesel.waitFor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import socketserver.fixture.LogCapture;
import socketserver.fixture.Strategy;

/** A loop that an Error ends in the midst of a call: the others go on, one at a time. */
@Timeout(120)
@ParameterizedClass(name = "{0}")
@EnumSource(Strategy.class)
class ErrorsTest extends LoopsTest {
  /** At so many levels from the end of the stack upwards the call is made. */
  private static final int LEVELS = 300;

  private static final int OTHERS = 3;

  ErrorsTest(Strategy strategy) {
    super(strategy);
  }

  /** What a loop does without stack. */
  enum Use {
    SLEEP(() -> sleep()),
    SLEEP_FOR_A_TIME(() -> sleep(Duration.ofNanos(1000))),
    WAIT(
        () -> {
          fork(() -> fire("awaited"));
          waitFor("awaited");
        }),
    FIRE(() -> fire("tick")),
    FORK(() -> fork(() -> {})),
    THREAD(() -> Diesel.thread(() -> null));

    private final LoopBody call;

    Use(LoopBody call) {
      this.call = call;
    }
  }

  @ParameterizedTest
  @EnumSource
  @SuppressWarnings("try") // the log is only kept apart
  void anOverflowCostsOneLoop(Use use) throws Exception {
    // what is thrown is logged
    try (LogCapture log = new LogCapture()) {
      run(
          () -> {
            AtomicInteger inside = new AtomicInteger();
            List<Loop> others = new ArrayList<>();
            AtomicInteger turns = new AtomicInteger();
            for (int i = 0; i < OTHERS; i++) {
              others.add(
                  fork(
                      () -> {
                        while (true) {
                          assertEquals(1, inside.incrementAndGet(), "loops run at the same time");
                          inside.decrementAndGet();
                          turns.incrementAndGet();
                          sleep(Duration.ofNanos(1));
                        }
                      }));
            }
            Loop overflowing = fork(() -> descend(use, new AtomicInteger(LEVELS)));
            while (overflowing.deaths() == 0) {
              sleep(Duration.ofMillis(1));
            }
            int before = turns.get();
            while (turns.get() < before + OTHERS * 10) {
              sleep(Duration.ofMillis(1));
            }
            for (Loop other : others) {
              assertEquals(0, other.deaths());
            }
          });
    }
  }

  private static void descend(Use use, AtomicInteger levels) throws Exception {
    try {
      descend(use, levels);
    } catch (StackOverflowError e) {
      if (levels.decrementAndGet() == 0) {
        return;
      }
      use.call.run();
      // went well here; so it is to do one level above
      throw e;
    }
  }
}
