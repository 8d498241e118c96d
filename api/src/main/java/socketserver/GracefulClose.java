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
 * One {@code serverClose(grace)}: has the server closed by a thread of its own, gives requests the
 * time that they may take, and then cuts them step by step. For one thread, which looks every few
 * milliseconds at what still runs; nothing that it does waits for a handler.
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

  /** How long closing may take when nothing runs any more. */
  private static final long CLOSE_NANOS = TimeUnit.SECONDS.toNanos(3);

  private final BaseServer<?> server;
  private final RunningRequests running;
  private final Thread closer;

  /** Whether threads may be in System.exit, from which they do not come back. */
  private final boolean exiting = ExitClosing.isExiting();

  /** Those whose threads are. */
  private final Set<RequestTask> exits = Collections.newSetFromMap(new IdentityHashMap<>());

  private final Set<RequestTask> cut = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Set<RequestTask> interrupted = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Set<RunningRequest> ended = new HashSet<>();
  private final Set<RunningRequest> killed = new HashSet<>();
  private int turn;

  /** The calling thread was interrupted: it goes on to the next step. */
  private boolean wasInterrupted;

  /** Written by the closer before it ends: what serverClose() has thrown, or null. */
  private Throwable failure;

  GracefulClose(BaseServer<?> server) {
    this.server = server;
    this.running = server.stopping().running();
    this.closer = new Thread(null, this::close, "socketserver-close", 0, false);
    closer.setDaemon(true);
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
    if (running.includeThisThread()) {
      server.markClosed();
      server.closeSocket();
      throw new IllegalStateException(
          "serverClose(grace) in a handler would wait for the handler: call it on another thread,"
              + " such as new Thread(() -> server.serverClose(grace)).start()");
    }
    // at once, whatever an override of serverClose() does before
    server.markClosed();
    running.beginGrace();
    boolean inThread = startCloser();
    try {
      if (!await(BaseSocket.nanos(grace), this::endIdle, () -> noneRuns() && noneIsForked())) {
        cutAll();
      }
    } finally {
      running.giveUp();
    }
    if (!inThread) {
      close();
    } else {
      await(CLOSE_NANOS, () -> {}, () -> !closer.isAlive());
    }
    if (wasInterrupted) {
      Thread.currentThread().interrupt();
    }
    return outcome();
  }

  private boolean startCloser() {
    try {
      closer.start();
      return true;
    } catch (OutOfMemoryError e) {
      // no thread to be had: then when nothing is left that it would wait for
      return false;
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
    return cut.size() + ended.size();
  }

  // Waiting

  /** Waits until something is so; false if the time is over, or the thread is interrupted. */
  private boolean await(long nanos, Runnable action, BooleanSupplier done) {
    long start = System.nanoTime();
    try {
      while (true) {
        if (exiting && turn++ % STACK_TURNS == 0) {
          findExits();
        }
        action.run();
        if (done.getAsBoolean()) {
          return true;
        }
        long left = nanos - (System.nanoTime() - start);
        if (left <= 0) {
          return false;
        }
        running.awaitEnd(Math.min(left, TURN_NANOS));
      }
    } catch (InterruptedException e) {
      wasInterrupted = true;
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

  /** Whether there is a thread in the loop that may come to its end. */
  private boolean isServed() {
    Thread serving = server.loop().thread();
    return serving != null
        && serving != Thread.currentThread()
        && !(exiting && ExitClosing.isInExit(serving));
  }

  private boolean noneIsForked() {
    return server.stopping().inChildren().isEmpty();
  }

  // Ending

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

  private void cutAll() {
    if (!await(STEP_NANOS, this::cutConnections, this::noneRuns)) {
      await(STEP_NANOS, this::interrupt, this::noneRuns);
    }
    if (!noneIsForked() && !await(PROCESS_NANOS, this::endChildren, this::noneIsForked)) {
      await(PROCESS_NANOS, this::killChildren, this::noneIsForked);
    }
    report();
  }

  private void cutConnections() {
    for (RequestTask task : inThreads()) {
      if (cut.add(task)) {
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

  private void report() {
    for (RequestTask task : inThreads()) {
      LOGGER.warn("{} goes on after it was interrupted", new InThread(task));
    }
  }
}
