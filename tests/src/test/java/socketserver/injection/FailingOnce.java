package socketserver.injection;

import java.io.IOException;
import java.net.SocketAddress;
import java.util.concurrent.atomic.AtomicReference;
import socketserver.Accepted;

/** Throws an Error in one of its hooks, when it is told to. */
interface FailingOnce<R> extends InjectedRequests<R> {
  /** Where the Error comes from. */
  enum Hook {
    GET_REQUEST,
    AFTER_GET_REQUEST,
    VERIFY_REQUEST,
    PROCESS_REQUEST,
    FINISH_REQUEST,
    SETUP,
    HANDLE,
    FINISH,
    SHUTDOWN_REQUEST,
    CLOSE_REQUEST,
    HANDLE_ERROR,
    HANDLE_TIMEOUT,
    SERVICE_ACTIONS
  }

  final class HookError extends Error {
    private static final long serialVersionUID = 1L;

    HookError(Hook hook) {
      super("injected: " + hook);
    }
  }

  /** The hook that is to fail, once; or null. */
  AtomicReference<Hook> FAILS = new AtomicReference<>();

  static void at(Hook hook) {
    if (FAILS.compareAndSet(hook, null)) {
      throw new HookError(hook);
    }
  }

  @Override
  default Accepted<R> getRequest() throws IOException {
    at(Hook.GET_REQUEST);
    Accepted<R> accepted = InjectedRequests.super.getRequest();
    at(Hook.AFTER_GET_REQUEST);
    return accepted;
  }

  @Override
  default boolean verifyRequest(R request, SocketAddress client) throws Exception {
    at(Hook.VERIFY_REQUEST);
    return InjectedRequests.super.verifyRequest(request, client);
  }

  @Override
  default void processRequest(R request, SocketAddress client) throws Exception {
    at(Hook.PROCESS_REQUEST);
    InjectedRequests.super.processRequest(request, client);
  }

  @Override
  default void finishRequest(R request, SocketAddress client) throws Exception {
    at(Hook.FINISH_REQUEST);
    InjectedRequests.super.finishRequest(request, client);
  }

  @Override
  default void shutdownRequest(R request) {
    at(Hook.SHUTDOWN_REQUEST);
    InjectedRequests.super.shutdownRequest(request);
  }

  @Override
  default void closeRequest(R request) {
    at(Hook.CLOSE_REQUEST);
    InjectedRequests.super.closeRequest(request);
  }

  @Override
  default void handleError(R request, SocketAddress client, Throwable error) {
    at(Hook.HANDLE_ERROR);
    InjectedRequests.super.handleError(request, client, error);
  }

  @Override
  default void handleTimeout() throws Exception {
    at(Hook.HANDLE_TIMEOUT);
    InjectedRequests.super.handleTimeout();
  }

  @Override
  default void serviceActions() throws Exception {
    at(Hook.SERVICE_ACTIONS);
    InjectedRequests.super.serviceActions();
  }
}
