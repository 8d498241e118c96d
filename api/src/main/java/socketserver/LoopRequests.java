package socketserver;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import socketserver.spi.VirtualThreads;

/** A virtual thread for each request, which the event loop of the request's socket runs. */
final class LoopRequests implements RequestRunner {
  private static final Logger LOGGER = LoggerFactory.getLogger(LoopRequests.class);
  private static final AtomicBoolean WARNED = new AtomicBoolean();

  private final ProcessHold hold = new ProcessHold();

  /** Names those that keep a loop; null if nothing does. */
  private final LoopWatch watch;

  /** Whether all requests are taken, or those alone that have a connection, and so a loop each. */
  private final boolean takesAll;

  private final TurnLengths firstTurns = new TurnLengths(false);

  /** The loops that have run a request of this server. */
  private final Map<Executor, WatchedLoop> loops = new ConcurrentHashMap<>();

  private LoopRequests(LoopWatch watch, boolean takesAll) {
    this.watch = watch;
    this.takesAll = takesAll;
  }

  /** All requests; handlers that keep their loop for so long are named in the log. */
  static LoopRequests watched(Duration slow) {
    return new LoopRequests(new LoopWatch(slow), true);
  }

  /** Those of connections; the others' virtual threads are the JVM's to run. */
  static LoopRequests ofConnections() {
    return new LoopRequests(null, false);
  }

  @Override
  public void run(Runnable request, RequestTask task, boolean daemon) {
    boolean takes = VirtualThreads.schedulable() && (takesAll || task.hasConnection());
    Executor loop = takes ? task.eventLoop() : null;
    if (loop == null) {
      warn();
      hold.start(VirtualThreads::unstarted, request, daemon);
    } else {
      WatchedLoop watched = loops.computeIfAbsent(loop, key -> WatchedLoop.of(key, watch));
      watched.retain();
      hold.start(new LoopTurns(watched, firstTurns)::unstarted, request, daemon);
    }
  }

  private static void warn() {
    String why = VirtualThreads.whyNotSchedulable();
    if (why != null && WARNED.compareAndSet(false, true)) {
      LOGGER.warn("handlers run in virtual threads, but not on their event loops: {}", why);
    }
  }

  @Override
  public void releaseIdle() {
    hold.releaseIdle();
    if (watch != null) {
      watch.release();
    }
  }
}
