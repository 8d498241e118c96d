package socketserver.unix.fork;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The end of the children of a pool that is closed. */
final class Farewell {
  private static final Logger LOGGER = LoggerFactory.getLogger(ChildPool.class);

  /** How long close waits for those that have nothing to do. */
  private static final Duration FAREWELL = Duration.ofSeconds(2);

  /** How long close waits for one that was killed, which only the system can delay. */
  private static final Duration KILL = Duration.ofSeconds(10);

  private Farewell() {}

  /** Waits for those that have nothing to do, and kills who takes too long, as who starts may. */
  static void await(List<Child> farewell) {
    List<Child> killed = new ArrayList<>();
    long start = System.nanoTime();
    try {
      for (Child child : farewell) {
        if (child.leaving && !child.awaitEnd(FAREWELL.minusNanos(System.nanoTime() - start))) {
          child.kill();
          killed.add(child);
        }
      }
      for (Child child : killed) {
        if (!child.awaitEnd(KILL)) {
          LOGGER.warn("child process {} is killed, and does not end", child.pid());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
