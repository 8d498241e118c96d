package socketserver;

import java.io.IOException;
import java.net.SocketAddress;
import java.util.concurrent.Executor;

/** A verified request on its way to whoever runs it. */
public final class RequestTask {
  private final Run<?> run;

  private record Run<R>(BaseServer<R> server, R request, SocketAddress clientAddress) {}

  <R> RequestTask(BaseServer<R> server, R request, SocketAddress clientAddress) {
    this.run = new Run<>(server, request, clientAddress);
  }

  /**
   * Runs the request on this thread, as a server without a mix-in does: {@code finishRequest}, then
   * {@code shutdownRequest}. Failures are the caller's.
   *
   * @throws Exception what the handler threw; the request is not shut down then
   */
  public void run() throws Exception {
    run(run);
  }

  /**
   * Runs the request on this thread, as a mix-in's thread does: {@code processRequestThread}, which
   * deals with failures and shuts the request down.
   */
  public void runInThread() {
    runInThread(run);
  }

  /** Whether the request is a connection. */
  boolean hasConnection() {
    return run.request() instanceof StreamSocket;
  }

  /** The event loop of the request's socket; null if it has none. */
  Executor eventLoop() {
    Object request = run.request();
    if (request instanceof StreamSocket connection) {
      return connection.endpoint().eventLoop();
    }
    return request instanceof DatagramRequest datagram
        ? datagram.socket().endpoint().eventLoop()
        : null;
  }

  SocketAddress clientAddress() {
    return run.clientAddress();
  }

  /** Shuts the request down unhandled. */
  void refuse() {
    refuse(run);
  }

  /** Hands the request to a child process, and lets go of it here. */
  void handOver(ForkedRequests children) throws IOException {
    handOver(run, children);
  }

  private static <R> void handOver(Run<R> run, ForkedRequests children) throws IOException {
    HandedOver crossing = Crossing.of(run.server).handOver(run.request, run.clientAddress);
    children.fork(crossing, run.clientAddress);
    run.server.closeRequest(run.request);
  }

  private static <R> void refuse(Run<R> run) {
    run.server.shutdownRequest(run.request);
  }

  private static <R> void run(Run<R> run) throws Exception {
    try {
      run.server.finishRequest(run.request, run.clientAddress);
      run.server.shutdownRequest(run.request);
    } finally {
      run.server.turn().handled();
    }
  }

  private static <R> void runInThread(Run<R> run) {
    run.server.processRequestThread(run.request, run.clientAddress);
  }
}
