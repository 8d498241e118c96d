package socketserver.spi;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * The scheduler of one virtual thread: an event loop, and once that has ended the JVM's scheduler.
 * A virtual thread that a virtual thread starts has the same scheduler, among them the JDK's own
 * that wait for descriptors: those belong to the JVM's scheduler, as they do elsewhere.
 *
 * <p>Only where {@link VirtualThreads#schedulable()}.
 */
public final class LoopScheduler implements Executor, Runnable {
  private final Executor loop;

  /** What goes on with the virtual thread: always the same, and set when it starts. */
  private volatile Runnable continuation;

  /** Set before the thread starts. */
  private Thread thread;

  /**
   * Makes the scheduler.
   *
   * @param loop what runs the virtual thread, a turn at a time
   */
  public LoopScheduler(Executor loop) {
    this.loop = loop;
  }

  /**
   * Makes the virtual thread, one for a scheduler.
   *
   * @param task what it runs
   * @return the thread, not started
   */
  public Thread unstarted(Runnable task) {
    thread = VirtualThreads.unstarted(task, this);
    return thread;
  }

  /**
   * Returns the virtual thread.
   *
   * @return the thread that {@link #unstarted} made
   */
  public Thread thread() {
    return thread;
  }

  /** Goes on with the virtual thread, or with one of its own. Called by whatever wakes it. */
  @Override
  public void execute(Runnable command) {
    if (continuation == null) {
      continuation = command;
    }
    if (command != continuation) {
      VirtualThreads.scheduler().execute(command);
      return;
    }
    try {
      loop.execute(this);
    } catch (RejectedExecutionException e) {
      // the last socket is closed, and the loops have ended; the handler has not
      VirtualThreads.scheduler().execute(command);
    }
  }

  /** A turn of the virtual thread: until it waits. */
  @Override
  public void run() {
    continuation.run();
  }
}
