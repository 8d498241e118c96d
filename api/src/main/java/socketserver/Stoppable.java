package socketserver;

import java.time.Duration;
import java.util.List;

/**
 * How a server is stopped in good order, and what runs on it meanwhile: what every {@link
 * BaseServer} has beside Python's {@code server_close()}.
 *
 * <pre>{@code
 * try (var server = new ThreadingTCPServer(address, Handler::new)) {
 *   server.closeOnExit(Duration.ofSeconds(10));
 *   server.serveForever();
 * }
 * }</pre>
 *
 * <p>All methods may be called from any thread.
 */
public interface Stoppable {
  /**
   * Closes the server and gives what runs some time (Python has none; asyncio: {@code close()},
   * {@code wait_closed()}, and then {@code abort_clients()}). In this order:
   *
   * <ol>
   *   <li>Nothing more is accepted: {@link BaseServer#serverClose()} is called, in a thread of its
   *       own, as it may wait, and {@link #isClosing()} is true.
   *   <li>Requests that run, and those that wait for a thread, may end by themselves, whatever
   *       {@code daemonThreads} and {@code blockOnClose} say. Handlers that wait for their client
   *       see the end of the stream at once if {@link #endIdleOnClose()} says so.
   *   <li>When the grace period is over, or the calling thread is interrupted, the rest is cut: the
   *       connections are shut down as by {@link RunningRequest#close()}; a second later the
   *       threads of requests that still run are interrupted; another second later child processes
   *       get SIGTERM, and two seconds later SIGKILL. Requests that waited for a thread are not
   *       handled.
   *   <li>What runs even then is left to itself, and nobody waits for it any longer.
   * </ol>
   *
   * <p>Returns as soon as everything has ended; six seconds after the grace period if a request
   * ignores all of this, and fifteen at the latest, whatever an override of {@code serverClose()}
   * does. Threads that have called {@link System#exit} are not waited for while the process ends:
   * that call never returns. Requests that a pool of the program's own has not begun are not known
   * here, and not waited for.
   *
   * @param grace how long requests may take; zero to cut them at once
   * @return how many requests were cut
   * @throws IllegalArgumentException if the grace period is negative
   * @throws IllegalStateException if called by the thread of a request of this server: it would
   *     wait for itself. The server is closed then, as {@code serverClose()} does it, but nobody
   *     has waited, and nothing is cut
   */
  default int serverClose(Duration grace) {
    return new GracefulClose(BaseServer.of(this)).run(grace);
  }

  /**
   * As {@link #serverClose(Duration)}.
   *
   * @param grace how long requests may take; zero to cut them at once
   * @return how many requests were cut
   * @throws IllegalArgumentException if the grace period is negative
   * @throws IllegalStateException if called by the thread of a request of this server
   */
  default int close(Duration grace) {
    return serverClose(grace);
  }

  /**
   * Has the server closed when the process ends, as {@link #serverClose(Duration)} does it; all
   * such servers of the process at the same time. Call it before serving. A second call replaces
   * the grace period; closing the server takes it back.
   *
   * <p>The process ends with
   *
   * <ul>
   *   <li>status 0 after SIGTERM or SIGINT (control-C). A second of these signals ends it at once,
   *       with 128 and the signal's number;
   *   <li>the status of {@link System#exit}, whoever has called it, a handler for instance. Signals
   *       that come meanwhile: the first changes nothing, the second ends the process at once.
   * </ul>
   *
   * <p>The signals are handled by {@code sun.misc.Signal}. A handler that the program has set for
   * one of them before stays, and can call {@code System.exit}; one that it sets later replaces
   * this one. Without the module {@code jdk.unsupported} the JVM handles the signals: then the
   * status is 128 and the signal's number, and a second signal has no effect. With {@code -Xrs}
   * signals end the process at once; {@code System.exit} closes the server all the same.
   *
   * @param grace how long requests may take
   * @throws IllegalArgumentException if the grace period is negative
   * @throws IllegalStateException if the server is closed
   */
  default void closeOnExit(Duration grace) {
    BaseServer.of(this).stopping().closeOnExit(grace);
  }

  /**
   * Tells whether the server is being closed, or is closed (asyncio: {@code is_closing()} of a
   * transport). A handler that serves one request after the other asks this between two of them. In
   * a child process of a forking server it is always false.
   *
   * @return true since {@code serverClose}
   */
  default boolean isClosing() {
    return BaseServer.of(this).stopping().isClosing();
  }

  /**
   * Tells whether {@link #serverClose(Duration)} ends what handlers receive who wait for their
   * client: they see the end of the stream, as if the client had ended it, and can still write. It
   * concerns those that wait in a receiving call, now or at any time of the grace period, while
   * {@code rfile} has no byte of a line or of a {@code read(size)} yet. A handler that has taken
   * the beginning of a request, and now waits for the rest, is ended, too: where requests have
   * several parts, {@link #isClosing()} is the better way.
   *
   * @return false, unless overridden or set
   */
  default boolean endIdleOnClose() {
    return BaseServer.of(this).stopping().endIdleOnClose.value();
  }

  /**
   * Sets {@link #endIdleOnClose()}, at any time.
   *
   * @param value whether to end what idle handlers receive
   * @throws IllegalStateException if a subclass overrides {@link #endIdleOnClose()}
   */
  default void endIdleOnClose(boolean value) {
    BaseServer.of(this).stopping().endIdleOnClose.set(value);
  }

  /**
   * Returns the requests that run, and those that wait for a thread or a child process. Each is in
   * the list from when {@code processRequest} dispatches it, or a pool of the program's own calls
   * {@code processRequestThread}, until it has been shut down. The serving thread's own is in it,
   * too.
   *
   * @return a list of this moment, in no order
   */
  default List<RunningRequest> requests() {
    return BaseServer.of(this).stopping().requests();
  }

  /**
   * Ends the connections of all requests that run, as {@link RunningRequest#close()} does (Python:
   * {@code close_clients()} of an asyncio server). Close the server before, or new ones may come.
   */
  default void closeClients() {
    requests().forEach(RunningRequest::close);
  }

  /**
   * Drops the connections of all requests that run, as {@link RunningRequest#abort()} does (Python:
   * {@code abort_clients()} of an asyncio server). Close the server before, or new ones may come.
   */
  default void abortClients() {
    requests().forEach(RunningRequest::abort);
  }
}
