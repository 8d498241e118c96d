package socketserver;

import java.time.Duration;
import socketserver.spi.VirtualThreads;

/**
 * Handles each request in a virtual thread that the event loop of its connection runs: a coroutine
 * in all but name. Costs least of all, since what arrives, the handler and what it writes stay on
 * one thread. For handlers that only wait for their client, or for what lets a virtual thread wait
 * aside (other sockets, queues, locks, {@code sleep}). Python has no such thing in {@code
 * socketserver}; {@code asyncio} is near to it.
 *
 * <pre>{@code
 * class Server extends TCPServer implements EventLoopMixIn {
 *   Server(SocketAddress address) throws IOException {
 *     super(address, Handler::new);
 *   }
 * }
 * }</pre>
 *
 * <p>A handler that computes for long, or waits in a way that holds its thread (a file, a name to
 * be resolved, native code), stops every connection of its loop meanwhile. After a turn of more
 * than 2 milliseconds it has its next ones with the JVM's scheduler, until sixteen in a row were
 * shorter; and so begin the handlers of a server whose first turns are long. One that keeps its
 * loop for longer than {@link #slowCallbackDuration()} is named in the log with its stack.
 *
 * <p>Needs Java 24 or later, and the JVM's option {@code --add-opens
 * java.base/java.lang=ALL-UNNAMED} (or {@code Add-Opens: java.base/java.lang} in the manifest of a
 * jar that is run with {@code java -jar}): the scheduler of a virtual thread cannot be chosen
 * otherwise. Without them it is {@link VirtualThreadingMixIn}, and the first request says so with a
 * WARN; it is that, too, for requests that are no sockets of this library. (Before Java 24 a
 * handler that waits in {@code synchronized} would hold the loop; see JEP 491.) The constructor
 * throws an {@link UnsupportedOperationException} on a Java that has no virtual threads.
 */
public interface EventLoopMixIn extends ThreadedDispatch {
  /**
   * Returns how long a handler may keep its event loop before the log names it (Python: {@code
   * loop.slow_callback_duration} of {@code asyncio}). Read for the server's first request.
   *
   * @return 100 milliseconds, unless overridden or set
   */
  default Duration slowCallbackDuration() {
    return BaseServer.of(this).mixInState().slowCallbackDuration.value();
  }

  /**
   * Sets {@link #slowCallbackDuration()}, before the first request.
   *
   * @param value how long
   * @throws IllegalArgumentException if it is less than a millisecond
   * @throws IllegalStateException if a subclass overrides {@link #slowCallbackDuration()}
   */
  default void slowCallbackDuration(Duration value) {
    if (value.compareTo(Duration.ofMillis(1)) < 0) {
      throw new IllegalArgumentException(
          "slow callback duration must be a millisecond at least: " + value);
    }
    BaseServer.of(this).mixInState().slowCallbackDuration.set(value);
  }

  @Override
  default void checkDispatch() {
    VirtualThreads.check("EventLoopMixIn", "ThreadingMixIn");
  }

  @Override
  default void dispatchRequest(RequestTask task) throws Exception {
    BaseServer.of(this)
        .mixInState()
        .threads(() -> LoopRequests.watched(slowCallbackDuration()))
        .start(task, daemonThreads(), blockOnClose());
  }
}
