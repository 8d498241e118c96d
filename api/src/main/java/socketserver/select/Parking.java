package socketserver.select;

import java.util.concurrent.locks.LockSupport;
import socketserver.spi.Endpoint;
import socketserver.spi.Poller;
import socketserver.spi.TimeLeft;

/** Waits where there is no descriptor to wait for, until somebody wakes it. */
final class Parking implements Poller {
  /** Who waits, or is about to. Written by who waits, read by who wakes. */
  private volatile Thread waiter;

  /** Written by any thread. */
  private volatile boolean woken;

  @Override
  public void add(int descriptor, int events, Target target) {
    throw new UnsupportedOperationException("watches no descriptors: " + descriptor);
  }

  @Override
  public void modify(int descriptor, int events) {
    throw new UnsupportedOperationException("watches no descriptors: " + descriptor);
  }

  @Override
  public void remove(int descriptor) {}

  @Override
  public void run(long timeoutNanos, Idle idle) {
    if (timeoutNanos == 0) {
      return;
    }
    long start = System.nanoTime();
    woken = false;
    waiter = Thread.currentThread();
    try {
      while (!woken && idle.mayWait() && !waiter.isInterrupted()) {
        long left = TimeLeft.of(timeoutNanos, start);
        if (left == 0) {
          return;
        } else if (left == Endpoint.FOREVER) {
          LockSupport.park(this);
        } else {
          LockSupport.parkNanos(this, left);
        }
      }
    } finally {
      waiter = null;
    }
  }

  @Override
  public void wakeup() {
    woken = true;
    Thread parked = waiter;
    if (parked != null) {
      LockSupport.unpark(parked);
    }
  }

  @Override
  public boolean waitsInSystem() {
    return false;
  }

  @Override
  public void close() {}
}
