package socketserver;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** How often the watch of a loop has seen a handler's turn. */
class WatchedLoopTest {
  private final WatchedLoop loop = WatchedLoop.of(Runnable::run, null);

  private void begin() {
    loop.begin(Thread.currentThread());
  }

  @Test
  void eachLookAtATurnCounts() {
    begin();
    assertEquals(1, loop.look(true));
    assertEquals(2, loop.look(true));
    assertEquals(3, loop.look(true));
  }

  @Test
  void aLookAfterClassesWereLoadedDoesNotCount() {
    begin();
    assertEquals(1, loop.look(false));
    assertEquals(1, loop.look(false));
    assertEquals(2, loop.look(true));
    assertEquals(2, loop.look(false));
  }

  @Test
  void aNewTurnIsCountedAnew() {
    begin();
    loop.look(true);
    loop.look(true);
    loop.end();
    begin();
    assertEquals(1, loop.look(true));
  }

  @Test
  void aTurnBetweenTwoLooksIsSeenOnce() {
    begin();
    loop.end();
    assertEquals(1, loop.look(true));
    assertEquals(0, loop.look(true));
    assertEquals(0, loop.seenTimes());
  }
}
