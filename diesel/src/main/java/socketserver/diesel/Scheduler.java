package socketserver.diesel;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets one loop run at a time. There is one baton, and whoever holds it may touch what says
 * "guarded by the baton": the loop that runs, or, for a moment, the event loop or another thread
 * that found the baton lying. Each loop has a thread; one that waits or ends hands the baton to the
 * next that is ready, and lays it down if none is.
 *
 * <p>What other threads bring (bytes, the time, results) they put into the inbox. If the baton lies
 * they take it and look through the inbox themselves; else whoever hands it on next does. So
 * nothing here waits for anything but a loop for its turn.
 *
 * <p>A baton is handed over by a flag and a wake-up ({@link Loop#grant}), never by a call: stacks
 * do not grow, however often loops wake one another.
 */
final class Scheduler {
  private static final Logger LOGGER = LoggerFactory.getLogger(Scheduler.class);

  /** The baton: whether somebody holds it. At first whoever has made this. */
  private final AtomicBoolean held = new AtomicBoolean(true);

  /** What is to be done with the baton in hand. Any thread adds, the baton's holder takes. */
  private final Queue<Runnable> inbox = new ConcurrentLinkedQueue<>();

  private final LoopThreads threads;
  private final CountDownLatch ended = new CountDownLatch(1);

  /** Guarded by the baton, as is what is in it. */
  private final Timers timers;

  /** Guarded by the baton, as is what is in it. */
  private final WaitPool waits = new WaitPool();

  /** Guarded by the baton: the loops whose turn comes, in that order. */
  private final Queue<Loop> ready = new ArrayDeque<>();

  /** Guarded by the baton: the loops that live. */
  private final Set<Loop> loops = new LinkedHashSet<>();

  /** Guarded by the baton: connections to which something was sent in this turn. */
  private List<Connection> unsent = new ArrayList<>();

  /** Guarded by the baton: the keys on which loops are synchronized; see {@link KeyLock}. */
  private final Set<Object> lockedKeys = new HashSet<>();

  /** Written by the baton's holder: the loop that holds it, or null. */
  private volatile Loop turn;

  /** Guarded by the baton: no loop starts any more. */
  private boolean halted;

  Scheduler(ScheduledExecutorService eventLoop, LoopThreads threads) {
    this.threads = threads;
    this.timers = new Timers(eventLoop, this);
  }

  // By any thread

  /** Has something done with the baton in hand: at once if it lies, else at the next hand-over. */
  void post(Runnable task) {
    inbox.add(task);
    if (held.compareAndSet(false, true)) {
      handOn();
    }
  }

  /** Opens when the application has halted and its last loop has ended. */
  CountDownLatch ended() {
    return ended;
  }

  /** The loop that runs, or null. */
  Loop turn() {
    return turn;
  }

  // By the baton's holder

  Timers timers() {
    return timers;
  }

  WaitPool waits() {
    return waits;
  }

  Set<Object> lockedKeys() {
    return lockedKeys;
  }

  boolean halted() {
    return halted;
  }

  /** A new life of a loop: it runs when its turn comes. */
  void start(Loop loop) {
    if (!halted) {
      loops.add(loop);
      ready.add(loop);
    }
  }

  /** A loop's wait has ended: it runs when its turn comes. */
  void ready(Loop loop) {
    loop.markReady();
    ready.add(loop);
  }

  /** What was sent to a connection leaves at the end of this turn. */
  void unsent(Connection connection) {
    unsent.add(connection);
  }

  /** Ends all loops: those that wait are woken to end, those that never ran never will. */
  void halt() {
    if (halted) {
      return;
    }
    halted = true;
    ready.removeIf(loop -> loop.isNew() && loops.remove(loop));
    for (Loop loop : List.copyOf(loops)) {
      loop.interrupt(Interruption.APPLICATION_END);
    }
  }

  /** The threads of the loops that live. */
  List<Thread> threads() {
    return loops.stream().map(Loop::thread).filter(thread -> thread != null).toList();
  }

  /** A life of a loop is over. The caller hands the baton on. */
  void ended(Loop loop) {
    loops.remove(loop);
  }

  /** Gives the baton to the loop whose turn it is; lays it down if there is none. */
  void handOn() {
    do {
      for (Loop next = next(); next != null; next = next()) {
        turn = next;
        if (next.grant(threads)) {
          return;
        }
      }
      turn = null;
      if (halted && loops.isEmpty()) {
        ended.countDown();
      }
      held.set(false);
      // what came in meanwhile found the baton held
    } while (!inbox.isEmpty() && held.compareAndSet(false, true));
  }

  /** The loop whose turn it is; null if none is ready. */
  private Loop next() {
    send();
    for (Runnable task = inbox.poll(); task != null; task = inbox.poll()) {
      attempt(task);
    }
    return ready.poll();
  }

  private void send() {
    if (!unsent.isEmpty()) {
      List<Connection> connections = unsent;
      unsent = new ArrayList<>();
      connections.forEach(connection -> attempt(connection::flush));
    }
  }

  /** Does something; whatever happens, the baton must be handed on. */
  private static void attempt(Runnable task) {
    try {
      task.run();
    } catch (Throwable e) {
      try {
        LOGGER.error("an event was not dealt with", e);
      } catch (Throwable again) {
        // out of memory for the log, too
      }
    }
  }
}
