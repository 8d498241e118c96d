package socketserver;

import java.io.IOException;
import java.net.SocketAddress;
import java.util.concurrent.Executor;

/**
 * A verified request on its way to whoever runs it, and while it runs. Whoever is given one has to
 * run it: until its run has ended it is one of the server's {@linkplain BaseServer#requests()
 * requests}.
 */
public final class RequestTask {
  private final Run<?> run;
  private final long sinceMillis = System.currentTimeMillis();

  /** Written by who runs the request, read by any thread. Null before and after. */
  private volatile Thread thread;

  /** Written by who starts it or gives it up, read by any thread: serverClose waits for it. */
  private volatile boolean joined;

  /** Set for good by who closes the server: it is not to begin. */
  private volatile boolean cut;

  /** Set for good by who closes the server: nobody waits for it. */
  private volatile boolean givenUp;

  /** Guarded by the lock of {@link RunningRequests}: the server has interrupted its thread. */
  boolean interrupted;

  /** Written when it begins and when it ends: whom it counts for; null if for nobody. */
  Object countedFor;

  /** Of the thread that watches deadlines; null until that has seen it. */
  RequestWatch watch;

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
    thread = Thread.currentThread();
    try {
      run(run);
    } finally {
      running().end(this);
    }
  }

  /**
   * Runs the request on this thread, as a mix-in's thread does: {@code processRequestThread}, which
   * deals with failures and shuts the request down.
   */
  public void runInThread() {
    thread = Thread.currentThread();
    try {
      if (cut) {
        end(run);
      } else {
        handToThread();
      }
    } finally {
      running().end(this);
    }
  }

  private void handToThread() {
    RunningRequests running = running();
    running.hand(this);
    try {
      runInThread(run);
    } finally {
      running.takeBack(this);
    }
  }

  /** Has the server's mix-in run it. If that fails nobody runs it. */
  void dispatch() throws Exception {
    RunningRequests running = running();
    running.begin(this);
    boolean dispatched = false;
    try {
      run.server().dispatchRequest(this);
      dispatched = true;
    } finally {
      if (!dispatched) {
        running.end(this);
      }
    }
  }

  // As one of the requests that run

  private RunningRequests running() {
    return run.server().stopping().running();
  }

  boolean isRunning() {
    return running().contains(this);
  }

  Thread thread() {
    return thread;
  }

  void thread(Thread value) {
    thread = value;
  }

  /** Whether {@code serverClose} waits for it. */
  boolean isJoined() {
    return joined;
  }

  void join(boolean value) {
    joined = value;
  }

  /** Nobody waits for it any longer. */
  void giveUp() {
    joined = false;
    givenUp = true;
  }

  boolean isGivenUp() {
    return givenUp;
  }

  /** Ends its connection; if it has not begun, it does not. */
  void cut() {
    cut = true;
    StreamSocket connection = connection();
    if (connection != null) {
      connection.end();
    }
  }

  /** Ends its connection because its time is over; if it has not begun, it does not. */
  void timeOut(TimedOut why) {
    if (thread == null) {
      cut = true;
    }
    StreamSocket connection = connection();
    if (connection == null) {
      return;
    }
    connection.markTimedOut("timed out: " + why.reason());
    if (why.reset()) {
      connection.abort();
    } else {
      connection.end();
    }
  }

  long sinceMillis() {
    return sinceMillis;
  }

  SocketAddress clientAddress() {
    return run.clientAddress();
  }

  Object request() {
    return run.request();
  }

  /** The request if it is a connection; else null. */
  StreamSocket connection() {
    return run.request() instanceof StreamSocket connection ? connection : null;
  }

  // For mix-ins

  /** Whether the request is a connection. */
  boolean hasConnection() {
    return connection() != null;
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

  /** Shuts the request down unhandled. */
  void refuse() {
    try {
      refuse(run);
    } finally {
      running().end(this);
    }
  }

  /** Hands the request to a child process, and lets go of it here. */
  void handOver(ForkedRequests children) throws IOException {
    try {
      handOver(run, children);
    } finally {
      running().end(this);
    }
  }

  private static <R> void handOver(Run<R> run, ForkedRequests children) throws IOException {
    HandedOver crossing = Crossing.of(run.server).handOver(run.request, run.clientAddress);
    children.fork(crossing, run.clientAddress);
    run.server.closeRequest(run.request);
  }

  private static <R> void refuse(Run<R> run) {
    run.server.shutdownRequest(run.request);
  }

  private static <R> void end(Run<R> run) {
    run.server.turn().end(run.request, run.clientAddress);
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
