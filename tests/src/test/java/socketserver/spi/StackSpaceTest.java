package socketserver.spi;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** What {@link StackSpace} makes sure of, when it has been compiled and what follows has not. */
class StackSpaceTest {
  private static final int STACK = 1 << 20;
  private static final int CALLS = 50_000;
  private static final int RUNS = 20;

  /** Written by the thread that is joined. */
  private double reserved;

  private int depth;

  @Test
  void aReserveIsSixKibibytesAtLeast() throws InterruptedException {
    Thread thread = new Thread(null, this::measure, "deep", STACK);
    thread.start();
    thread.join();
    assertTrue(reserved >= 6 << 10, reserved + " bytes");
  }

  private void measure() {
    for (int i = 0; i < CALLS; i++) {
      StackSpace.reserve();
    }
    for (int i = 0; i < RUNS; i++) {
      int whole = deepest(false);
      reserved = (double) STACK * (whole - deepest(true)) / whole;
    }
  }

  private int deepest(boolean reserving) {
    depth = 0;
    try {
      descend(reserving);
    } catch (StackOverflowError e) {
      // this deep it goes
    }
    return depth;
  }

  private void descend(boolean reserving) {
    if (reserving) {
      StackSpace.reserve();
    }
    depth++;
    descend(reserving);
  }
}
