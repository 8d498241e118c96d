package socketserver.netty;

import io.netty.channel.EventLoop;
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
   * @param loop the event loop, which gets a last chance to do it when the time is over
   * @return false if the time is over before
   * @throws InterruptedIOException if the thread is interrupted; its flag stays set
   */
  static boolean await(Future<?> future, long timeoutNanos, EventLoop loop)
      throws InterruptedIOException {
    try {
      if (timeoutNanos == Endpoint.FOREVER) {
        future.await();
        return true;
      }
      if (!future.await(timeoutNanos, TimeUnit.NANOSECONDS)) {
        new LoopRound(loop).run();
      }
      return future.isDone();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }
}
