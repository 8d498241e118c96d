package socketserver;

import java.util.concurrent.Executor;

/**
 * Handles requests in a bounded pool of threads, or in an {@link Executor} of the user's, so that
 * the number of requests that run at the same time has a limit. Python has no such mix-in; there a
 * server's {@code process_request} submits to a {@code concurrent.futures.ThreadPoolExecutor},
 * whose queue has no limit.
 *
 * <pre>{@code
 * class Server extends TCPServer implements ThreadPoolMixIn {
 *   Server(SocketAddress address) throws IOException {
 *     super(address, Handler::new);
 *   }
 *
 *   @Override
 *   public int maxWorkers() {
 *     return 8;
 *   }
 * }
 * }</pre>
 *
 * <p>At most {@link #maxWorkers()} requests run; the next {@link #maxWaiting()} wait in the server,
 * in the order in which they came. When there are so many, {@link #whenFull()} says what becomes of
 * another one. Requests that wait belong to the server as those do that run: they are handled also
 * after {@code shutdown()}, and {@code serverClose} waits for them if it waits for requests at all.
 *
 * <p>A worker is free when {@code shutdownRequest} has returned, which is a moment after the client
 * has seen the end of its connection. Threads are named as in Python, {@code Thread-N
 * (process_request_thread)}, and go when they have been idle for half a second, or when the server
 * closes; so a handler that keeps something in a {@link ThreadLocal} removes it in {@code
 * finish()}.
 */
public interface ThreadPoolMixIn extends ThreadedDispatch {
  /** What is done with a request when as many run and wait as may. */
  enum WhenFull {
    /**
     * The thread that serves waits until there is room. Meanwhile it takes no other request and
     * calls no {@code serviceActions}: clients wait in the system's queue (see {@code
     * requestQueueSize}). Shutting down or closing the server, or an interrupt of the thread, ends
     * the wait; the request is then shut down unhandled, with a WARN in the log.
     */
    WAIT,

    /**
     * The request is shut down at once, unhandled. The log says so with a WARN: the first time at
     * once, then with a count every five seconds at most.
     */
    REFUSE,

    /**
     * The thread that serves handles the request itself, as the caller-runs policy of {@link
     * java.util.concurrent.ThreadPoolExecutor} does, by way of {@code processRequestThread}. So one
     * request more runs, and no other is taken meanwhile; a handler cannot call {@code shutdown()}
     * there.
     */
    RUN
  }

  /**
   * Returns how many requests run at the same time (Python: {@code max_workers} of {@code
   * ThreadPoolExecutor}). Read for the server's first request.
   *
   * @return the number of processors and 4, but at most 32, as in Python, unless overridden or set
   */
  default int maxWorkers() {
    return PooledRequests.of(this).maxWorkers.value();
  }

  /**
   * Sets {@link #maxWorkers()}, before the first request.
   *
   * @param value how many, at least 1
   * @throws IllegalArgumentException if it is less than 1
   * @throws IllegalStateException if a subclass overrides {@link #maxWorkers()}, or a request has
   *     come already
   */
  default void maxWorkers(int value) {
    if (value < 1) {
      throw new IllegalArgumentException("max workers must be at least 1: " + value);
    }
    PooledRequests.of(this).maxWorkers.set(value);
  }

  /**
   * Returns how many requests may wait for a worker. Read for each request.
   *
   * @return as many as {@link #maxWorkers()}, unless overridden or set
   */
  default int maxWaiting() {
    Integer set = PooledRequests.of(this).maxWaiting.value();
    return set != null ? set : maxWorkers();
  }

  /**
   * Sets {@link #maxWaiting()}.
   *
   * @param value how many; with 0 the server is full as soon as all workers are busy
   * @throws IllegalArgumentException if it is negative
   * @throws IllegalStateException if a subclass overrides {@link #maxWaiting()}
   */
  default void maxWaiting(int value) {
    if (value < 0) {
      throw new IllegalArgumentException("max waiting must not be negative: " + value);
    }
    PooledRequests.of(this).maxWaiting.set(value);
  }

  /**
   * Tells what is done with a request when {@link #maxWorkers()} run and {@link #maxWaiting()}
   * wait. Read for each request.
   *
   * @return {@link WhenFull#WAIT}, unless overridden or set
   */
  default WhenFull whenFull() {
    return PooledRequests.of(this).whenFull.value();
  }

  /**
   * Sets {@link #whenFull()}.
   *
   * @param value what is to be done
   * @throws NullPointerException if it is null
   * @throws IllegalStateException if a subclass overrides {@link #whenFull()}
   */
  default void whenFull(WhenFull value) {
    if (value == null) {
      throw new NullPointerException("whenFull is null: give WAIT, REFUSE or RUN");
    }
    PooledRequests.of(this).whenFull.set(value);
  }

  /**
   * Returns what runs the requests instead of threads of the server's own: a pool that servers
   * share, say, or one of virtual threads. Read for the server's first request.
   *
   * <p>It is given {@link #maxWorkers()} requests at a time at most, and is never shut down here:
   * whoever made it does that, after {@code serverClose}. A request that it has accepted and does
   * not run ({@code shutdownNow}, a policy that discards) stays open, and {@code serverClose} waits
   * for it. A {@link java.util.concurrent.RejectedExecutionException} is taken for a full pool, as
   * {@link #whenFull()} says; with {@link WhenFull#WAIT}, as nobody knows for how long to wait, it
   * goes to {@code handleError} and the request is shut down. A request that waited is then run by
   * the thread whose request has just ended, so that none of those is lost.
   *
   * <p>Its threads have the name of a request's thread while they run one, and their own again
   * afterwards. {@link #daemonThreads()} does not change what they are; it only tells whether
   * {@code serverClose} waits.
   *
   * @return null, unless overridden or set: threads of the server's own
   */
  default Executor executor() {
    return PooledRequests.of(this).executor.value();
  }

  /**
   * Sets {@link #executor()}, before the first request.
   *
   * @param value the executor, or null for threads of the server's own
   * @throws IllegalStateException if a subclass overrides {@link #executor()}, or a request has
   *     come already
   */
  default void executor(Executor value) {
    PooledRequests.of(this).executor.set(value);
  }

  /** Refuses nothing: the pool works wherever there are threads. */
  @Override
  default void checkDispatch() {
    // so that the server's attributes are complete when it is constructed
    PooledRequests.of(this);
  }

  @Override
  default void dispatchRequest(RequestTask task) throws Exception {
    PooledRequests.of(this).dispatch(task);
  }

  @Override
  default void reapRequests() {
    PooledRequests.of(this).reportRefused();
  }
}
