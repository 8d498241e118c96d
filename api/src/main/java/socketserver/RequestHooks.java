package socketserver;

import java.io.IOException;
import java.net.SocketAddress;

/**
 * What a server does with its requests: the methods that a server class or a mix-in overrides.
 * Every server implements them; a mix-in of one's own extends this interface.
 *
 * <p>They are default methods because a mix-in's default method wins over one that a server
 * inherits, as long as no class in between declares it. So {@link BaseServer} declares none of
 * them, and {@code class Server extends TCPServer implements Limited} gets Limited's.
 *
 * <p>In the order in which they are called for a request: {@link #getRequest}, {@link
 * #verifyRequest}, {@link #processRequest}, {@link #finishRequest}, {@link #shutdownRequest},
 * {@link #closeRequest}; {@link #handleError} before the last two if something failed.
 *
 * @param <R> the kind of request: {@link StreamSocket}, {@link DatagramRequest}, or a server's own
 */
public interface RequestHooks<R> extends RequestDispatch {
  /**
   * Takes the next request (Python: {@code get_request()}). Called on the serving thread, when
   * there is one. If an override fails, or returns null, whatever {@code super.getRequest()} has
   * given to it in this call is closed, the failure is logged, unless it is a time-out, and the
   * server goes on with the next client at once. Only if the library itself could not accept a
   * connection, for want of descriptors or memory, does it pause.
   *
   * @return the request and the client's address
   * @throws IOException if there was none to take after all
   * @throws UnsupportedOperationException if this server has no socket and does not override this
   */
  default Accepted<R> getRequest() throws IOException {
    return BaseServer.of(this).turn().accept();
  }

  /**
   * Decides whether a request is to be processed (Python: {@code verify_request}). Called on the
   * serving thread. Whatever it throws goes to {@link #handleError}, and the request is shut down.
   *
   * @param request the request
   * @param clientAddress where it came from
   * @return true to process it (as here), false to shut it down
   * @throws Exception if that cannot be told
   */
  default boolean verifyRequest(R request, SocketAddress clientAddress) throws Exception {
    return true;
  }

  /**
   * Processes a request (Python: {@code process_request}): runs it, or starts what runs it, as the
   * server's mix-in does. Called on the serving thread. Whatever it throws goes to {@link
   * #handleError}, and the request is shut down.
   *
   * @param request the request
   * @param clientAddress where it came from
   * @throws Exception if it failed
   */
  default void processRequest(R request, SocketAddress clientAddress) throws Exception {
    new RequestTask(BaseServer.of(this), request, clientAddress).dispatch();
  }

  /**
   * Runs a request from beginning to end (Python: {@code process_request_thread}): the body of a
   * mix-in's thread, to be called by a pool of one's own as well. Whatever {@link #finishRequest}
   * throws goes to {@link #handleError}; the request is shut down in any case. Throws nothing but
   * what an override of {@code handleError} throws, which is logged as well.
   *
   * @param request the request
   * @param clientAddress where it came from
   */
  default void processRequestThread(R request, SocketAddress clientAddress) {
    BaseServer<R> server = BaseServer.of(this);
    RunningRequests running = server.stopping().running();
    RequestTask begun = null;
    try {
      begun = running.beginHere(server, request, clientAddress);
      finishRequest(request, clientAddress);
    } catch (Throwable e) {
      server.turn().reportInThread(request, clientAddress, e);
    } finally {
      server.turn().end(request, clientAddress);
      server.turn().handled();
      if (begun != null) {
        running.end(begun);
      }
    }
  }

  /**
   * Handles a request (Python: {@code finish_request}): makes a handler and runs it. Called on the
   * thread that the mix-in chose.
   *
   * @param request the request
   * @param clientAddress where it came from
   * @throws Exception what the handler threw
   * @throws IllegalStateException if the factory gives no handler
   */
  default void finishRequest(R request, SocketAddress clientAddress) throws Exception {
    BaseServer<R> server = BaseServer.of(this);
    BaseRequestHandler<? super R> handler = server.requestHandler().newHandler();
    if (handler == null) {
      throw new IllegalStateException("the handler factory returned null");
    }
    handler.run(request, clientAddress, server);
  }

  /**
   * Ends a request (Python: {@code shutdown_request}): a stream server shuts its writing half down,
   * so that the client sees the end, and then all call {@link #closeRequest}. If an override fails
   * that is logged, and the connection closed.
   *
   * @param request the request
   */
  default void shutdownRequest(R request) {
    BaseServer.of(this).endRequest(request);
  }

  /**
   * Lets go of a request (Python: {@code close_request}): a stream server closes the connection.
   *
   * @param request the request
   */
  default void closeRequest(R request) {
    BaseServer.of(this).releaseRequest(request);
  }

  /**
   * Reports what a request threw, an {@link Error} as well as an exception (Python: {@code
   * handle_error}, which finds it in {@code sys.exc_info()}). Called on the thread where it
   * happened. This one prints the client's address and the stack trace on {@code System.err}, as
   * Python does. Two things are reported in the log instead, if it was the request's own connection
   * that failed, and nothing else is suppressed in the exception: a client that hung up, in a DEBUG
   * line, and TLS with it that failed, in a WARN line. Of TLS failures and of time-outs of the
   * connection at most five a second are reported, the next with the number of those left out. What
   * a client has brought into a message is escaped.
   *
   * <p>What an override throws, the request's own exception or another, ends the thread of the
   * request and is logged; on the serving thread of a server without a mix-in it leaves {@code
   * serveForever}, as in Python. The request is shut down all the same.
   *
   * @param request the request
   * @param clientAddress where it came from
   * @param error what was thrown
   */
  default void handleError(R request, SocketAddress clientAddress, Throwable error) {
    BaseServer.of(this).turn().print(request, clientAddress, error);
  }

  /**
   * Called when {@code handleRequest()} has waited for the server's {@code timeout} (Python: {@code
   * handle_timeout}).
   *
   * @throws Exception if it fails; {@code handleRequest()} throws it on, wrapped if it is checked
   */
  default void handleTimeout() throws Exception {
    reapRequests();
  }

  /**
   * Called by {@code serveForever} after every turn of its loop, also of an idle one (Python:
   * {@code service_actions}).
   *
   * @throws Exception if it fails; it is logged, as every Throwable is, and {@code serveForever}
   *     goes on. An {@link InterruptedException} ends that, as any interrupt of its waiting does
   */
  default void serviceActions() throws Exception {
    reapRequests();
  }
}
