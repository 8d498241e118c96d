package socketserver.select;

import java.io.IOException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import socketserver.spi.Endpoint;

/**
 * The turn to use an {@link EventPoll}: one thread at a time has it, and waits or changes
 * something. Others that want to change something wake it, and it does so for them; others that
 * want to wait queue for the turn.
 */
final class Turn {
  private final WatchedDescriptors descriptors;

  /** Fair, so that one who comes back at once does not keep others from it. */
  private final ReentrantLock lock = new ReentrantLock(true);

  /** What others have to do in the turn. */
  private final Queue<Change> changes = new ConcurrentLinkedQueue<>();

  Turn(WatchedDescriptors descriptors) {
    this.descriptors = descriptors;
  }

  /** Waits for the turn; false if the time is over, or if nothing is ready for who cannot wait. */
  boolean enter(long timeoutNanos) throws InterruptedException {
    if (lock.tryLock()) {
      return true;
    }
    if (timeoutNanos == Endpoint.FOREVER) {
      lock.lockInterruptibly();
      return true;
    }
    if (timeoutNanos > 0) {
      return lock.tryLock(timeoutNanos, TimeUnit.NANOSECONDS);
    }
    while (!lock.tryLock()) {
      if (descriptors.areAwaited()) {
        return false;
      }
      Thread.yield();
    }
    return true;
  }

  /** Gives the turn to the next, if this thread has it. */
  void leave() {
    if (lock.isHeldByCurrentThread()) {
      lock.unlock();
    }
    runLeftChanges();
  }

  /** Has something done in the turn, by this thread or by the one that has it. */
  void run(Change.Work work) throws IOException {
    if (lock.isHeldByCurrentThread()) {
      work.run();
      return;
    }
    if (lock.tryLock()) {
      try {
        try {
          runChanges();
          work.run();
        } finally {
          lock.unlock();
        }
      } finally {
        runLeftChanges();
      }
      return;
    }
    Change change = new Change(work);
    changes.add(change);
    descriptors.wakeup();
    // if whoever had the turn has left before this was added
    runLeftChanges();
    change.await(this::runLeftChanges);
  }

  /** Does what others have to do. With the turn. */
  void runChanges() {
    for (Change change = changes.poll(); change != null; change = changes.poll()) {
      change.run();
    }
  }

  private void runLeftChanges() {
    while (!changes.isEmpty() && lock.tryLock()) {
      try {
        runChanges();
      } finally {
        lock.unlock();
      }
    }
  }

  boolean hasNoChanges() {
    return changes.isEmpty();
  }
}
