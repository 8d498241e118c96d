package socketserver.netty;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import socketserver.WouldBlockException;
import socketserver.spi.Endpoint;
import socketserver.spi.ReadinessSource;

/**
 * What a listener or a datagram socket has received and nobody has taken: the event loop adds, the
 * thread that serves takes. Several threads may wait.
 *
 * @param <T> what is received
 */
final class AcceptQueue<T> {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Watchers watchers = new Watchers();

  /** Gives what has the system asked once more, or null. */
  private final Supplier<LoopRound> round;

  /** Guarded by lock: received things, and the exceptions met meanwhile. */
  private final Queue<Object> queue = new ArrayDeque<>();

  /** Guarded by lock: the next wait is to end at once. */
  private boolean wakeup;

  /** Guarded by lock. */
  private boolean closed;

  AcceptQueue(Supplier<LoopRound> round) {
    this.round = round;
  }

  /** Adds a thing; returns how many there are now, or -1 if the queue is closed. */
  int add(T received) {
    return offer(received);
  }

  /**
   * Adds an error, which one call will throw. One at a time: a taker that pauses for each must not
   * have to work through thousands before it comes to what has been received.
   */
  void fail(IOException error) {
    LoopLock.lock(lock);
    try {
      if (queue.stream().noneMatch(IOException.class::isInstance)) {
        offer(error);
      }
    } finally {
      lock.unlock();
    }
  }

  private int offer(Object item) {
    LoopLock.lock(lock);
    try {
      if (closed) {
        return -1;
      }
      queue.add(item);
      changed.signal();
      return queue.size();
    } finally {
      lock.unlock();
      watchers.changed();
    }
  }

  /**
   * Tells when there is something to take.
   *
   * @param besides what is ready whether or not there is
   * @param open whether the socket is open
   */
  ReadinessSource readiness(IntSupplier besides, BooleanSupplier open) {
    IntSupplier ready = () -> (size() > 0 ? ReadinessSource.IN : 0) | besides.getAsInt();
    return new KnownReadiness(watchers, ready, open, round);
  }

  int size() {
    LoopLock.lock(lock);
    try {
      return queue.size();
    } finally {
      lock.unlock();
    }
  }

  /** Ends a wait, or else the next one. */
  void wakeup() {
    lock.lock();
    try {
      wakeup = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits for something to take; false if the time is over or somebody called wakeup. */
  boolean await(long timeoutNanos) throws IOException {
    lock.lock();
    try {
      return await(timeoutNanos, true);
    } finally {
      lock.unlock();
    }
  }

  /** Takes the next thing. */
  @SuppressWarnings("unchecked") // only add and fail fill the queue
  T take(long timeoutNanos) throws IOException {
    lock.lock();
    try {
      if (!await(timeoutNanos, false)) {
        throw timeoutNanos == 0
            ? new WouldBlockException("nothing has arrived")
            : new SocketTimeoutException("timed out");
      }
      Object item = queue.remove();
      if (item instanceof IOException error) {
        throw error;
      }
      return (T) item;
    } finally {
      lock.unlock();
    }
  }

  /** Closes the queue and returns what nobody took, for the caller to dispose of. */
  @SuppressWarnings("unchecked") // only add and fail fill the queue
  Iterable<T> close() {
    lock.lock();
    try {
      closed = true;
      queue.removeIf(item -> item instanceof IOException);
      Queue<T> left = new ArrayDeque<>((Queue<T>) queue);
      queue.clear();
      changed.signalAll();
      return left;
    } finally {
      lock.unlock();
      watchers.changed();
    }
  }

  /** Has the loop receive what there is by now. With the lock held, but meanwhile. */
  private void askLoop() {
    LoopRound last = round.get();
    if (last != null) {
      lock.unlock();
      try {
        last.run();
      } finally {
        lock.lock();
      }
    }
  }

  private boolean await(long timeoutNanos, boolean wakeable) throws IOException {
    long left = timeoutNanos;
    boolean asked = false;
    try {
      while (queue.isEmpty() && !closed) {
        if (wakeable && wakeup) {
          wakeup = false;
          return false;
        }
        if (timeoutNanos == Endpoint.FOREVER) {
          changed.await();
        } else if (left <= 0 && asked) {
          return false;
        } else if (left <= 0) {
          askLoop();
          asked = true;
        } else {
          left = changed.awaitNanos(left);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for a request");
    }
    if (closed) {
      throw NettyEndpoint.closed();
    }
    return true;
  }
}
