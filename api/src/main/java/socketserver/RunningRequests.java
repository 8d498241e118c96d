package socketserver;

import java.io.InterruptedIOException;
import java.lang.invoke.VarHandle;
import java.net.SocketAddress;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import socketserver.spi.StackSpace;

/**
 * The requests of a server that have begun and not ended, in this process: from when they are
 * dispatched until their handler's run has ended, they are refused, or handed to a child. On any
 * thread. A request costs an insertion and a removal in each of two maps; the lock is for those who
 * wait for an end, and who interrupt.
 */
final class RunningRequests {
  private final BaseServer<?> server;
  private final Set<RequestTask> running = ConcurrentHashMap.newKeySet();

  /** What a thread has been handed to run, until {@link #beginHere} asks about it. */
  private final Map<Thread, RequestTask> handed = new ConcurrentHashMap<>();

  /** Guards interrupts, and who waits; no handler runs with it. */
  private final ReentrantLock lock = new ReentrantLock();

  /** Signalled when a request has ended, or is given up. */
  private final Condition changed = lock.newCondition();

  /** Guarded by lock for writing: how many threads wait for an end. */
  private volatile int waiting;

  /** Guarded by lock: how many close the server and let requests end by themselves. */
  private int closers;

  /** Set with the lock held, for good: some thread may be interrupted at any time. */
  private volatile boolean interrupting;

  RunningRequests(BaseServer<?> server) {
    this.server = server;
  }

  void begin(RequestTask task) {
    running.add(task);
    boolean begun = false;
    try {
      server.mixInState().limits.begun(task);
      begun = true;
    } finally {
      if (!begun) {
        end(task);
      }
    }
  }

  /** This thread runs a request that was dispatched, and so has begun. */
  void hand(RequestTask task) {
    handed.put(Thread.currentThread(), task);
  }

  /** Forgets what this thread was handed, if it did not come to {@link #beginHere}. */
  void takeBack(RequestTask task) {
    handed.remove(Thread.currentThread(), task);
  }

  /**
   * Begins a request that this thread is about to run.
   *
   * @return the request; null if it was dispatched, and so has begun already
   */
  <R> RequestTask beginHere(BaseServer<R> server, R request, SocketAddress client) {
    RequestTask dispatched = handed.remove(Thread.currentThread());
    if (dispatched != null && dispatched.request() == request) {
      return null;
    }
    RequestTask task = new RequestTask(server, request, client);
    task.thread(Thread.currentThread());
    begin(task);
    return task;
  }

  /** A request has ended. On the thread that has run it, if one has. */
  void end(RequestTask task) {
    task.thread(null);
    try {
      running.remove(task);
      server.mixInState().limits.ended(task);
    } finally {
      // who begins to wait, or to interrupt, says so and then looks
      VarHandle.fullFence();
      if (interrupting) {
        forgetInterrupt(task);
      }
      if (waiting > 0) {
        wake();
      }
    }
  }

  boolean contains(RequestTask task) {
    return running.contains(task);
  }

  /** Those that run: a view, which changes as they do. */
  Set<RequestTask> all() {
    return running;
  }

  /** Whether the calling thread runs one of them. */
  boolean includeThisThread() {
    Thread current = Thread.currentThread();
    return running.stream().anyMatch(task -> task.thread() == current);
  }

  // Waiting

  /**
   * Waits until the requests that are to be waited for have ended.
   *
   * @throws IllegalStateException if one of them is what calls
   */
  void join() {
    StackSpace.reserve();
    lock.lock();
    try {
      waiting++;
      VarHandle.fullFence();
      Thread current = Thread.currentThread();
      if (running.stream().anyMatch(task -> task.isJoined() && task.thread() == current)) {
        throw new IllegalStateException(
            "cannot join current thread: serverClose() in a handler would wait for the handler;"
                + " call it on another thread, or set blockOnClose(false)");
      }
      while (running.stream().anyMatch(RequestTask::isJoined)) {
        changed.await();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      waiting--;
      lock.unlock();
    }
  }

  /** Somebody closes the server, and gives requests time to end by themselves. */
  void beginGrace() {
    StackSpace.reserve();
    lock.lock();
    try {
      closers++;
    } finally {
      lock.unlock();
    }
  }

  /** Nobody waits any longer for those that still run. */
  void giveUp() {
    running.forEach(task -> task.giveUp());
    wake();
  }

  void endGrace() {
    StackSpace.reserve();
    lock.lock();
    try {
      closers--;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** While somebody gives them time, waits until they have ended or are given up. */
  void awaitGrace() {
    StackSpace.reserve();
    lock.lock();
    try {
      waiting++;
      VarHandle.fullFence();
      Thread current = Thread.currentThread();
      while (closers > 0
          && running.stream().anyMatch(task -> !task.isGivenUp() && task.thread() != current)) {
        changed.await();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      waiting--;
      lock.unlock();
    }
  }

  /** Waits until one of them ends, for so long at most. */
  void awaitEnd(long nanos) throws InterruptedException {
    StackSpace.reserve();
    lock.lock();
    try {
      waiting++;
      changed.awaitNanos(nanos);
    } finally {
      waiting--;
      lock.unlock();
    }
  }

  /**
   * Waits until something is so that the end of a request can bring about.
   *
   * @param nanos how long to wait; negative without a limit
   * @param ends whether nothing is to be waited for any longer
   * @return false if the time is over, or nothing is to be waited for
   * @throws InterruptedIOException if the thread is interrupted; its flag stays set
   */
  boolean await(BooleanSupplier isSo, long nanos, BooleanSupplier ends)
      throws InterruptedIOException {
    StackSpace.reserve();
    lock.lock();
    try {
      waiting++;
      VarHandle.fullFence();
      long left = nanos;
      while (!isSo.getAsBoolean()) {
        if (left == 0 || ends.getAsBoolean()) {
          return false;
        }
        if (nanos < 0) {
          changed.await();
        } else {
          left = Math.max(changed.awaitNanos(left), 0);
        }
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    } finally {
      waiting--;
      lock.unlock();
    }
  }

  /** Has those that wait look again. */
  void wake() {
    StackSpace.reserve();
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  // Interrupting

  /** Interrupts the thread of a request, unless that has ended. */
  void interrupt(RequestTask task) {
    StackSpace.reserve();
    lock.lock();
    try {
      interrupting = true;
      VarHandle.fullFence();
      Thread thread = task.thread();
      if (thread != null) {
        task.interrupted = true;
        thread.interrupt();
      }
    } finally {
      lock.unlock();
    }
  }

  /** An interrupt that was meant for the request must not meet what the thread does next. */
  private void forgetInterrupt(RequestTask task) {
    boolean interrupted;
    StackSpace.reserve();
    lock.lock();
    try {
      interrupted = task.interrupted;
      task.interrupted = false;
    } finally {
      lock.unlock();
    }
    if (interrupted) {
      Thread.interrupted();
    }
  }
}
