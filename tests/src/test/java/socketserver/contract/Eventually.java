package socketserver.contract;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for a condition that nobody signals, and fails if it does not come true. */
public final class Eventually {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final long LOOK_AGAIN_NANOS = 1_000_000;

  private Eventually() {}

  /** Waits until a condition holds. */
  public static void holds(String what, BooleanSupplier condition) {
    equal(true, condition::getAsBoolean, what);
  }

  /** Waits until a value is the one that is expected. */
  public static <T> void equal(T expected, Supplier<T> actual, String what) {
    long begin = System.nanoTime();
    T last = actual.get();
    while (!Objects.equals(expected, last)) {
      if (System.nanoTime() - begin > LIMIT.toNanos()) {
        throw new AssertionError(
            what + " after " + LIMIT.toSeconds() + " s: " + last + ", expected " + expected);
      }
      LockSupport.parkNanos(LOOK_AGAIN_NANOS);
      last = actual.get();
    }
  }
}
