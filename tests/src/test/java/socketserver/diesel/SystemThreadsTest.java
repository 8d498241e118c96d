package socketserver.diesel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static socketserver.diesel.Diesel.fire;
import static socketserver.diesel.Diesel.fork;
import static socketserver.diesel.Diesel.forkChild;
import static socketserver.diesel.Diesel.forkFromThread;
import static socketserver.diesel.Diesel.sleep;
import static socketserver.diesel.Diesel.thread;
import static socketserver.diesel.Diesel.waitFor;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import socketserver.fixture.Eventually;
import socketserver.fixture.Strategy;

/** What is between loops and other threads. */
@ParameterizedClass(name = "{0}")
@EnumSource(Strategy.class)
class SystemThreadsTest extends LoopsTest {
  SystemThreadsTest(Strategy strategy) {
    super(strategy);
  }

  @Test
  void aCallInAThreadGivesWhatItReturns() throws Exception {
    run(
        () -> {
          Thread mine = Thread.currentThread();
          Thread other = thread(Thread::currentThread);

          assertNotSame(mine, other);
          assertSame(mine, Thread.currentThread());
        });
  }

  @Test
  void aCallInAThreadThrowsWhatItThrows() throws Exception {
    IOException failure = new IOException("it fails");
    run(
        () ->
            assertSame(
                failure,
                assertThrows(
                    IOException.class,
                    () ->
                        thread(
                            () -> {
                              throw failure;
                            }))));
  }

  @Test
  void otherLoopsRunWhileACallBlocks() throws Exception {
    CountDownLatch latch = new CountDownLatch(1);
    run(
        () -> {
          fork(latch::countDown);
          thread(
              () -> {
                Eventually.opens("the other loop runs", latch);
                return null;
              });
        });

    assertEquals(0, latch.getCount());
  }

  @Test
  void aCallOfALoopThatIsEndedIsForgotten() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    run(
        () -> {
          fork(
              () -> {
                forkChild(
                    () -> {
                      try {
                        thread(
                            () -> {
                              release.await();
                              return "late";
                            });
                      } catch (ParentDiedException e) {
                        release.countDown();
                        fire("told");
                      }
                    });
                sleep();
              });
          waitFor("told");
        });
  }

  @Test
  void aThreadForksALoop() throws Exception {
    run(
        () -> {
          Thread outside =
              new Thread(() -> forkFromThread(() -> fire("forked", Loop.current().running())));
          outside.start();

          assertEquals(true, waitFor("forked"));
        });
  }

  @Test
  void manyThreadsForkLoopsWhileOthersRun() throws Exception {
    int threads = 4;
    int loops = 100;
    int[] count = new int[1];
    run(
        () -> {
          for (int i = 0; i < threads; i++) {
            new Thread(
                    () -> {
                      for (int j = 0; j < loops; j++) {
                        forkFromThread(
                            () -> {
                              int read = count[0];
                              Thread.yield();
                              count[0] = read + 1;
                              fire("ran");
                            });
                      }
                    })
                .start();
          }
          while (count[0] < threads * loops) {
            waitFor("ran");
          }
        });

    assertEquals(threads * loops, count[0]);
  }

  @Test
  void outsideOfALoopNothingWaits() {
    String message = assertThrows(IllegalStateException.class, () -> sleep()).getMessage();

    assertTrue(message.startsWith("not in a loop: "), message);
    assertThrows(IllegalStateException.class, () -> fire("event"));
    assertThrows(IllegalStateException.class, () -> fork(() -> {}));
    assertThrows(IllegalStateException.class, () -> forkFromThread(() -> {}));
    assertFalse(Diesel.isRunning());
  }
}
