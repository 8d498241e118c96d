package socketserver;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * Handles each request in a process of its own (Python: {@code ForkingMixIn}).
 *
 * <pre>{@code
 * class Server extends TCPServer implements ForkingMixIn {
 *   Server(SocketAddress address) throws IOException {
 *     super(address, Handler::new);
 *   }
 * }
 * }</pre>
 *
 * <p>A JVM cannot fork. So a child is a JVM that was started beforehand and waits; it is handed the
 * connection's descriptor, handles the one request and ends. It has a memory of its own: what a
 * handler changes stays in the child, and a handler that crashes takes only its own client along.
 *
 * <p><b>What a child sees.</b> {@code server} is of the same class as the parent's and has the
 * values that its fields had when the request came, as far as they are {@linkplain
 * java.io.Serializable serialisable}; a field that is not is a WARN in the log, which a {@code
 * transient} field is not. The server does not listen in a child. Static fields are what the
 * child's own class initialisers make them, not what they have become in the parent. {@code
 * System.in} is at its end; {@code System.out} and {@code System.err} are the parent's.
 *
 * <p><b>Where it works.</b> On Linux, with epoll and {@code socketserver-unix} on the class path.
 * Elsewhere the constructor throws an {@link UnsupportedOperationException} (Python leaves the
 * class out).
 */
public interface ForkingMixIn extends RequestDispatch {
  /**
   * Returns how many requests run at the same time (Python: {@code max_children}). Read for each
   * request; while so many run, the server accepts no other.
   *
   * <p>Each takes a JVM of some 60 MB, whether its client says anything or not: so this limits the
   * memory as well. {@link #maxStarting()} of them start at a time; the other requests wait for
   * one.
   *
   * @return 40, unless overridden or set
   */
  default int maxChildren() {
    return ForkedRequests.of(this).maxChildren.value();
  }

  /**
   * Sets {@link #maxChildren()}.
   *
   * @param value how many, at least 1
   * @throws IllegalArgumentException if it is less than 1
   * @throws IllegalStateException if a subclass overrides {@link #maxChildren()}
   */
  default void maxChildren(int value) {
    if (value < 1) {
      throw new IllegalArgumentException("max children must be at least 1: " + value);
    }
    ForkedRequests.of(this).maxChildren.set(value);
  }

  /**
   * Tells whether {@code serverClose} waits for the requests that run (Python: {@code
   * block_on_close}). Read by {@code serverClose}.
   *
   * @return true, unless overridden or set
   */
  default boolean blockOnClose() {
    return ForkedRequests.of(this).blockOnClose.value();
  }

  /**
   * Sets {@link #blockOnClose()}.
   *
   * @param value false to let {@code serverClose} return while requests run; they go on
   * @throws IllegalStateException if a subclass overrides {@link #blockOnClose()}
   */
  default void blockOnClose(boolean value) {
    ForkedRequests.of(this).blockOnClose.set(value);
  }

  /**
   * Returns how many children are kept waiting, so that a request need not wait for a JVM to start.
   * Each takes memory. New ones are started in the background. Python has none: its fork is quick.
   *
   * @return 2, unless overridden or set
   */
  default int spareChildren() {
    return ForkedRequests.of(this).spareChildren.value();
  }

  /**
   * Sets {@link #spareChildren()}.
   *
   * @param value how many; 0 starts a JVM when a request comes
   * @throws IllegalArgumentException if it is negative
   * @throws IllegalStateException if a subclass overrides {@link #spareChildren()}
   */
  default void spareChildren(int value) {
    if (value < 0) {
      throw new IllegalArgumentException("spare children must not be negative: " + value);
    }
    ForkedRequests.of(this).spareChildren.set(value);
  }

  /**
   * Returns how many JVMs start at the same time. A request for which no child is there waits until
   * one is; that more start at once would only make the first one late. Read for each request.
   *
   * <p>All servers of the process share another limit, the system property {@code
   * socketserver.maxStartingChildren}, which is as high by default.
   *
   * @return as many as there are processors, and at least 2, unless overridden or set
   */
  default int maxStarting() {
    return ForkedRequests.of(this).maxStarting.value();
  }

  /**
   * Sets {@link #maxStarting()}.
   *
   * @param value how many, at least 1
   * @throws IllegalArgumentException if it is less than 1
   * @throws IllegalStateException if a subclass overrides {@link #maxStarting()}
   */
  default void maxStarting(int value) {
    if (value < 1) {
      throw new IllegalArgumentException("max starting must be at least 1: " + value);
    }
    ForkedRequests.of(this).maxStarting.set(value);
  }

  /**
   * Returns how many requests a child handles, one after the other, before it ends. With 1 requests
   * share nothing, as in Python. With more, what a handler leaves in static fields, thread locals,
   * system properties, running threads and open files is what the next request finds; {@code
   * server} itself is a new copy for each. A child ends up to a tenth earlier than the number says,
   * so that not all of them end at once.
   *
   * @return 1, unless overridden or set
   */
  default int maxRequestsPerChild() {
    return ForkedRequests.of(this).maxRequestsPerChild.value();
  }

  /**
   * Sets {@link #maxRequestsPerChild()}.
   *
   * @param value how many; 0 for no limit
   * @throws IllegalArgumentException if it is negative
   * @throws IllegalStateException if a subclass overrides {@link #maxRequestsPerChild()}
   */
  default void maxRequestsPerChild(int value) {
    if (value < 0) {
      throw new IllegalArgumentException("max requests per child must not be negative: " + value);
    }
    ForkedRequests.of(this).maxRequestsPerChild.set(value);
  }

  /**
   * Returns the options of the children's JVMs, such as {@code -Xmx64m}. Read when a child starts.
   * Options that make a JVM start quickly and small come before them, and can be taken back: {@code
   * -XX:TieredStopAtLevel=4} is for handlers that compute for long.
   *
   * @return null, unless overridden or set: the options that this JVM was started with, without
   *     those for debuggers, agents, recordings and log files
   */
  default List<String> childJvmOptions() {
    return ForkedRequests.of(this).childJvmOptions.value();
  }

  /**
   * Sets {@link #childJvmOptions()}.
   *
   * @param value the options, or null for those of this JVM
   * @throws IllegalStateException if a subclass overrides {@link #childJvmOptions()}
   */
  default void childJvmOptions(List<String> value) {
    ForkedRequests.of(this).childJvmOptions.set(value == null ? null : List.copyOf(value));
  }

  /**
   * Returns how long a child may take for a request before it is killed. Python has no such limit.
   * A child that does not even take its request, as when somebody has stopped it, is killed in any
   * case, after ten seconds; then the request goes to another. Read for each request when a child
   * takes it.
   *
   * @return null, unless overridden or set: no limit
   */
  default Duration childTimeout() {
    return ForkedRequests.of(this).childTimeout.value();
  }

  /**
   * Sets {@link #childTimeout()}.
   *
   * @param value the longest time, or null for no limit
   * @throws IllegalArgumentException if it is not positive
   * @throws IllegalStateException if a subclass overrides {@link #childTimeout()}
   */
  default void childTimeout(Duration value) {
    if (value != null && (value.isZero() || value.isNegative())) {
      throw new IllegalArgumentException("child timeout must be positive: " + value);
    }
    ForkedRequests.of(this).childTimeout.set(value);
  }

  /**
   * Returns the processes whose requests have not been collected (Python: {@code active_children}).
   * A request that still waits for its child to start is not among them.
   *
   * @return their ids, a copy; empty (Python: None) before the first request
   */
  default Set<Long> activeChildren() {
    return ForkedRequests.of(this).activeChildren();
  }

  /**
   * Collects the requests that have ended, as {@code serviceActions}, {@code handleTimeout} and
   * {@code serverClose} do (Python: {@code collect_children()}). Waits while {@link #maxChildren()}
   * run.
   */
  default void collectChildren() {
    collectChildren(false);
  }

  /**
   * Collects the requests that have ended (Python: {@code collect_children(blocking=...)}).
   *
   * @param blocking true to wait for all of them
   */
  default void collectChildren(boolean blocking) {
    ForkedRequests.of(this).collect(maxChildren(), blocking);
  }

  @Override
  default void checkDispatch() {
    ForkedRequests.of(this).check();
  }

  @Override
  default boolean handsOverRequests() {
    return true;
  }

  @Override
  default void beginRequests() {
    ForkedRequests.of(this).begin();
  }

  @Override
  default void dispatchRequest(RequestTask task) throws Exception {
    ForkedRequests.of(this).fork(task, maxChildren());
  }

  @Override
  default void reapRequests() {
    collectChildren();
  }

  @Override
  default void joinRequests() {
    try {
      collectChildren(blockOnClose());
    } finally {
      ForkedRequests.of(this).close();
    }
  }

  /**
   * Returns the {@code timeout} of a forking server, as in Python.
   *
   * @return five minutes
   */
  @Override
  default Duration dispatchTimeout() {
    return Duration.ofSeconds(300);
  }
}
