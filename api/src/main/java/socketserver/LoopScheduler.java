package socketserver;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * The scheduler of one virtual thread: an event loop, and once that has ended a thread of its own.
 */
final class LoopScheduler implements Executor, Runnable {
  private final WatchedLoop loop;

  /** What goes on with the virtual thread: always the same, and set before this is queued. */
  private Runnable continuation;

  /** Set before the thread starts. */
  private Thread thread;

  LoopScheduler(WatchedLoop loop) {
    this.loop = loop;
  }

  /** Makes the virtual thread. */
  Thread unstarted(Runnable task) {
    thread = VirtualThreads.unstarted(task, this);
    return thread;
  }

  /** The virtual thread. */
  Thread thread() {
    return thread;
  }

  /** Goes on with the virtual thread. Called by whatever wakes it, on any thread. */
  @Override
  public void execute(Runnable command) {
    continuation = command;
    try {
      loop.execute(this);
    } catch (RejectedExecutionException e) {
      // the last socket is closed, and the loops have ended; the handler has not
      Thread carrier = new Thread(null, command, "socketserver-carrier", 0, false);
      carrier.setDaemon(true);
      carrier.start();
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
