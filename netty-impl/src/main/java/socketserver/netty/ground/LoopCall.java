package socketserver.netty.ground;

import io.netty.channel.EventLoop;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A call that an event loop makes while another thread waits for it, whoever interrupts that.
 * Whatever the call throws ends the wait. A promise of Netty's needs memory to fail, and without it
 * leaves who waits waiting for ever.
 *
 * @param <T> what the call returns
 */
public final class LoopCall<T> implements Runnable {
  /** To wake a virtual thread takes memory, too. */
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final Callable<T> call;
  private final Thread waiter = Thread.currentThread();

  /** Written by the loop before done is. */
  private T result;

  /** Written by the loop before done is. */
  private Throwable failure;

  private volatile boolean done;

  private LoopCall(Callable<T> call) {
    this.call = call;
  }

  /**
   * Has a loop make a call that does not wait; on the loop's own thread makes it.
   *
   * @throws IOException what the call throws, if it is one, or with what else it throws as its
   *     cause
   * @throws java.util.concurrent.RejectedExecutionException if the loop has ended
   */
  public static <T> T make(EventLoop loop, Callable<T> call) throws IOException {
    LoopCall<T> made = new LoopCall<>(call);
    if (loop.inEventLoop()) {
      made.run();
    } else {
      loop.execute(made);
      made.await();
    }
    return made.outcome();
  }

  /** Makes a call on this thread. */
  public static <T> T made(Callable<T> call) throws IOException {
    try {
      return call.call();
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw failed(e);
    }
  }

  private static IOException failed(Throwable cause) {
    return new IOException("a call failed on an event loop", cause);
  }

  @Override
  public void run() {
    try {
      result = call.call();
    } catch (Throwable e) {
      failure = e;
    } finally {
      done = true;
      LockSupport.unpark(waiter);
    }
  }

  private void await() {
    boolean interrupted = false;
    while (!done) {
      LockSupport.parkNanos(this, LOOK_NANOS);
      interrupted |= Thread.interrupted();
    }
    if (interrupted) {
      waiter.interrupt();
    }
  }

  private T outcome() throws IOException {
    if (failure instanceof IOException e) {
      throw e;
    }
    if (failure instanceof Error e) {
      throw e;
    }
    if (failure != null) {
      throw failed(failure);
    }
    return result;
  }
}
