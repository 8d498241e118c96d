package socketserver.spi;

import java.io.IOException;

/**
 * Waits until descriptors are ready: an epoll(7) of its own.
 *
 * <p>One thread at a time, except for {@link #wakeup()}; the caller sees to that.
 */
public interface Poller extends AutoCloseable {
  /** Is told what the system has to say about a descriptor. */
  interface Target {
    /**
     * The descriptor is ready. Called by {@link Poller#run}, on its thread.
     *
     * @param events the bits of {@link ReadinessSource}
     */
    void ready(int events);
  }

  /** Tells whether to wait after all, when everything is prepared for that. */
  interface Idle {
    /**
     * Asked last of all before waiting: a {@link Poller#wakeup()} after this is not lost.
     *
     * @return false to return at once
     */
    boolean mayWait();
  }

  /**
   * Starts to watch a descriptor.
   *
   * @param descriptor its number
   * @param events what for, and how: as epoll_ctl(2) has it
   * @param target who is told
   * @throws IOException if the system refuses, as for a regular file
   */
  void add(int descriptor, int events, Target target) throws IOException;

  /**
   * Changes what a descriptor is watched for.
   *
   * @param descriptor its number
   * @param events what for, and how: as epoll_ctl(2) has it
   * @throws IOException if the system refuses
   */
  void modify(int descriptor, int events) throws IOException;

  /**
   * Stops to watch a descriptor, which is still open.
   *
   * @param descriptor its number
   */
  void remove(int descriptor);

  /**
   * Waits until a descriptor is ready, and tells the targets of all that are.
   *
   * @param timeoutNanos how long to wait; 0 only looks; {@link Endpoint#FOREVER} has no limit
   * @param idle whether to wait
   */
  void run(long timeoutNanos, Idle idle);

  /** Ends the wait that is going on, or about to begin. On any thread. */
  void wakeup();

  /**
   * Tells whether {@link #run} waits in a call of the system's, which a virtual thread must not do:
   * the thread that carries it would wait, too.
   *
   * @return true if so
   */
  boolean waitsInSystem();

  /** Closes what the system keeps for this. */
  @Override
  void close();
}
