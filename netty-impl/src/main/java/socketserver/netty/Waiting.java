package socketserver.netty;

import io.netty.util.concurrent.Future;
import java.io.InterruptedIOException;
import java.util.concurrent.TimeUnit;
import socketserver.spi.Endpoint;

/** Waits, on a thread that is no event loop's, for something that an event loop does. */
final class Waiting {
  private Waiting() {}

  /**
   * Waits until it is done.
   *
   * @return false if the time is over before
   * @throws InterruptedIOException if the thread is interrupted; its flag stays set
   */
  static boolean await(Future<?> future, long timeoutNanos) throws InterruptedIOException {
    try {
      if (timeoutNanos == Endpoint.FOREVER) {
        future.await();
        return true;
      }
      return future.await(timeoutNanos, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }
}
