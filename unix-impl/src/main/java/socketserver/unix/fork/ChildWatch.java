package socketserver.unix.fork;

import java.time.Duration;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the children that are to end: those that wait for too long, and those that keep others
 * waiting. These are those that do not get ready, those that do not take the request that they were
 * sent, as a stopped process does not, and those that handle one for longer than they may. Used by
 * the pool's keeper, with the pool's lock held.
 *
 * <p>How long a child is silent is counted in steps of at most a second between two looks. So when
 * this process or the machine has stood still, what the child said meanwhile is heard first.
 */
final class ChildWatch {
  private static final Logger LOGGER = LoggerFactory.getLogger(ChildPool.class);

  /** Reading a message takes a healthy child far less, also on a busy machine. */
  private static final long TO_TAKE = TimeUnit.SECONDS.toNanos(10);

  /** Starting a JVM, and reading the server, which runs the user's code. */
  private static final long TO_START = TimeUnit.SECONDS.toNanos(60);

  /** How long a child waits that is not among the spare ones. */
  private static final long LONGEST_WAIT = TimeUnit.SECONDS.toNanos(10);

  /** How long nobody looks when there is nothing to wait for. */
  private static final long LONGEST_SLEEP = TimeUnit.SECONDS.toNanos(60);

  private static final long STEP = TimeUnit.SECONDS.toNanos(1);

  private long lastLook = System.nanoTime();

  /** A child that is to be killed, and why. */
  record Hanging(Child child, String why) {
    void kill() {
      LOGGER.warn("child process {} is killed: {}", child.pid(), why);
      child.kill();
    }
  }

  /**
   * Collects the children that have taken too long.
   *
   * @param timeout the longest time for a request, or null
   * @return when to look again, in nanoseconds
   */
  long look(long now, Collection<Child> children, Duration timeout, List<Hanging> hanging) {
    long step = Math.min(now - lastLook, STEP);
    lastLook = now;
    long next = LONGEST_SLEEP;
    for (Child child : children) {
      if (child.killed || child.ready && child.assignment == null) {
        continue;
      }
      child.silent += step;
      String why = null;
      if (!child.ready) {
        why = child.silent >= TO_START ? "it does not get ready" : null;
      } else if (timeout != null && now - child.since >= timeout.toNanos()) {
        why = "it has taken too long";
      } else if (!child.assignment.taken && child.silent >= TO_TAKE) {
        why = "it does not take the request from " + child.assignment.client();
      }
      if (why != null) {
        child.killed = true;
        hanging.add(new Hanging(child, why));
        continue;
      }
      // a time-out may be set meanwhile
      next = Math.min(next, STEP);
      if (timeout != null && child.ready) {
        next = Math.min(next, timeout.toNanos() - (now - child.since));
      }
    }
    return next;
  }

  /**
   * Collects the children that have waited for too long, which are handed nothing from now on.
   *
   * @param idle those that wait, the longest first
   * @param spares how many may wait without a limit
   * @return when to look again, in nanoseconds
   */
  long lookAtIdle(long now, Deque<Child> idle, int spares, List<Child> superfluous) {
    while (idle.size() > spares) {
      long left = LONGEST_WAIT - (now - idle.peekFirst().since);
      if (left > 0) {
        return left;
      }
      Child longest = idle.pollFirst();
      longest.leaving = true;
      superfluous.add(longest);
    }
    return LONGEST_SLEEP;
  }
}
