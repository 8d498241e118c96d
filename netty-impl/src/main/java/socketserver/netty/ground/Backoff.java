package socketserver.netty.ground;

import java.io.InterruptedIOException;
import java.util.concurrent.locks.LockSupport;

/** Pauses between attempts, each twice as long as the one before, where nothing tells of room. */
public final class Backoff {
  private static final long SHORTEST_NANOS = 100_000;
  private static final long LONGEST_NANOS = 10_000_000;

  private long nanos = SHORTEST_NANOS;

  /**
   * Pauses.
   *
   * @param doing what goes on, for the error
   * @throws InterruptedIOException if the thread is interrupted, whose flag stays set
   */
  public void await(String doing) throws InterruptedIOException {
    LockSupport.parkNanos(nanos);
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedIOException("interrupted while " + doing);
    }
    nanos = Math.min(2 * nanos, LONGEST_NANOS);
  }
}
