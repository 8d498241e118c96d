package socketserver.netty;

import io.netty.channel.EventLoop;
import io.netty.channel.SingleThreadEventLoop;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import socketserver.spi.StackSpace;

/**
 * Has an event loop ask the system once more about all that it waits for, and waits for that. An
 * event loop that was late, in a process that stood still, leaves in the system what others wait
 * for: a wait that is over asks for a round before it says so.
 *
 * <p>On any thread; on the loop's own it does nothing. Equal rounds ask the same loop.
 */
record LoopRound(EventLoop loop) implements Runnable {
  /** How long to wait for a loop that somebody keeps from its work. */
  private static final long MOST_SECONDS = 5;

  /** An interrupt ends the wait; the flag stays set. */
  @Override
  public void run() {
    if (loop.inEventLoop()) {
      return;
    }
    StackSpace.reserve();
    CountDownLatch asked = new CountDownLatch(1);
    try {
      // after the tasks of this turn, so that the loop asks the system before it comes to the next
      ((SingleThreadEventLoop) loop)
          .executeAfterEventLoopIteration(() -> loop.execute(asked::countDown));
      asked.await(MOST_SECONDS, TimeUnit.SECONDS);
    } catch (RejectedExecutionException e) {
      // the loop has ended: nothing comes any more
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
