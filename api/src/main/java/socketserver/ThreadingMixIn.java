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
public interface ThreadingMixIn extends ThreadedDispatch {
  @Override
  default void dispatchRequest(RequestTask task) throws Exception {
    BaseServer.of(this)
        .mixInState()
        .threads(PlatformThreads::new)
        .start(task, daemonThreads(), blockOnClose());
  }
}
