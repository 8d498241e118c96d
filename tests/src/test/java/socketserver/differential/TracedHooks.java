package socketserver.differential;

import java.io.IOException;
import java.net.SocketAddress;
import socketserver.Accepted;
import socketserver.RequestHooks;

/**
 * Reports the hooks of a server. A scenario that overrides one calls super first, or reports it;
 * instead of getRequest it overrides takeRequest.
 */
interface TracedHooks<R> extends RequestHooks<R>, Speaker {
  /** What getRequest does; reported when it has ended, since only then the client is known. */
  default Accepted<R> takeRequest() throws IOException {
    return RequestHooks.super.getRequest();
  }

  @Override
  default Accepted<R> getRequest() throws IOException {
    Run run = scenarioRun();
    run.enter(null);
    Accepted<R> accepted;
    try {
      accepted = takeRequest();
    } catch (IOException | RuntimeException e) {
      run.hook("get_request raised " + PythonNames.of(e));
      throw e;
    }
    run.enter(accepted.clientAddress());
    run.hook("get_request");
    return accepted;
  }

  @Override
  default boolean verifyRequest(R request, SocketAddress clientAddress) throws Exception {
    scenarioRun().hook("verify_request");
    return RequestHooks.super.verifyRequest(request, clientAddress);
  }

  @Override
  default void processRequest(R request, SocketAddress clientAddress) throws Exception {
    scenarioRun().hook("process_request");
    RequestHooks.super.processRequest(request, clientAddress);
  }

  @Override
  default void processRequestThread(R request, SocketAddress clientAddress) {
    scenarioRun().enter(clientAddress);
    scenarioRun().hook("process_request_thread");
    RequestHooks.super.processRequestThread(request, clientAddress);
  }

  @Override
  default void finishRequest(R request, SocketAddress clientAddress) throws Exception {
    scenarioRun().enter(clientAddress); // the first that a child process does
    scenarioRun().hook("finish_request");
    RequestHooks.super.finishRequest(request, clientAddress);
  }

  @Override
  default void shutdownRequest(R request) {
    scenarioRun().hook("shutdown_request");
    RequestHooks.super.shutdownRequest(request);
  }

  @Override
  default void closeRequest(R request) {
    scenarioRun().hook("close_request");
    RequestHooks.super.closeRequest(request);
  }

  @Override
  default void handleError(R request, SocketAddress clientAddress, Throwable error) {
    // without the report on stderr: a failing handler is what many scenarios are about
    scenarioRun().hook("handle_error " + PythonNames.of(error));
  }

  /** What handleError does when nobody overrides it. */
  default void printError(R request, SocketAddress clientAddress, Throwable error) {
    RequestHooks.super.handleError(request, clientAddress, error);
  }

  @Override
  default void handleTimeout() throws Exception {
    scenarioRun().enter(null);
    scenarioRun().hook("handle_timeout");
    RequestHooks.super.handleTimeout();
  }

  @Override
  default void serviceActions() throws Exception {
    scenarioRun().enter(null);
    RequestHooks.super.serviceActions();
  }
}
