package socketserver.diesel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static socketserver.diesel.Diesel.first;
import static socketserver.diesel.Diesel.fork;
import static socketserver.diesel.Diesel.forkChild;
import static socketserver.diesel.Diesel.sleep;
import static socketserver.diesel.Diesel.waitFor;
import static socketserver.diesel.Lock.synchronizedOn;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import socketserver.fixture.Bounds;
import socketserver.fixture.Strategy;

/** Who has a lock, and who has it next. */
@ParameterizedClass(name = "{0}")
@EnumSource(Strategy.class)
@SuppressWarnings("try") // that a lock is held is all that is wanted of it
class LockTest extends LoopsTest {
  private static final Duration SOON = Duration.ofMillis(5);

  private final Lock lock = new Lock();
  private final List<String> ran = new ArrayList<>();

  LockTest(Strategy strategy) {
    super(strategy);
  }

  @Test
  void asManyHaveItAsItIsFor() throws Exception {
    for (int count : new int[] {1, 2, 5}) {
      Lock some = new Lock(count);
      int loops = 10;
      Countdown done = new Countdown(loops);
      int[] holders = {0, 0};
      run(
          () -> {
            for (int i = 0; i < loops; i++) {
              fork(
                  () -> {
                    try (Lock held = some.acquire()) {
                      holders[0]++;
                      holders[1] = Math.max(holders[1], holders[0]);
                      sleep();
                      sleep();
                      holders[0]--;
                    }
                    done.tick();
                  });
            }
            done.waitFor(Bounds.WAIT);
          });

      assertEquals(count, holders[1]);
      assertEquals(0, holders[0]);
      assertFalse(some.isLocked());
    }
  }

  @Test
  void acquiringWhatIsFreeLetsNobodyRun() throws Exception {
    run(
        () -> {
          fork(() -> ran.add("other"));
          lock.acquire();
          assertTrue(lock.isLocked());
          lock.release();
          assertFalse(lock.isLocked());

          assertEquals(List.of(), ran);
        });
  }

  @Test
  void loopsHaveItInTheOrderInWhichTheyCame() throws Exception {
    Countdown done = new Countdown(4);
    run(
        () -> {
          for (String name : List.of("a", "b", "c", "d")) {
            fork(
                () -> {
                  for (int round = 1; round <= 3; round++) {
                    try (Lock held = lock.acquire()) {
                      ran.add(name + round);
                      sleep();
                    }
                    // wants it again at once, and comes after those that wait
                  }
                  done.tick();
                });
          }
          done.waitFor(Bounds.WAIT);
        });

    assertEquals(
        List.of("a1", "b1", "c1", "d1", "a2", "b2", "c2", "d2", "a3", "b3", "c3", "d3"), ran);
  }

  @Test
  void whoReleasesItHasGivenItToWhoWaits() throws Exception {
    run(
        () -> {
          lock.acquire();
          fork(
              () -> {
                lock.acquire();
                ran.add("other");
              });
          sleep();
          lock.release();

          assertTrue(lock.isLocked());
          assertEquals(List.of(), ran, "releasing lets nobody run");
          sleep();
          assertEquals(List.of("other"), ran);
        });
  }

  @Test
  void anyLoopMayReleaseIt() throws Exception {
    Lock closed = new Lock(0);
    run(
        () -> {
          assertTrue(closed.isLocked());
          fork(closed::release);
          closed.acquire();
          assertTrue(closed.isLocked());
        });
  }

  @Test
  void aFirstHasItOnlyIfItCameFirst() throws Exception {
    run(
        () -> {
          lock.acquire();
          assertEquals(First.SLEEP, first(SOON, lock).token());
          lock.release();
          assertFalse(lock.isLocked(), "who has lost does not have it");

          assertEquals(new Fired(lock, null), first(SOON, lock));
          assertTrue(lock.isLocked());

          fork(lock::release);
          assertEquals(lock, first(Bounds.NEVER, "other", lock).token());
          assertTrue(lock.isLocked());
          lock.release();

          waitFor(lock);
          assertTrue(lock.isLocked());
        });
  }

  @Test
  void aLoopThatDiesGivesBackWhatTryHolds() throws Exception {
    run(
        () -> {
          Loop parent =
              fork(
                  () -> {
                    forkChild(
                        () -> {
                          try (Lock held = lock.acquire()) {
                            ran.add("child has it");
                            sleep(Bounds.NEVER);
                          }
                        });
                    sleep();
                    throw new TerminateLoop();
                  });
          sleep();
          sleep();
          assertEquals(1, parent.deaths());

          lock.acquire();
          assertEquals(List.of("child has it"), ran);
        });
  }

  @Test
  void aLoopThatDiesWhileItWaitsForItIsPassedOver() throws Exception {
    run(
        () -> {
          lock.acquire();
          fork(
              () -> {
                forkChild(
                    () -> {
                      lock.acquire();
                      ran.add("child");
                    });
                sleep();
              });
          sleep();
          fork(
              () -> {
                lock.acquire();
                ran.add("next");
              });
          sleep();
          sleep();
          lock.release();
          sleep();

          assertEquals(List.of("next"), ran);
        });
  }

  @Test
  void aLoopThatDiesBeforeItsTurnHasNotGotIt() throws Exception {
    run(
        () -> {
          lock.acquire();
          fork(
              () -> {
                forkChild(
                    () -> {
                      lock.acquire();
                      ran.add("child");
                    });
                sleep();
                lock.release();
                // the child has it now, but not its turn
              });
          sleep();
          sleep();
          assertTrue(lock.isLocked(), "it is the child's");

          lock.acquire();
          assertEquals(List.of(), ran);
          lock.release();
          assertFalse(lock.isLocked());
        });
  }

  @Test
  void keysThatAreEqualHaveOneLock() throws Exception {
    record Account(int number) {}
    run(
        () -> {
          Lock held = synchronizedOn(new Account(1)).acquire();
          assertTrue(synchronizedOn(new Account(1)).isLocked());
          assertFalse(synchronizedOn(new Account(2)).isLocked());
          assertFalse(synchronizedOn().isLocked());
          for (String name : List.of("a", "b")) {
            fork(
                () -> {
                  try (Lock own = synchronizedOn(new Account(1)).acquire()) {
                    ran.add(name);
                    sleep();
                    ran.add(name);
                  }
                });
          }
          sleep();
          assertEquals(List.of(), ran);

          held.release();
          sleep();
          assertEquals(List.of("a"), ran);
          try (Lock own = synchronizedOn(new Account(1)).acquire()) {
            assertEquals(List.of("a", "a", "b", "b"), ran);
          }
          assertFalse(held.isLocked());
        });
  }

  @Test
  void withoutAKeyAllShareOneLock() throws Exception {
    Countdown done = new Countdown(10);
    int[] holders = {0, 0};
    run(
        () -> {
          for (int i = 0; i < 10; i++) {
            fork(
                () -> {
                  try (Lock held = synchronizedOn().acquire()) {
                    holders[0]++;
                    holders[1] = Math.max(holders[1], holders[0]);
                    sleep();
                    holders[0]--;
                  }
                  done.tick();
                });
          }
          done.waitFor(Bounds.WAIT);
        });

    assertEquals(1, holders[1]);
  }

  @Test
  void locksOfKeysThatNobodyHoldsTakeNoMemory() throws Exception {
    run(
        () -> {
          for (int i = 0; i < 100; i++) {
            try (Lock held = synchronizedOn(i).acquire()) {
              assertEquals(1, Loop.current().scheduler().lockedKeys().size());
            }
          }
          assertTrue(Loop.current().scheduler().lockedKeys().isEmpty());
        });
  }

  @Test
  void whatOneApplicationHasLeftLockedIsFreeInTheNext() throws Exception {
    run(() -> synchronizedOn("key").acquire());
    run(() -> assertFalse(synchronizedOn("key").isLocked()));
  }

  @Test
  void refusesWhatMakesNoSense() throws Exception {
    String message = assertThrows(IllegalArgumentException.class, () -> new Lock(-1)).getMessage();
    assertEquals("a lock for -1 loops", message);

    run(() -> assertThrows(NullPointerException.class, () -> synchronizedOn(null)));
  }

  @Test
  void onlyLoopsAcquireAndRelease() {
    assertThrows(IllegalStateException.class, lock::acquire);
    assertThrows(IllegalStateException.class, () -> synchronizedOn("key"));
    assertFalse(lock.isLocked());
    Lock closed = new Lock(0);
    assertThrows(IllegalStateException.class, closed::release);
    assertTrue(closed.isLocked());
  }
}
