package socketserver.netty;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import socketserver.WouldBlockException;
import socketserver.spi.ReadinessSource;
import socketserver.spi.StackSpace;

/**
 * What a listener or a datagram socket has received and nobody has taken: the event loop adds, the
 * thread that serves takes. Several threads may wait. There is no lock.
 *
 * @param <T> what is received
 */
final class AcceptQueue<T> {
  private final Watchers watchers = new Watchers();
  private final Waiters takers = new Waiters();

  /** Gives what has the system asked once more, or null. */
  private final Supplier<LoopRound> round;

  /** Received things, and the exceptions met meanwhile. A few, as the channel pauses. */
  private final Queue<Object> queue = new ConcurrentLinkedQueue<>();

  /** The next wait is to end at once. */
  private final AtomicBoolean wakeup = new AtomicBoolean();

  /** Set by any thread, for good. */
  private volatile boolean closed;

  AcceptQueue(Supplier<LoopRound> round) {
    this.round = round;
  }

  /** Adds a thing; returns how many there are now, or -1 if the queue is closed. */
  int add(T received) {
    return offer(received);
  }

  /**
   * Adds an error, which one call will throw. One at a time: a taker that pauses for each must not
   * have to work through thousands before it comes to what has been received. On the event loop.
   */
  void fail(IOException error) {
    if (queue.stream().noneMatch(IOException.class::isInstance)) {
      offer(error);
    }
  }

  private int offer(Object item) {
    queue.add(item);
    // whoever closes has taken it, or leaves it to this
    if (closed && queue.remove(item)) {
      return -1;
    }
    takers.wake();
    watchers.changed();
    return size();
  }

  /**
   * Tells when there is something to take.
   *
   * @param besides what is ready whether or not there is
   * @param open whether the socket is open
   */
  ReadinessSource readiness(IntSupplier besides, BooleanSupplier open) {
    IntSupplier ready = () -> (queue.isEmpty() ? 0 : ReadinessSource.IN) | besides.getAsInt();
    return new KnownReadiness(watchers, ready, open, round);
  }

  int size() {
    return queue.size();
  }

  /** Ends a wait, or else the next one. */
  void wakeup() {
    StackSpace.reserve();
    wakeup.set(true);
    takers.wake();
  }

  /** Waits for something to take; false if the time is over or somebody called wakeup. */
  boolean await(long timeoutNanos) throws IOException {
    long start = System.nanoTime();
    while (true) {
      boolean ended = park(left(timeoutNanos, start), this::isWaitOver);
      checkOpen();
      if (!ended || !queue.isEmpty()) {
        return ended;
      }
      if (wakeup.compareAndSet(true, false)) {
        return false;
      }
    }
  }

  private boolean isWaitOver() {
    return !queue.isEmpty() || closed || wakeup.get();
  }

  private static long left(long timeoutNanos, long start) {
    return timeoutNanos == 0 ? 0 : DirectDatagram.left(timeoutNanos, start);
  }

  /** Takes the next thing. */
  @SuppressWarnings("unchecked") // only add and fail fill the queue
  T take(long timeoutNanos) throws IOException {
    StackSpace.reserve();
    long start = System.nanoTime();
    while (true) {
      checkOpen();
      Object item = queue.poll();
      if (item instanceof IOException error) {
        throw error;
      }
      if (item != null) {
        return (T) item;
      }
      if (!park(left(timeoutNanos, start), () -> !queue.isEmpty() || closed)) {
        throw timeoutNanos == 0
            ? new WouldBlockException("nothing has arrived")
            : new SocketTimeoutException("timed out");
      }
    }
  }

  /** Closes the queue and returns what nobody took, for the caller to dispose of. */
  @SuppressWarnings("unchecked") // only add and fail fill the queue
  Iterable<T> close() {
    StackSpace.reserve();
    closed = true;
    List<T> left = new ArrayList<>();
    for (Object item = queue.poll(); item != null; item = queue.poll()) {
      if (!(item instanceof IOException)) {
        left.add((T) item);
      }
    }
    takers.wake();
    watchers.changed();
    return left;
  }

  private boolean park(long timeoutNanos, BooleanSupplier condition) throws IOException {
    try {
      return takers.await(timeoutNanos, condition, round.get());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for a request");
    }
  }

  private void checkOpen() throws IOException {
    if (closed) {
      throw NettyEndpoint.closed();
    }
  }
}
