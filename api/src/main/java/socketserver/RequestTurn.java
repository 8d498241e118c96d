package socketserver;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import socketserver.spi.OutOfResourcesException;

/**
 * Takes a request and has it processed, on the serving thread, and answers for what the hooks leave
 * there: a request that nobody was given is closed, a failure reported, a handler's interrupt
 * cleared. Nothing gets out of it that would end the loop, but what {@code handleError} throws.
 *
 * <p>For one thread at a time. Calls of hooks by other threads pass through; so may a handler that
 * calls {@code handleRequest()} itself.
 *
 * @param <R> the kind of request
 */
final class RequestTurn<R> {
  private static final long FIRST_PAUSE_MILLIS = 10;
  private static final long LONGEST_PAUSE_MILLIS = 1000;

  /** For a getRequest that fails and takes nothing: it would fail again at once, and spin. */
  private static final long BREATH_MILLIS = 1;

  private final BaseServer<R> server;
  private final FailureLog failures;

  /** Whether the server's own code runs here for each request, beside its handler. */
  private final boolean ownHooks;

  /** The thread in getRequest(), or null. The fields below it are this thread's. */
  private volatile Thread taker;

  /** What the library has given to getRequest(). */
  private final List<R> taken = new ArrayList<>();

  /** The library's own accepting has failed for want of descriptors or memory. */
  private boolean outOfResources;

  /** The library has nothing to take requests from. */
  private UnsupportedOperationException sourceless;

  /** How many times in a row accepting has failed so. */
  private int failedAccepts;

  /** The thread that has a request processed, or null. The fields below it are this thread's. */
  private volatile Thread processor;

  /** A handler has run on this thread. */
  private boolean handledHere;

  /** An interrupt has ended a wait of the library: it was meant for the loop. */
  private boolean waitInterrupted;

  /** What handleError has thrown, which ends the loop; null if it has thrown nothing. */
  private Throwable thrownByHandleError;

  RequestTurn(BaseServer<R> server, FailureLog failures) {
    this.server = server;
    this.failures = failures;
    this.ownHooks = server.overrides("verifyRequest", 2) || server.overrides("processRequest", 2);
  }

  /**
   * Takes the next request, if there is one after all, and has it processed.
   *
   * @throws InterruptedIOException if the thread was interrupted while it waited
   */
  void run() throws InterruptedIOException {
    Accepted<R> accepted = take();
    if (accepted != null) {
      process(accepted.request(), accepted.clientAddress());
    }
  }

  // Taking

  /** What getRequest() does unless it is overridden. */
  Accepted<R> accept() throws IOException {
    if (taker != Thread.currentThread()) {
      return server.acceptRequest();
    }
    outOfResources = false;
    try {
      Accepted<R> accepted = server.acceptRequest();
      taken.add(accepted.request());
      return accepted;
    } catch (OutOfResourcesException e) {
      outOfResources = true;
      throw e;
    } catch (UnsupportedOperationException e) {
      sourceless = e;
      throw e;
    }
  }

  /** Whether a thread waits in getRequest(), or is about to. */
  boolean isTaking() {
    return taker != null;
  }

  private Accepted<R> take() throws InterruptedIOException {
    Throwable failure;
    outOfResources = false;
    taker = Thread.currentThread();
    try {
      Accepted<R> accepted = server.getRequest();
      if (accepted != null) {
        failedAccepts = 0;
        taken.clear();
        return accepted;
      }
      failure =
          new IllegalStateException("getRequest() returned null: throw a SocketTimeoutException");
    } catch (Throwable e) {
      failure = e;
    } finally {
      taker = null;
    }
    boolean nothingTaken = taken.isEmpty();
    boolean failed = failed(failure);
    taken.forEach(this::release);
    taken.clear();
    if (outOfResources) {
      backOff();
    } else if (failed && nothingTaken) {
      server.loop().pause(TimeUnit.MILLISECONDS.toNanos(BREATH_MILLIS));
    }
    // what says that this thread is to stop, and not that there is no request
    if (failure == sourceless && sourceless != null) {
      throw sourceless;
    }
    if (isInterrupt(failure)) {
      throw (InterruptedIOException) failure;
    }
    return null;
  }

  /** Logs what getRequest has thrown; false if there is only no request, or not any more. */
  private boolean failed(Throwable failure) {
    boolean ends = failure == sourceless || isInterrupt(failure) || server.loop().isClosed();
    if (ends
        || failure instanceof SocketTimeoutException
        || failure instanceof WouldBlockException
        || !server.isUsable()) {
      return false;
    }
    if (failure instanceof IOException io) {
      notAccepted(io);
    } else {
      failures.error("getRequest failed, and serving goes on", failure);
    }
    return true;
  }

  private void notAccepted(IOException failure) {
    R last = taken.isEmpty() ? null : taken.get(taken.size() - 1);
    try {
      server.errorReport().notAccepted(last, failure);
    } catch (Throwable e) {
      failures.error("why a request could not be taken cannot be printed", e);
    }
  }

  /** Others throw such an exception for a time-out of their own. */
  private static boolean isInterrupt(Throwable failure) {
    return failure instanceof InterruptedIOException
        && !(failure instanceof SocketTimeoutException)
        && Thread.currentThread().isInterrupted();
  }

  /** The next try would fail as well: pauses that grow keep the loop from spinning. */
  void backOff() {
    long millis =
        Math.min(FIRST_PAUSE_MILLIS << Math.min(failedAccepts++, 10), LONGEST_PAUSE_MILLIS);
    server.loop().pause(TimeUnit.MILLISECONDS.toNanos(millis));
  }

  // Processing

  private void process(R request, SocketAddress client) {
    Thread outer = processor;
    processor = Thread.currentThread();
    handledHere = false;
    waitInterrupted = false;
    boolean done = false;
    try {
      if (server.mixInState().limits.admits(client) && server.verifyRequest(request, client)) {
        server.processRequest(request, client);
        done = true;
      }
    } catch (Throwable e) {
      report(request, client, e);
    } finally {
      processor = outer;
      if (!done) {
        end(request, client);
      }
      clearInterrupt();
    }
  }

  /** A handler has run on this thread: an interrupt that it has left is its own. */
  void handled() {
    if (processor == Thread.currentThread()) {
      handledHere = true;
    }
  }

  /** An interrupt has ended a wait of the library's on this thread, whose flag is set again. */
  void waitInterrupted() {
    if (processor == Thread.currentThread()) {
      waitInterrupted = true;
    }
  }

  private void clearInterrupt() {
    if ((handledHere || ownHooks) && !waitInterrupted) {
      Thread.interrupted();
    }
  }

  /** Calls handleError. What that throws goes on, and tells of the first exception as well. */
  void report(R request, SocketAddress client, Throwable error) {
    try {
      server.handleError(request, client, error);
    } catch (Throwable e) {
      if (e != error && e.getCause() != error) {
        e.addSuppressed(error);
      }
      if (processor == Thread.currentThread()) {
        thrownByHandleError = e;
      }
      throw e;
    }
  }

  /** Whether this was meant to end the loop. */
  boolean isThrownByHandleError(Throwable error) {
    return error == thrownByHandleError;
  }

  /** As report, on a request's own thread, where nobody but its exception handler would know. */
  void reportInThread(R request, SocketAddress client, Throwable error) {
    try {
      report(request, client, error);
    } catch (Throwable e) {
      failures.error("handleError failed for the request from ", client, e);
      throw e;
    }
  }

  /** What handleError does unless it is overridden; an exception may be such that it fails. */
  void print(R request, SocketAddress client, Throwable error) {
    try {
      server.errorReport().print(request, client, error);
    } catch (Throwable e) {
      failures.error("an exception could not be printed, of the request from ", client, e);
    }
  }

  /** Shuts the request down. If that fails it is logged, and the connection closed all the same. */
  void end(R request, SocketAddress client) {
    try {
      server.shutdownRequest(request);
    } catch (Throwable e) {
      failures.error("shutdownRequest failed for the request from ", client, e);
      release(request);
    }
  }

  private void release(R request) {
    try {
      server.releaseRequest(request);
    } catch (Throwable e) {
      failures.error("a request could not be closed", e);
    }
  }
}
