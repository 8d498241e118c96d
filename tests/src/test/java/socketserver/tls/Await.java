package socketserver.tls;

import static org.junit.jupiter.api.Assertions.fail;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waits for what nobody can be asked to signal, such as what an event loop has done by now. */
final class Await {
  private static final long SECONDS = 30;

  private Await() {}

  static void until(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        fail("in vain: waited until " + what);
      }
      Thread.onSpinWait();
    }
  }
}
