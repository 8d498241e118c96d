package socketserver;

import java.lang.management.ClassLoadingMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Names handlers that keep an event loop for too long. A thread looks at the loops while they run
 * handlers; while all of them wait it sleeps, and it ends when the server has no use for it.
 */
final class LoopWatch {
  /** Seen so many times in one turn, the turn has taken as long as two intervals at least. */
  private static final int LOOKS = 3;

  /** An override could return less, and the watcher would be busy looking. */
  private static final Duration SHORTEST = Duration.ofMillis(1);

  /** In how many frames the JVM lets a virtual thread wait. */
  private static final int DEEPEST_PARK = 8;

  private static final Set<String> PARKING =
      Set.of("java.lang.VirtualThread", "jdk.internal.vm.Continuation");

  private static final Logger LOGGER = LoggerFactory.getLogger(EventLoopMixIn.class);

  private final long intervalNanos;
  private final Duration slow;

  /** Used by the watcher: how many classes the JVM had loaded at the last look. */
  private long loadedClasses;

  private final List<WatchedLoop> loops = new CopyOnWriteArrayList<>();

  /** The thread that looks, or null. Who sets it starts it: an event loop takes no lock here. */
  private final AtomicReference<Thread> watcher = new AtomicReference<>();

  /** The watcher sleeps until a turn begins. */
  private volatile boolean asleep = true;

  /** The server has no use for the watcher until its next request. */
  private volatile boolean released;

  LoopWatch(Duration slow) {
    this.slow = slow.compareTo(SHORTEST) < 0 ? SHORTEST : slow;
    this.intervalNanos = BaseSocket.nanos(this.slow) / (LOOKS - 1);
  }

  void add(WatchedLoop loop) {
    loops.add(loop);
  }

  /** A handler takes its turn. On an event loop: quick when the watcher looks already. */
  void turnBegins() {
    if (asleep && !released) {
      wake();
    }
  }

  private void wake() {
    asleep = false;
    Thread present = watcher.get();
    if (present != null) {
      LockSupport.unpark(present);
      return;
    }
    Thread thread = new Thread(null, this::watch, "socketserver-watch", 0, false);
    thread.setDaemon(true);
    if (watcher.compareAndSet(null, thread)) {
      start(thread);
    }
  }

  private void start(Thread thread) {
    try {
      thread.start();
    } catch (OutOfMemoryError e) {
      // the system gives no more threads: handlers run all the same, and the next turn tries
      watcher.set(null);
      asleep = true;
    }
  }

  /** A request comes: from now on the watcher stays for those to come. */
  void retain() {
    released = false;
  }

  /** Ends the watcher: what outlives the server's loop, or the server, goes unwatched. */
  void release() {
    released = true;
    LockSupport.unpark(watcher.get());
  }

  private void watch() {
    do {
      do {
        rest();
      } while (!released && tryLook());
      asleep = true;
      // a turn that began before it could see that the watcher sleeps
      if (!released && tryLook()) {
        asleep = false;
      }
      while (asleep && !released) {
        LockSupport.park(this);
      }
    } while (!leave());
  }

  /** Not at all if it was released before this thread had started, and could be woken. */
  private void rest() {
    if (!released) {
      LockSupport.parkNanos(this, intervalNanos);
    }
  }

  private boolean leave() {
    if (!released) {
      return false;
    }
    watcher.set(null);
    asleep = true;
    // a turn that began before it could see that the watcher leaves
    return released || !isBusy() || !watcher.compareAndSet(null, Thread.currentThread());
  }

  private boolean isBusy() {
    for (WatchedLoop loop : loops) {
      if (loop.thread() != null) {
        return true;
      }
    }
    return false;
  }

  /** As look; the watcher goes on if there is no memory even for that. */
  private boolean tryLook() {
    try {
      return look();
    } catch (OutOfMemoryError e) {
      return true;
    }
  }

  /** Looks at all loops; false if all of them wait and have waited since the last look. */
  private boolean look() {
    // whoever is the first to need classes waits for them, and will not do so again
    long loaded = Classes.BEAN.getTotalLoadedClassCount();
    boolean counts = loaded == loadedClasses;
    loadedClasses = loaded;
    boolean busy = false;
    for (WatchedLoop loop : loops) {
      int before = loop.seenTimes();
      int times = loop.look(counts);
      busy |= times > 0;
      if (times == LOOKS && before < LOOKS) {
        tryReport(loop.thread());
      }
    }
    return busy;
  }

  /** Made by the watcher, as it takes a while. */
  private static final class Classes {
    static final ClassLoadingMXBean BEAN = ManagementFactory.getClassLoadingMXBean();
  }

  /** The watcher goes on if there is no memory for a stack trace or the log. */
  private void tryReport(Thread thread) {
    try {
      report(thread);
    } catch (OutOfMemoryError e) {
      // the next turn that is too long may be reported
    }
  }

  private void report(Thread thread) {
    if (thread == null) {
      return;
    }
    StackTraceElement[] stack = thread.getStackTrace();
    if (waits(stack) || initializesClass(stack)) {
      return;
    }
    Throwable trace = new Throwable("stack of " + thread.getName());
    trace.setStackTrace(stack);
    StackTraceElement handler = handler(stack);
    String name =
        handler == null ? "a handler" : handler.getClassName() + "." + handler.getMethodName();
    LOGGER.warn(
        "{} has kept its event loop for {} ms, {}and every connection of the loop waits: let it"
            + " compute in another thread; its next turn is with the JVM's scheduler",
        name,
        slow.toMillis(),
        handler == null ? "" : "in " + innermost(handler.getClassName(), stack) + ", ",
        trace);
  }

  /** Whether its turn has just ended. */
  private static boolean waits(StackTraceElement[] stack) {
    return stack.length == 0
        || Arrays.stream(stack).limit(DEEPEST_PARK).anyMatch(frame -> isOf(frame, PARKING));
  }

  /** Whether it does what only the first has to do. */
  private static boolean initializesClass(StackTraceElement[] stack) {
    return Arrays.stream(stack).anyMatch(frame -> frame.getMethodName().equals("<clinit>"));
  }

  private static boolean isOf(StackTraceElement frame, Set<String> classes) {
    return classes.contains(frame.getClassName());
  }

  /** The handle (or setup, or finish) that is at work, or null. */
  private static StackTraceElement handler(StackTraceElement[] stack) {
    String run = BaseRequestHandler.class.getName();
    for (int i = 1; i < stack.length; i++) {
      if (stack[i].getClassName().equals(run) && stack[i].getMethodName().equals("run")) {
        return stack[i - 1];
      }
    }
    return null;
  }

  /** Where in its own code a handler is. */
  private static StackTraceElement innermost(String handler, StackTraceElement[] stack) {
    return Arrays.stream(stack)
        .filter(frame -> frame.getClassName().equals(handler))
        .findFirst()
        .orElseThrow();
  }
}
