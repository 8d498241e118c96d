package socketserver.netty.ground;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import socketserver.spi.Endpoint;
import socketserver.spi.StackSpace;

/**
 * Threads that wait until something is so. There is no lock: an event loop that changes something
 * wakes them without waiting for any of them, and one that dies leaves nothing held.
 */
public final class Waiters {
  private final Queue<Thread> parked = new ConcurrentLinkedQueue<>();

  /**
   * Waits until a condition holds.
   *
   * @param timeoutNanos how long, or {@link Endpoint#FOREVER}
   * @param condition asked on this thread; whoever makes it true calls {@link #wake} afterwards
   * @return false if the time is over
   * @throws InterruptedException if the thread is interrupted while the condition does not hold
   */
  public boolean await(long timeoutNanos, BooleanSupplier condition) throws InterruptedException {
    return condition.getAsBoolean()
        || timeoutNanos != 0 && park(timeoutNanos, condition)
        || condition.getAsBoolean();
  }

  private boolean park(long timeoutNanos, BooleanSupplier condition) throws InterruptedException {
    StackSpace.reserve();
    long start = System.nanoTime();
    Thread current = Thread.currentThread();
    try {
      parked.add(current);
      while (!condition.getAsBoolean()) {
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
        if (timeoutNanos == Endpoint.FOREVER) {
          LockSupport.park(this);
          continue;
        }
        long left = timeoutNanos - (System.nanoTime() - start);
        if (left <= 0) {
          return false;
        }
        LockSupport.parkNanos(this, left);
      }
      return true;
    } finally {
      parked.remove(current);
    }
  }

  /** Has all of them look again. */
  public void wake() {
    for (Thread thread : parked) {
      LockSupport.unpark(thread);
    }
  }
}
