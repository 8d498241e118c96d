package socketserver.select;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import socketserver.spi.Endpoint;
import socketserver.spi.Poller;

/** Descriptors that are as ready as the test says, always level-triggered. */
final class FakePoller implements Poller {
  private record Watched(int events, Target target) {}

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /** Guarded by lock. */
  private final Map<Integer, Watched> watched = new TreeMap<>();

  /** Guarded by lock: what is ready of each descriptor. */
  private final Map<Integer, Integer> state = new TreeMap<>();

  /** Guarded by lock. */
  private boolean woken;

  /** Guarded by lock. */
  private boolean closed;

  /** Guarded by lock: how often a descriptor was added, changed or removed. */
  private int calls;

  /** What happens when everything is prepared to wait. Set before anybody waits. */
  volatile Runnable beforeWaiting = () -> {};

  /** What happens while a descriptor is being added. */
  volatile Runnable whileAdding = () -> {};

  /** What adding fails with, or null. */
  volatile IOException refusal;

  /** Says what is ready of a descriptor from now on. */
  void is(int descriptor, int events) {
    lock.lock();
    try {
      state.put(descriptor, events);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Which descriptors are watched. */
  List<Integer> descriptors() {
    lock.lock();
    try {
      return List.copyOf(watched.keySet());
    } finally {
      lock.unlock();
    }
  }

  /** What a descriptor is watched for. */
  int eventsOf(int descriptor) {
    lock.lock();
    try {
      return watched.get(descriptor).events;
    } finally {
      lock.unlock();
    }
  }

  boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  /** How often a descriptor was added, changed or removed: each would be a system call. */
  int calls() {
    lock.lock();
    try {
      return calls;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void add(int descriptor, int events, Target target) throws IOException {
    whileAdding.run();
    lock.lock();
    try {
      checkOpen();
      calls++;
      if (refusal != null) {
        throw refusal;
      }
      if (watched.put(descriptor, new Watched(events, target)) != null) {
        throw new IOException("watched already: " + descriptor);
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void modify(int descriptor, int events) throws IOException {
    lock.lock();
    try {
      checkOpen();
      calls++;
      Watched before = watched.get(descriptor);
      if (before == null) {
        throw new IOException("not watched: " + descriptor);
      }
      watched.put(descriptor, new Watched(events, before.target));
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void remove(int descriptor) {
    lock.lock();
    try {
      checkOpen();
      calls++;
      watched.remove(descriptor);
    } finally {
      lock.unlock();
    }
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("the poller is closed");
    }
  }

  @Override
  public void run(long timeoutNanos, Idle idle) {
    List<Runnable> telling;
    lock.lock();
    try {
      checkOpen();
      telling = ready();
      if (telling.isEmpty() && timeoutNanos != 0) {
        woken = false;
        beforeWaiting.run();
        if (idle.mayWait()) {
          await(timeoutNanos);
        }
        telling = ready();
      }
    } finally {
      lock.unlock();
    }
    telling.forEach(Runnable::run);
  }

  private void await(long timeoutNanos) {
    long left = timeoutNanos == Endpoint.FOREVER ? Long.MAX_VALUE : timeoutNanos;
    try {
      while (!woken && ready().isEmpty() && left > 0) {
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      // a call of the system's goes on; here it need not
      Thread.currentThread().interrupt();
    }
  }

  private List<Runnable> ready() {
    List<Runnable> telling = new ArrayList<>();
    watched.forEach(
        (descriptor, what) -> {
          int events = state.getOrDefault(descriptor, 0) & what.events;
          if (events != 0) {
            telling.add(() -> what.target.ready(events));
          }
        });
    return telling;
  }

  @Override
  public void wakeup() {
    lock.lock();
    try {
      woken = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean waitsInSystem() {
    return true;
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      watched.clear();
    } finally {
      lock.unlock();
    }
  }

  /** Waits within a bound until somebody waits in this. */
  void awaitWaiter() throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (true) {
      lock.lock();
      try {
        if (lock.hasWaiters(changed)) {
          return;
        }
      } finally {
        lock.unlock();
      }
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("nobody waits");
      }
      Thread.onSpinWait();
    }
  }
}
