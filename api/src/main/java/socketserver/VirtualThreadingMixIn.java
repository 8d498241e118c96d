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
 * <p>A handler is written as for {@link ThreadingMixIn}, and waits in the same calls. Names and
 * closing rules are the same, too: virtual threads are daemons by nature, so while {@link
 * #daemonThreads()} is false a thread of the platform keeps the process alive for those that run.
 * On Java 21 to 23 a handler that waits in {@code synchronized} keeps the carrier's thread from the
 * others (JEP 491). The constructor throws an {@link UnsupportedOperationException} on a Java that
 * has no virtual threads.
 */
public interface VirtualThreadingMixIn extends ThreadedDispatch {
  @Override
  default void checkDispatch() {
    VirtualThreads.check("VirtualThreadingMixIn", "ThreadingMixIn");
  }

  @Override
  default void dispatchRequest(RequestTask task) throws Exception {
    BaseServer.of(this)
        .mixInState()
        .threads(VirtualRequests::new)
        .start(task, daemonThreads(), blockOnClose());
  }
}
