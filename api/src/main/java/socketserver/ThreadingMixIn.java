package socketserver;

/**
 * Handles each request in a thread of its own (Python: {@code ThreadingMixIn}).
 *
 * <pre>{@code
 * class Server extends TCPServer implements ThreadingMixIn {
 *   Server(SocketAddress address) throws IOException {
 *     super(address, Handler::new);
 *   }
 * }
 * }</pre>
 *
 * <p>Threads are named as in Python, {@code Thread-N (process_request_thread)}. There is no limit
 * to their number. A thread that is done serves a later request if one comes within half a second,
 * so a handler that keeps something in a {@link ThreadLocal} removes it in {@code finish()}.
 */
public interface ThreadingMixIn extends RequestDispatch {
  /**
   * Tells whether the process may end while requests run (Python: {@code daemon_threads}). Read for
   * each request.
   *
   * @return false, unless overridden or set
   */
  default boolean daemonThreads() {
    return BaseServer.of(this).mixInState().daemonThreads.value();
  }

  /**
   * Sets {@link #daemonThreads()}.
   *
   * @param value true to let the process end while requests run; {@code serverClose} then does not
   *     wait for them either
   * @throws IllegalStateException if a subclass overrides {@link #daemonThreads()}
   */
  default void daemonThreads(boolean value) {
    BaseServer.of(this).mixInState().daemonThreads.set(value);
  }

  /**
   * Tells whether {@code serverClose} waits for the request (Python: {@code block_on_close}). Read
   * for each request when it starts.
   *
   * @return true, unless overridden or set
   */
  default boolean blockOnClose() {
    return BaseServer.of(this).mixInState().blockOnClose.value();
  }

  /**
   * Sets {@link #blockOnClose()}.
   *
   * @param value false to let {@code serverClose} return while requests run
   * @throws IllegalStateException if a subclass overrides {@link #blockOnClose()}
   */
  default void blockOnClose(boolean value) {
    BaseServer.of(this).mixInState().blockOnClose.set(value);
  }

  @Override
  default void dispatchRequest(RequestTask task) throws Exception {
    BaseServer.of(this).mixInState().threads().start(task, daemonThreads(), blockOnClose());
  }

  @Override
  default void joinRequests() {
    BaseServer.of(this).mixInState().threads().join();
  }
}
