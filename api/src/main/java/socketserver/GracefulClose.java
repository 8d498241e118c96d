package socketserver;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One {@code serverClose(grace)}. Two threads of its own do the work: the closer calls {@code
 * serverClose()}, which waits for requests; the cutter looks every few milliseconds at what still
 * runs, and cuts it when the time is over, so that the closer's wait ends. Who has called waits for
 * both, but no longer than he must: whatever a handler does, or an override of {@code
 * serverClose()}, holds up one of the two at most.
 */
final class GracefulClose {
  private static final Logger LOGGER = LoggerFactory.getLogger(BaseServer.class);

  /** How long it is at most from one look to the next. */
  private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  /** How many turns it is until the stacks of threads are looked at again, which takes time. */
  private static final int STACK_TURNS = 10;

  /** How long a step of cutting may take to have an effect. */
  private static final long STEP_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** The same for a process. */
  private static final long PROCESS_NANOS = TimeUnit.SECONDS.toNanos(2);

  /** How long cutting may take: its steps, and some time for a busy machine. */
  private static final long CUT_NANOS = 2 * (2 * STEP_NANOS + 2 * PROCESS_NANOS);

  /** How long closing may take when nothing runs any more. */
  private static final long CLOSE_NANOS = TimeUnit.SECONDS.toNanos(3);

  private final BaseServer<?> server;
  private final RunningRequests running;
  private final Thread caller = Thread.currentThread();
  private final long start = System.nanoTime();
  private final Thread closer;

  /** Whether threads may be in System.exit, from which they do not come back. */
  private final boolean exiting = ExitClosing.isExiting();

  // Of the cutter

  /** Those whose threads are in System.exit. */
  private final Set<RequestTask> exits = Collections.newSetFromMap(new IdentityHashMap<>());

  private final Set<RequestTask> cut = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Set<RequestTask> interrupted = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Set<RunningRequest> ended = new HashSet<>();
  private final Set<RunningRequest> killed = new HashSet<>();
  private int turn;

  // Of the caller

  private boolean wasInterrupted;

  // Between them

  /** Written by the cutter. */
  private volatile int count;

  /** Written by the closer before it ends: what serverClose() has thrown, or null. */
  private volatile Throwable failure;

  GracefulClose(BaseServer<?> server) {
    this.server = server;
    this.running = server.stopping().running();
    this.closer = thread(this::close, "socketserver-close");
  }

  private static Thread thread(Runnable work, String name) {
    Thread thread = new Thread(null, work, name, 0, false);
    thread.setDaemon(true);
    return thread;
  }

  static void check(Duration grace) {
    if (grace == null || grace.isNegative()) {
      throw new IllegalArgumentException(
          "grace period must not be null or negative: " + grace + "; zero cuts at once");
    }
  }

  /** Closes the server; returns how many requests were cut. */
  int run(Duration grace) {
    check(grace);
    // at once, whatever an override of serverClose() does before
    server.markClosed();
    if (running.includeThisThread()) {
      server.closeSocket();
      throw new IllegalStateException(
          "serverClose(grace) in a handler would wait for the handler: call it on another thread,"
              + " such as new Thread(() -> server.serverClose(grace)).start()");
    }
    long nanos = BaseSocket.nanos(grace);
    Thread cutter = thread(() -> cut(nanos), "socketserver-cut");
    running.beginGrace();
    try {
      boolean closes = start(closer);
      if (start(cutter)) {
        awaitEnd(cutter, nanos + CUT_NANOS);
      } else {
        cut(nanos);
      }
      running.giveUp();
      if (closes) {
        awaitEnd(closer, CLOSE_NANOS);
      } else {
        close();
      }
    } finally {
      running.endGrace();
      if (wasInterrupted) {
        Thread.currentThread().interrupt();
      }
    }
    return outcome();
  }

  private static boolean start(Thread thread) {
    try {
      thread.start();
      return true;
    } catch (OutOfMemoryError e) {
      // no thread to be had: this one does it, step by step
      return false;
    }
  }

  /** Waits for a thread, which an interrupt of this one has go on to its next step. */
  private void awaitEnd(Thread thread, long nanos) {
    long begun = System.nanoTime();
    long left = nanos;
    while (thread.isAlive() && left > 0) {
      try {
        thread.join(Math.max(TimeUnit.NANOSECONDS.toMillis(left), 1));
      } catch (InterruptedException e) {
        wasInterrupted = true;
        thread.interrupt();
      }
      left = nanos - (System.nanoTime() - begun);
    }
  }

  private void close() {
    try {
      server.serverClose();
    } catch (Throwable e) {
      failure = e;
    }
  }

  private int outcome() {
    if (closer.isAlive()) {
      LOGGER.warn("serverClose() of {} still waits, and is left to itself", server);
    } else if (failure instanceof RuntimeException e) {
      throw e;
    } else if (failure instanceof Error e) {
      throw e;
    }
    return count;
  }

  // What the cutter does

  private void cut(long graceNanos) {
    if (await(graceNanos, this::endIdle, () -> noneRuns() && noneIsForked())) {
      return;
    }
    if (!await(STEP_NANOS, this::cutConnections, this::noneRuns)) {
      await(STEP_NANOS, this::interrupt, this::noneRuns);
    }
    if (!noneIsForked() && !await(PROCESS_NANOS, this::endChildren, this::noneIsForked)) {
      await(PROCESS_NANOS, this::killChildren, this::noneIsForked);
    }
    for (RequestTask task : inThreads()) {
      LOGGER.warn("{} goes on after it was interrupted", new InThread(task));
    }
  }

  /** Waits until something is so; false if the time is over, or the thread is interrupted. */
  private boolean await(long nanos, Runnable action, BooleanSupplier done) {
    long begun = System.nanoTime();
    try {
      while (true) {
        if (exiting && turn++ % STACK_TURNS == 0) {
          findExits();
        }
        action.run();
        if (done.getAsBoolean()) {
          return true;
        }
        long left = nanos - (System.nanoTime() - begun);
        if (left <= 0) {
          return false;
        }
        running.awaitEnd(Math.min(left, TURN_NANOS));
      }
    } catch (InterruptedException e) {
      return false;
    }
  }

  private void findExits() {
    for (RequestTask task : running.all()) {
      StreamSocket connection = task.connection();
      boolean elsewhere = connection != null && connection.waitingNanos() > 0;
      if (!elsewhere && !exits.contains(task) && ExitClosing.isInExit(task.thread())) {
        exits.add(task);
      }
    }
  }

  private List<RequestTask> inThreads() {
    List<RequestTask> tasks = new ArrayList<>(running.all());
    tasks.removeAll(exits);
    return tasks;
  }

  /** Whether nothing runs in this process, and the serving thread will start nothing. */
  private boolean noneRuns() {
    return exits.containsAll(running.all()) && !isServed();
  }

  /**
   * Whether there is a thread in the loop that may have a request at hand which has not begun. One
   * that stays in getRequest(), as that of a server without a socket may for ever, has none.
   */
  private boolean isServed() {
    Thread serving = server.loop().thread();
    boolean waits = server.turn().isTaking() && System.nanoTime() - start > STEP_NANOS;
    return serving != null
        && serving != caller
        && !waits
        && !(exiting && ExitClosing.isInExit(serving));
  }

  private boolean noneIsForked() {
    return server.stopping().inChildren().isEmpty();
  }

  private void endIdle() {
    if (server.endIdleOnClose()) {
      for (RequestTask task : running.all()) {
        StreamSocket connection = task.connection();
        if (connection != null) {
          connection.endIfIdle();
        }
      }
    }
  }

  private void cutConnections() {
    for (RequestTask task : inThreads()) {
      if (cut.add(task)) {
        count = cut.size() + ended.size();
        task.cut();
      }
    }
  }

  private void interrupt() {
    cutConnections();
    for (RequestTask task : inThreads()) {
      if (interrupted.add(task)) {
        running.interrupt(task);
      }
    }
  }

  private void endChildren() {
    for (RunningRequest request : server.stopping().inChildren()) {
      if (ended.add(request)) {
        count = cut.size() + ended.size();
        request.close();
      }
    }
  }

  private void killChildren() {
    endChildren();
    for (RunningRequest request : server.stopping().inChildren()) {
      if (killed.add(request)) {
        request.abort();
      }
    }
  }
}
