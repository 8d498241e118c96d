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
  private final Turns loop;

  /** What goes on with the virtual thread: always the same, and set when it starts. */
  private volatile Runnable continuation;

  /** Set before the thread starts. */
  private Thread thread;

  /** An event loop that runs virtual threads, and may want to know of their turns. */
  @FunctionalInterface
  public interface Turns extends Executor {
    /**
     * A virtual thread goes on. On the event loop.
     *
     * @param turn whose turn it is
     */
    default void begin(LoopScheduler turn) {}

    /** It waits, or has ended. On the event loop. */
    default void end() {}
  }

  /**
   * Makes the scheduler.
   *
   * @param loop what runs the virtual thread
   */
  public LoopScheduler(Turns loop) {
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

  /** A turn of the virtual thread, on the event loop: until it waits. */
  @Override
  public void run() {
    loop.begin(this);
    try {
      continuation.run();
    } finally {
      loop.end();
    }
  }
}
