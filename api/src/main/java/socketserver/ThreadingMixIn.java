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
 *
 * <p>The system property {@code socketserver.threading} tries other threads on servers that are
 * written so, without a change to them: {@code platform} is this, {@code virtual} is what {@link
 * VirtualThreadingMixIn} does, {@code eventloop} is what {@link EventLoopMixIn} does. A server
 * reads it for its first request. The constructor throws an {@link IllegalArgumentException} if it
 * has another value, and an {@link UnsupportedOperationException} if it names threads that this
 * Java has not.
 */
public interface ThreadingMixIn extends ThreadedDispatch {
  @Override
  default void checkDispatch() {
    RequestRunners.check();
  }

  @Override
  default void dispatchRequest(RequestTask task) throws Exception {
    MixInState state = BaseServer.of(this).mixInState();
    state.threads(() -> RequestRunners.create(state)).start(task, daemonThreads(), blockOnClose());
  }
}
