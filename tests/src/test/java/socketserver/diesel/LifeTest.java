package socketserver.diesel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static socketserver.diesel.Diesel.fire;
import static socketserver.diesel.Diesel.fork;
import static socketserver.diesel.Diesel.forkChild;
import static socketserver.diesel.Diesel.label;
import static socketserver.diesel.Diesel.sleep;
import static socketserver.diesel.Diesel.waitFor;

import ch.qos.logback.classic.Level;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import socketserver.fixture.LogCapture;
import socketserver.fixture.Strategy;

/** How loops begin and end, and what their ends do to others. */
@ParameterizedClass(name = "{0}")
@EnumSource(Strategy.class)
class LifeTest extends LoopsTest {
  LifeTest(Strategy strategy) {
    super(strategy);
  }

  private static void awaitEnd(Loop loop, int deaths) {
    while (loop.deaths() < deaths) {
      sleep(Duration.ofMillis(1));
    }
  }

  @Test
  void aForkedLoopRunsWhenThisOneWaits() throws Exception {
    run(
        () -> {
          List<String> ran = new ArrayList<>();
          Loop forked = fork(() -> ran.add("forked"));

          assertEquals(List.of(), ran);
          assertFalse(forked.running());
          sleep();
          assertEquals(List.of("forked"), ran);
          assertEquals(1, forked.deaths());
        });
  }

  @Test
  void aLoopRunsFromItsBeginningToItsEnd() throws Exception {
    run(
        () -> {
          Loop forked = fork(() -> waitFor("end"));
          sleep();
          assertTrue(forked.running());
          assertEquals(0, forked.deaths());
          assertNotEquals(Loop.current().id(), forked.id());

          fire("end");
          sleep();
          assertFalse(forked.running());
          assertEquals(1, forked.deaths());
        });
  }

  @Test
  void whatALoopThrowsIsLoggedWithItsLabel() throws Exception {
    try (LogCapture log = new LogCapture()) {
      run(
          () -> {
            Loop forked =
                fork(
                    () -> {
                      label("cook");
                      throw new IOException("the milk boils over");
                    });
            awaitEnd(forked, 1);
          });

      assertEquals(List.of("-- Unhandled Exception in local loop <cook> --"), log.at(Level.ERROR));
    }
  }

  @Test
  void aLoopIsCalledAfterTheClassOfItsBody() throws Exception {
    run(() -> assertEquals("LifeTest", new Loop(() -> {}).label()));
  }

  @Test
  void terminateLoopEndsALoopSilently() throws Exception {
    try (LogCapture log = new LogCapture()) {
      run(
          () -> {
            Loop forked =
                fork(
                    () -> {
                      try {
                        throw new TerminateLoop();
                      } catch (Exception e) {
                        throw new AssertionError("it is no Exception", e);
                      }
                    });
            awaitEnd(forked, 1);
          });

      assertEquals(List.of(), log.at(Level.ERROR));
    }
  }

  @Test
  void aLoopThatIsKeptAliveStartsAgainHalfASecondAfterItHasFailed() throws Exception {
    List<Long> begun = new ArrayList<>();
    try (LogCapture log = new LogCapture()) {
      Loop loop =
          new Loop(
              () -> {
                begun.add(System.nanoTime());
                throw new IllegalStateException("again");
              });
      loop.keepAlive(true);
      run(() -> awaitEnd(loop, 2), loop);

      assertTrue(begun.get(1) - begun.get(0) >= 500_000_000, "they rest for half a second");
      assertEquals(
          "(Keep-Alive loop <Loop id=" + loop.id() + " callable=LifeTest> died; restarting)",
          log.at(Level.WARN).get(0));
    }
  }

  @Test
  void aLoopThatIsKeptAliveStartsAgainAfterItHasReturned() throws Exception {
    Loop loop = new Loop(() -> {});
    run(
        () -> {
          Application.current().addLoop(loop, false, true);
          awaitEnd(loop, 2);
          loop.keepAlive(false);
          awaitEnd(loop, 3);
        });

    assertEquals(3, loop.deaths());
  }

  @Test
  void aChildIsToldThatItsParentHasEnded() throws Exception {
    List<String> told = new ArrayList<>();
    run(
        () -> {
          Loop parent =
              fork(
                  () -> {
                    Loop child =
                        forkChild(
                            () -> {
                              try {
                                waitFor("never");
                              } catch (ParentDiedException e) {
                                told.add(e.getMessage());
                                sleep();
                                told.add("it may go on");
                                fire("child ends");
                              }
                            });
                    assertSame(Loop.current(), child.parent());
                    assertEquals(List.of(child), Loop.current().children());
                    sleep();
                  });
          waitFor("child ends");
          assertEquals(List.of(), parent.children());
        });

    assertEquals(List.of("the parent loop has ended", "it may go on"), told);
  }

  @Test
  void aParentThatFailsTakesItsChildrenAlong() throws Exception {
    try (LogCapture log = new LogCapture()) {
      run(
          () -> {
            Loop[] child = new Loop[1];
            fork(
                () -> {
                  child[0] = forkChild(() -> waitFor("never"));
                  child[0].keepAlive(true);
                  sleep();
                  throw new IllegalStateException("the parent fails");
                });
            sleep();
            awaitEnd(child[0], 1);
            assertNull(child[0].parent());
          });

      assertEquals(1, log.at(Level.ERROR).size(), "the child ends silently");
      assertEquals(List.of(), log.at(Level.WARN), "and is not kept alive");
    }
  }

  @Test
  void aChildThatIsReadyIsToldInsteadOfGettingItsAnswer() throws Exception {
    List<Object> got = new ArrayList<>();
    run(
        () -> {
          fork(
              () -> {
                forkChild(
                    () -> {
                      try {
                        got.add(waitFor("event"));
                      } catch (ParentDiedException e) {
                        got.add("told");
                      }
                    });
                sleep();
                fire("event", "answer");
              });
          sleep();
          sleep();
          sleep();
        });

    assertEquals(List.of("told"), got);
  }

  @Test
  void aChildThatHasNotBegunIsNotTold() throws Exception {
    List<String> ran = new ArrayList<>();
    run(
        () -> {
          fork(() -> forkChild(() -> ran.add("child")));
          sleep();
          sleep();
        });

    assertEquals(List.of("child"), ran);
  }

  @Test
  void aChildThatRestsIsNotStartedAgainWhenItsParentHasEnded() throws Exception {
    int[] lives = new int[1];
    run(
        () -> {
          fork(
              () -> {
                forkChild(() -> lives[0]++).keepAlive(true);
                sleep();
              });
          sleep(Duration.ofMillis(600));
        });

    assertEquals(1, lives[0]);
  }

  @Test
  void aChildsEndIsNoneOfItsParents() throws Exception {
    run(
        () -> {
          Loop child = forkChild(() -> {});
          awaitEnd(child, 1);

          assertEquals(List.of(), Loop.current().children());
          assertNull(child.parent());
        });
  }

  @Test
  void aLoopIsAddedOnce() throws Exception {
    run(
        () -> {
          Loop forked = fork(() -> {});

          assertThrows(IllegalStateException.class, () -> Application.current().addLoop(forked));
        });
  }
}
