package socketserver;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import socketserver.spi.StackSpace;
import socketserver.spi.TimeLeft;

/**
 * The loop of a server, and its end. One thread at a time serves; any thread ends that.
 *
 * @param <R> the kind of request
 */
final class ServingLoop<R> {
  /** How long serving rests when there is no memory even for a pause. */
  private static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  /** The log of the class that users know. */
  private static final Logger LOGGER = LoggerFactory.getLogger(BaseServer.class);

  private final BaseServer<R> server;
  private final FailureLog failures = new FailureLog(LOGGER);
  private final RequestTurn<R> turn;

  /** Guards thread and ended; signalled when either changes, and when the loop has to end. */
  private final ReentrantLock lock = new ReentrantLock();

  private final Condition changed = lock.newCondition();

  /** Guarded by lock: the thread in the loop, or null. */
  private Thread thread;

  /** Guarded by lock: the loop has ended since it last began (Python: an Event). */
  private boolean ended;

  /** Guarded by lock for writing; the loop reads it. */
  private volatile boolean endRequested;

  /** The server is closed; unset when a server with a socket is given another one. */
  private volatile boolean closed;

  /** How often the loop has gone round. Written by the thread in the loop; any looks. */
  private volatile long turns;

  ServingLoop(BaseServer<R> server) {
    this.server = server;
    this.turn = new RequestTurn<>(server, failures);
  }

  RequestTurn<R> turn() {
    return turn;
  }

  // Serving

  /** What {@code serveForever} does. */
  void serve(long pollNanos) {
    begin();
    try {
      server.beginRequests();
      while (!isToEnd()) {
        turns = turns + 1;
        try {
          boolean ready =
              limits().awaitRoom(pollNanos, this::isToEnd) && server.awaitRequest(pollNanos);
          if (isToEnd() || !server.isUsable()) {
            break;
          }
          if (ready) {
            turn.run();
          }
          actions();
        } catch (Error e) {
          endure(e);
        }
      }
    } catch (InterruptedIOException e) {
      LOGGER.debug("serveForever was interrupted");
    } catch (IOException e) {
      if (!isToEnd() && server.isUsable()) {
        throw new UncheckedIOException(e);
      }
    } finally {
      end();
    }
  }

  /** What {@code handleRequest} does. */
  void serveOne(long limit) {
    server.beginRequests();
    long start = System.nanoTime();
    try {
      while (true) {
        long left = TimeLeft.of(limit, start);
        if (limits().awaitRoom(left, this::isClosed)
            && server.awaitRequest(TimeLeft.of(limit, start))) {
          turn.run();
          return;
        }
        if (closed || !server.isUsable()) {
          return;
        }
        if (left == 0) {
          timedOut();
          return;
        }
      }
    } catch (InterruptedIOException e) {
      LOGGER.debug("handleRequest was interrupted");
    } catch (IOException e) {
      if (!closed && server.isUsable()) {
        throw new UncheckedIOException(e);
      }
    } finally {
      server.releaseReadiness();
    }
  }

  /**
   * Goes on after an Error of the library's own, as when there is no memory for a turn. All that
   * may need memory, such as a text for the first time, is within the try.
   */
  private void endure(Error error) {
    if (turn.isThrownByHandleError(error)) {
      throw error;
    }
    try {
      failures.error("taking a request failed, and serving goes on", error);
      turn.backOff();
    } catch (Error again) {
      LockSupport.parkNanos(REST_NANOS);
    }
  }

  private ConnectionLimits limits() {
    return server.mixInState().limits;
  }

  private void actions() {
    limits().reportRefused();
    try {
      server.serviceActions();
    } catch (InterruptedException e) {
      // nobody but who wants the loop to end interrupts it there
      Thread.currentThread().interrupt();
    } catch (Throwable e) {
      failures.error("serviceActions failed, and serving goes on", e);
    }
  }

  private void timedOut() {
    try {
      server.handleTimeout();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new UndeclaredThrowableException(e, "handleTimeout failed");
    }
  }

  /** Lets the serving thread wait, unless it is to end; an interrupt ends that, too. */
  void pause(long nanos) {
    StackSpace.reserve();
    lock.lock();
    try {
      long left = nanos;
      while (left > 0 && !isToEnd()) {
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  // Beginning and ending

  private void begin() {
    server.checkOpen();
    StackSpace.reserve();
    lock.lock();
    try {
      if (thread != null) {
        throw new IllegalStateException(
            "serveForever is running already, on thread " + thread.getName());
      }
      thread = Thread.currentThread();
      ended = false;
    } finally {
      lock.unlock();
    }
    ThreadNames.serving(Thread.currentThread());
  }

  private void end() {
    server.mixInState().loopEnded();
    server.releaseReadiness();
    StackSpace.reserve();
    lock.lock();
    try {
      thread = null;
      endRequested = false;
      ended = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Has the loop end, or else the next one. */
  void requestEnd() {
    StackSpace.reserve();
    lock.lock();
    try {
      if (thread == Thread.currentThread()) {
        throw new IllegalStateException(
            "shutdown() on the thread that serves would wait for itself: call it on another"
                + " thread, such as new Thread(server::shutdown).start()");
      }
      endRequested = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until the loop has ended. */
  void awaitEnd() {
    lock.lock();
    try {
      // a server that is closed without ever having served will never end its loop
      while (!ended && !(closed && thread == null)) {
        changed.await();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  /** The server is closed: nobody serves from now on. */
  void close() {
    StackSpace.reserve();
    lock.lock();
    try {
      closed = true;
      // a loop that runs ends, even if the server has another socket before it looks
      endRequested |= thread != null;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The thread in the loop, or null. */
  Thread thread() {
    StackSpace.reserve();
    lock.lock();
    try {
      return thread;
    } finally {
      lock.unlock();
    }
  }

  /** The server, which was closed, may serve again. */
  void reopen() {
    closed = false;
  }

  /** How often serveForever has gone round, since there is this server. */
  long turns() {
    return turns;
  }

  boolean isClosed() {
    return closed;
  }

  /** Whether the loop has to end, or there is no need for one. */
  boolean isToEnd() {
    return endRequested || closed;
  }
}
