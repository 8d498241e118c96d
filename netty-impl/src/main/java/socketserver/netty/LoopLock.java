package socketserver.netty;

import io.netty.util.concurrent.FastThreadLocalThread;
import java.util.concurrent.locks.Lock;

/**
 * How an event loop takes a lock that handlers take, too. It must not queue for it: before it there
 * may be a virtual thread whose turn it is, and which only this loop can run. So it tries until the
 * lock is free, which is soon: whoever holds such a lock waits for nothing.
 */
final class LoopLock {
  private static final int SPINS = 100;

  private LoopLock() {}

  static void lock(Lock lock) {
    for (int i = 0; !lock.tryLock(); i++) {
      // a virtual thread must not give its loop away here: it may hold what the loop needs
      if (i < SPINS || !(Thread.currentThread() instanceof FastThreadLocalThread)) {
        Thread.onSpinWait();
      } else {
        Thread.yield();
      }
    }
  }
}
