package socketserver;

import socketserver.spi.VirtualThreads;

/**
 * Handles each request in a virtual thread of its own: {@link ThreadingMixIn} for tens of thousands
 * of connections at a time. Needs Java 21 or later. Python has no such thing.
 *
 * <pre>{@code
 * class Server extends TCPServer implements VirtualThreadingMixIn {
 *   Server(SocketAddress address) throws IOException {
 *     super(address, Handler::new);
 *   }
 * }
 * }</pre>
 *
 * <p>Where the JVM was started with {@code --add-opens java.base/java.lang=ALL-UNNAMED} (Java 24
 * and later) the event loop of a connection runs its handler, as with {@link EventLoopMixIn}: what
 * arrives, the handler and its answer change no thread. {@link #onEventLoops()} says no to that.
 *
 * <p>A handler is written as for {@link ThreadingMixIn}, and waits in the same calls. Names and
 * closing rules are the same, too: virtual threads are daemons by nature, so while {@link
 * #daemonThreads()} is false a thread of the platform keeps the process alive for those that run.
 * On Java 21 to 23 a handler that waits in {@code synchronized} keeps the carrier's thread from the
 * others (JEP 491). The constructor throws an {@link UnsupportedOperationException} on a Java that
 * has no virtual threads.
 */
public interface VirtualThreadingMixIn extends ThreadedDispatch {
  /**
   * Tells whether event loops run the handlers of their connections, where they can. Read for the
   * server's first request.
   *
   * @return true, unless overridden, set, or the property {@code socketserver.onEventLoops} is
   *     false
   */
  default boolean onEventLoops() {
    return BaseServer.of(this).mixInState().onEventLoops.value();
  }

  /**
   * Sets {@link #onEventLoops()}, before the first request.
   *
   * @param value whether they do
   * @throws IllegalStateException if a subclass overrides {@link #onEventLoops()}
   */
  default void onEventLoops(boolean value) {
    BaseServer.of(this).mixInState().onEventLoops.set(value);
  }

  @Override
  default void checkDispatch() {
    VirtualThreads.check("VirtualThreadingMixIn", "ThreadingMixIn");
  }

  @Override
  default void dispatchRequest(RequestTask task) throws Exception {
    BaseServer.of(this)
        .mixInState()
        .threads(() -> RequestRunners.virtual(onEventLoops()))
        .start(task, daemonThreads(), blockOnClose());
  }
}
