package socketserver.spi;

import java.io.IOException;

/** The child processes of a server. May be used by any thread. */
public interface Children extends AutoCloseable {
  /** Starts to keep spare children. Does not wait; a second call has no effect. */
  void begin();

  /**
   * Hands a request to a child that waits, or to one that is started. Does not wait for it.
   *
   * @param task a serialised {@link ForkedTask}
   * @param data bytes to go with it
   * @param fd the request's descriptor; a copy is made, this one stays the caller's
   * @param client whom the request is from, for the log
   * @param whenEnded run once, on any thread, when the request has ended, also without having been
   *     taken by any child
   * @return the request
   * @throws IOException if there is no child and none can be started
   */
  ForkedRequest fork(byte[] task, byte[] data, int fd, Object client, Runnable whenEnded)
      throws IOException;

  /**
   * Ends a request that has not ended, with the process that handles it; if no child has taken it,
   * none will. Does not wait.
   *
   * @param request one that this has returned
   * @param forcibly false to ask the process to end, as SIGTERM does; true to kill it
   */
  void end(ForkedRequest request, boolean forcibly);

  /**
   * Ends the children that wait, and lets those that work finish by themselves. Returns when those
   * that waited are gone.
   */
  @Override
  void close();
}
