package socketserver.hooks;

import java.io.IOException;
import java.net.SocketAddress;
import socketserver.Accepted;
import socketserver.RequestHooks;
import socketserver.fixture.Calls;

/** A mix-in that notes each hook with the thread it runs on: L serves, W is a request's own. */
interface Recorded<R> extends RequestHooks<R> {
  /** Where calls are noted. */
  Calls calls();

  /** Notes a call. */
  static void note(Calls calls, String name) {
    boolean own = Thread.currentThread().getName().endsWith("(process_request_thread)");
    calls.add((own ? "W " : "L ") + name);
  }

  @Override
  default Accepted<R> getRequest() throws IOException {
    note(calls(), "getRequest");
    return RequestHooks.super.getRequest();
  }

  @Override
  default boolean verifyRequest(R request, SocketAddress clientAddress) throws Exception {
    note(calls(), "verifyRequest");
    return RequestHooks.super.verifyRequest(request, clientAddress);
  }

  @Override
  default void processRequest(R request, SocketAddress clientAddress) throws Exception {
    note(calls(), "processRequest");
    RequestHooks.super.processRequest(request, clientAddress);
  }

  @Override
  default void processRequestThread(R request, SocketAddress clientAddress) {
    note(calls(), "processRequestThread");
    RequestHooks.super.processRequestThread(request, clientAddress);
  }

  @Override
  default void finishRequest(R request, SocketAddress clientAddress) throws Exception {
    note(calls(), "finishRequest");
    RequestHooks.super.finishRequest(request, clientAddress);
  }

  @Override
  default void shutdownRequest(R request) {
    note(calls(), "shutdownRequest");
    RequestHooks.super.shutdownRequest(request);
  }

  @Override
  default void closeRequest(R request) {
    note(calls(), "closeRequest");
    RequestHooks.super.closeRequest(request);
  }

  @Override
  default void handleError(R request, SocketAddress clientAddress, Throwable error) {
    note(calls(), "handleError " + error.getMessage());
  }

  @Override
  default void handleTimeout() throws Exception {
    note(calls(), "handleTimeout");
    RequestHooks.super.handleTimeout();
  }

  @Override
  default void serviceActions() throws Exception {
    note(calls(), "serviceActions");
    RequestHooks.super.serviceActions();
  }
}
