package socketserver;

/**
 * What the mix-ins have in common that run requests beside the thread that serves, in the same
 * process: which requests the process, and {@code serverClose}, wait for. Not a mix-in itself.
 */
public interface ThreadedDispatch extends RequestDispatch {
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
  default void joinRequests() {
    BaseServer.of(this).mixInState().joinRequests();
  }
}
