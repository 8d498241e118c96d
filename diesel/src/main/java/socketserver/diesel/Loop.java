package socketserver.diesel;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import socketserver.spi.StackSpace;

/**
 * A coroutine of an {@link Application} (Python: {@code diesel.Loop}). It has a thread of its own,
 * but only one loop of an application runs at a time: what it does between two waits nobody sees
 * half done. What waits is a function of {@link Diesel} that says so; a loop that computes, or
 * blocks in anything else, keeps all others waiting meanwhile.
 *
 * <p>It ends when its body returns or throws. What was thrown is logged, unless it is {@link
 * TerminateLoop}, {@link ParentDiedException} or {@link ConnectionClosed}: that a client hangs up
 * is no fault of the program's, and a line at DEBUG (Python logs it like any other exception). Then
 * its connection, if it is a service's, is closed, its children are told, and if {@link
 * #keepAlive()} it starts again half a second later.
 *
 * <p>The methods that tell something are for any thread; of a loop that another one runs they tell
 * what was so a moment ago.
 */
public final class Loop {
  private static final Logger LOGGER = LoggerFactory.getLogger(Loop.class);
  private static final Duration REST = Duration.ofMillis(500);
  private static final AtomicLong IDS = new AtomicLong();
  private static final AtomicReferenceFieldUpdater<Loop, Application> APPLICATION =
      AtomicReferenceFieldUpdater.newUpdater(Loop.class, Application.class, "application");
  private static final ThreadLocal<Loop> CURRENT = new ThreadLocal<>();

  private enum State {
    /** Not started, or ended. */
    IDLE,
    /** In the run queue for the first time in this life. */
    NEW,
    READY,
    RUNNING,
    WAITING,
    /** Ended, and about to be started again. */
    RESTING
  }

  private final long id = IDS.incrementAndGet();
  private final LoopBody body;

  private volatile String label;
  private volatile boolean keepAlive;
  private volatile boolean running;
  private volatile int deaths;

  /** Written by the baton's holder; the thread of this life. */
  private volatile Thread thread;

  /** Set by whoever hands the baton over, cleared by the thread that takes it. */
  private volatile boolean granted;

  /** Set when the loop is added, before its first life. */
  private volatile Application application;

  // Guarded by the baton

  private State state = State.IDLE;

  /** It has handed the baton on, and waits for it; else a turn of its is not to be given to it. */
  private boolean awaitsBaton;

  /** Null unless it waits. */
  private Wait wait;

  /** Null, or what the wait, or the next one, throws. */
  private Interruption interruption;

  private final Deque<Connection> connections = new ArrayDeque<>();
  private final Set<Loop> children = new LinkedHashSet<>();
  private volatile Loop parent;

  /**
   * Makes a loop, which runs once it is added to an application.
   *
   * @param body what it runs
   */
  public Loop(LoopBody body) {
    this.body = Objects.requireNonNull(body, "loop body is null");
    this.label = nameOf(body);
  }

  /** A lambda is called after the class that it is written in. */
  static String nameOf(Object callable) {
    String name = callable.getClass().getSimpleName();
    int lambda = name.indexOf("$$Lambda");
    if (lambda > 0) {
      return name.substring(0, lambda);
    }
    return name.isEmpty() ? callable.getClass().getName() : name;
  }

  /**
   * Returns its number.
   *
   * @return a number that no other loop of the process has
   */
  public long id() {
    return id;
  }

  /**
   * Returns what the log calls it.
   *
   * @return the label that {@link Diesel#label} set, or the name of the class of its body
   */
  public String label() {
    return label;
  }

  /**
   * Sets what the log calls it (Python: {@code loop.loop_label = ...}).
   *
   * @param value a text
   */
  public void label(String value) {
    label = Objects.requireNonNull(value, "label is null");
  }

  /**
   * Tells whether it starts again half a second after it has ended, for whatever reason but its
   * parent's end or the application's.
   *
   * @return false, unless set
   */
  public boolean keepAlive() {
    return keepAlive;
  }

  /**
   * Sets {@link #keepAlive()} (Python: {@code loop.keep_alive = ...}).
   *
   * @param value whether it starts again
   */
  public void keepAlive(boolean value) {
    keepAlive = value;
  }

  /**
   * Tells whether it has begun and not ended.
   *
   * @return true while its body runs or waits
   */
  public boolean running() {
    return running;
  }

  /**
   * Returns how many times it has ended.
   *
   * @return more than one only if it is kept alive
   */
  public int deaths() {
    return deaths;
  }

  /**
   * Returns the loop that made it with {@link Diesel#forkChild}.
   *
   * @return the parent; null if it has none, or has ended
   */
  public Loop parent() {
    return parent;
  }

  /**
   * Returns what it has made with {@link Diesel#forkChild} and has not ended. In a loop of the same
   * application.
   *
   * @return its children
   */
  public List<Loop> children() {
    return List.copyOf(children);
  }

  @Override
  public String toString() {
    return "<Loop id=" + id + " callable=" + label + ">";
  }

  // The current loop

  /**
   * Returns the loop that this code runs in (Python: {@code diesel.core.current_loop}).
   *
   * @return the loop
   * @throws IllegalStateException if this is not a loop's thread
   */
  public static Loop current() {
    // an overflow comes here, before anything that loops share is half done
    StackSpace.reserve();
    Loop loop = CURRENT.get();
    if (loop == null) {
      throw new IllegalStateException(
          "not in a loop: "
              + Thread.currentThread()
              + "; call it in a handler, or use forkFromThread");
    }
    return loop;
  }

  /** The loop of this thread, or null. */
  static Loop currentOrNull() {
    return CURRENT.get();
  }

  /**
   * Belongs to an application from now on. On any thread.
   *
   * @throws IllegalStateException if it belongs to one already
   */
  void join(Application to) {
    if (!APPLICATION.compareAndSet(this, null, to)) {
      throw new IllegalStateException(this + " has been added already");
    }
  }

  Application application() {
    return application;
  }

  Scheduler scheduler() {
    return application.scheduler();
  }

  /** Lets others run until a wait has ended. */
  void await(Wait what) {
    try {
      do {
        wait = what;
        state = what.isOver() ? State.READY : State.WAITING;
        awaitsBaton = true;
        scheduler().handOn();
        awaitBaton();
        // a turn that was left over from a wait which an Error ended is none of this one
      } while (!what.isOver());
    } finally {
      awaitsBaton = false;
      wait = null;
      state = State.RUNNING;
    }
    checkInterruption();
  }

  /** Throws what this loop is to be interrupted with, if anything. */
  void checkInterruption() {
    if (interruption == Interruption.APPLICATION_END) {
      throw new ApplicationEnd();
    }
    if (interruption == Interruption.PARENT_DIED) {
      interruption = null;
      throw new ParentDiedException();
    }
  }

  /** Nothing gets out of this before it has the baton: without that it must not run. */
  private void awaitBaton() {
    boolean interrupted = false;
    Error failure = null;
    while (!granted) {
      try {
        LockSupport.park(this);
      } catch (Error e) {
        failure = e;
      }
      // a loop is not ended by that, and would not park again
      interrupted |= Thread.interrupted();
    }
    granted = false;
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (failure != null) {
      throw failure;
    }
  }

  /** The connection that is read and written, below those that calls have put above it. */
  Deque<Connection> connections() {
    return connections;
  }

  void addChild(Loop child) {
    children.add(child);
    child.parent = this;
  }

  // By the baton's holder

  /** Its first life, in the application that it has joined. */
  void start() {
    state = State.NEW;
    scheduler().start(this);
  }

  boolean isNew() {
    return state == State.NEW;
  }

  void markReady() {
    if (state == State.WAITING) {
      state = State.READY;
    }
  }

  /** Ends its wait without an answer. */
  void interrupt(Interruption why) {
    if (interruption != Interruption.APPLICATION_END) {
      interruption = why;
    }
    if (state == State.WAITING) {
      wait.cancel();
      scheduler().ready(this);
    }
  }

  Thread thread() {
    return thread;
  }

  /**
   * Hands it the baton; its thread starts with the first of a life.
   *
   * @return false if it has no use for it: the system has no thread to give, and the loop has
   *     ended; or an Error has ended its wait
   */
  boolean grant(LoopThreads threads) {
    if (state == State.NEW) {
      return startLife(threads);
    }
    if (!awaitsBaton) {
      return false;
    }
    Thread taker = thread;
    awaitsBaton = false;
    granted = true;
    if (taker != Thread.currentThread()) {
      wake(taker);
    }
    return true;
  }

  /** It has the baton, and nobody else would ever wake it. */
  private static void wake(Thread taker) {
    while (true) {
      try {
        LockSupport.unpark(taker);
        return;
      } catch (OutOfMemoryError e) {
        // a virtual thread is woken by a task, which takes memory
        Thread.yield();
      }
    }
  }

  private boolean startLife(LoopThreads threads) {
    try {
      Thread made = threads.unstarted(this::live);
      made.setName("diesel-" + id);
      thread = made;
      made.start();
      return true;
    } catch (Error e) {
      tryReport(() -> LOGGER.error("{} cannot start", this, e));
      die(false);
      return false;
    }
  }

  /** A life, on a thread of its own. Whatever ends it, the baton is handed on. */
  private void live() {
    boolean parentDied = false;
    try {
      CURRENT.set(this);
      state = State.RUNNING;
      running = true;
      parentDied = runBody();
    } finally {
      try {
        die(parentDied);
      } finally {
        CURRENT.remove();
        scheduler().handOn();
      }
    }
  }

  /** Runs the body; true if its parent's end has ended it. */
  private boolean runBody() {
    try {
      body.run();
    } catch (ParentDiedException e) {
      return true;
    } catch (ConnectionClosed e) {
      // clients come and go
      tryReport(() -> LOGGER.debug("{} has ended with its connection: {}", this, e.getMessage()));
    } catch (TerminateLoop e) {
      tryReport(() -> LOGGER.debug("{} has ended: {}", this, e.getMessage()));
    } catch (Throwable e) {
      tryReport(() -> LOGGER.error("-- Unhandled Exception in local loop <{}> --", label, e));
    }
    return false;
  }

  /** There may be no memory for the log: a loop ends all the same. */
  private static void tryReport(Runnable report) {
    try {
      report.run();
    } catch (Error e) {
      // nobody can be told
    }
  }

  private void die(boolean parentDied) {
    while (!connections.isEmpty()) {
      Connection connection = connections.pop();
      tryReport(connection::close);
    }
    deaths++;
    running = false;
    thread = null;
    interruption = null;
    state = State.IDLE;
    scheduler().ended(this);
    for (Loop child : List.copyOf(children)) {
      child.parentDied();
    }
    if (keepAlive && !parentDied && !scheduler().halted()) {
      LOGGER.warn("(Keep-Alive loop {} died; restarting)", this);
      state = State.RESTING;
      scheduler().timers().after(REST, this::restart);
    } else {
      leaveParent();
    }
  }

  private void parentDied() {
    if (state == State.RESTING) {
      state = State.IDLE;
      leaveParent();
    } else if (running) {
      interrupt(Interruption.PARENT_DIED);
    }
  }

  private void leaveParent() {
    if (parent != null) {
      parent.children.remove(this);
      parent = null;
    }
  }

  private void restart() {
    if (state == State.RESTING) {
      state = State.NEW;
      scheduler().start(this);
    }
  }
}
