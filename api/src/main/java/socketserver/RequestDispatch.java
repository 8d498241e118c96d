package socketserver;

import java.time.Duration;

/**
 * How a server runs its requests: here, one after the other on the thread that serves. Each mix-in
 * overrides these methods, and nothing else, so that two mix-ins on one server do not compile, and
 * so that {@code super.processRequest(...)} and {@code super.serviceActions()} in a server still do
 * what the mix-in does.
 *
 * <p>It is not generic because a mix-in is named in one word: {@code implements ThreadingMixIn}. To
 * override what is done with a request, override the methods of {@link RequestHooks}.
 */
public interface RequestDispatch {
  /**
   * Refuses a server for which this cannot work. Called by the server's constructor, before
   * anything is bound and before a subclass's fields are initialised.
   *
   * @throws UnsupportedOperationException if it does not work on this system or this JVM
   * @throws IllegalArgumentException if it does not work with the handler factory
   */
  default void checkDispatch() {}

  /**
   * Tells whether requests go on in another process, so that nothing may be read from them in this
   * one. Read when the server is activated.
   *
   * @return false, unless overridden
   */
  default boolean handsOverRequests() {
    return false;
  }

  /**
   * Prepares for requests that will come soon. Called by {@code serveForever} and by {@code
   * handleRequest} when they begin, on the thread that serves. Does not wait.
   */
  default void beginRequests() {}

  /**
   * Runs a request, or starts what will run it. Called by {@code processRequest} on the thread that
   * serves. An override has the task run in the end: until then it is one of {@link
   * BaseServer#requests()}.
   *
   * @param task the request
   * @throws Exception if it failed here, or could not be started
   */
  default void dispatchRequest(RequestTask task) throws Exception {
    task.run();
  }

  /**
   * Looks after what was started. Called by {@code serviceActions} and by {@code handleTimeout}, on
   * the thread that serves.
   */
  default void reapRequests() {}

  /**
   * Waits for what was started, if the server is to wait for it. Called by {@code serverClose},
   * once the server accepts nothing any more.
   *
   * @throws IllegalStateException if one of them is what calls
   */
  default void joinRequests() {}

  /**
   * Returns the {@code timeout} that a server has if nobody sets one.
   *
   * @return how long {@code handleRequest} waits, or null for no limit
   */
  default Duration dispatchTimeout() {
    return null;
  }
}
