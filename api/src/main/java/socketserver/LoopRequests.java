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
  private final LoopWatch watch;
  private final TurnLengths firstTurns = new TurnLengths(false);

  /** The loops that have run a request of this server. */
  private final Map<Executor, WatchedLoop> loops = new ConcurrentHashMap<>();

  LoopRequests(Duration slow) {
    this.watch = new LoopWatch(slow);
  }

  @Override
  public void run(Runnable request, RequestTask task, boolean daemon) {
    Executor loop = VirtualThreads.schedulable() ? task.eventLoop() : null;
    if (loop == null) {
      warn();
      hold.start(VirtualThreads::unstarted, request, daemon);
    } else {
      watch.retain();
      WatchedLoop watched = loops.computeIfAbsent(loop, key -> watch.add(key));
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
    watch.release();
  }
}
