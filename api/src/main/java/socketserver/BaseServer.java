package socketserver;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.invoke.MethodHandles;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import socketserver.select.Select;
import socketserver.select.Selectable;
import socketserver.spi.EarlyClasses;
import socketserver.spi.Endpoint;
import socketserver.spi.ReadinessSource;
import socketserver.spi.TimeLeft;

/**
 * What every server is (Python: {@code BaseServer}): a loop that takes requests and has them
 * processed, and a way to stop it.
 *
 * <p><b>Life.</b> Construct; {@link #serveForever()} on a thread of one's choice, or {@link
 * #handleRequest()} for one request; {@link #shutdown()} from another thread ends the loop, after
 * which it can be run again; {@link #serverClose()} (or {@link #close()}, for try-with-resources)
 * ends the server for good. The order of the calls is described in {@link RequestHooks}.
 *
 * <p><b>Without a socket.</b> A subclass that overrides {@code getRequest()} needs no socket: it is
 * asked again and again, blocks as long as it likes, and says that there is no request for now with
 * a {@link SocketTimeoutException}.
 *
 * <p>All methods may be called from any thread, but one thread at a time serves.
 *
 * @param <R> the kind of request
 */
public abstract class BaseServer<R>
    implements Selectable, RequestHooks<R>, Stoppable, Limits, AutoCloseable {
  /** How long {@link #serveForever()} is idle before {@code serviceActions} is called. */
  private static final Duration POLL_INTERVAL = Duration.ofMillis(500);

  static {
    EarlyClasses.initialize(
        MethodHandles.lookup(),
        List.of(
            Errno.class,
            FileHold.class,
            JavaSocketOptions.class,
            LineFeed.class,
            LineIterator.class,
            ReadAhead.class,
            RequestTask.class,
            Select.class,
            SocketFiles.class,
            SocketReader.class,
            SocketWriter.class,
            StreamSocket.class,
            TimeLeft.class,
            Traffic.class,
            UnixAddress.class));
    EarlyClasses.initialize(MethodHandles.publicLookup(), EarlyClasses.CAUGHT);
  }

  /** All attributes, of which each adds itself; complete once the server is constructed. */
  private final List<Attribute<?>> attributes = new CopyOnWriteArrayList<>();

  private volatile SocketAddress serverAddress;
  private final Attribute<HandlerFactory<R>> requestHandler;
  private final Attribute<Duration> timeout;

  private final ServingLoop<R> loop = new ServingLoop<>(this);
  private final Stopping stopping = new Stopping(this);

  /** Waits for a server that overrides readiness() or fileno(); null for all others. */
  private final OwnReadiness ownReadiness;

  private final ErrorReport errorReport = new ErrorReport();

  /** What a mix-in keeps for this server; each makes its own on first use. */
  private final MixInState mixInState = new MixInState(this);

  /**
   * Makes a server.
   *
   * @param serverAddress the address, kept for {@link #serverAddress()}
   * @param handler makes the handlers; may be null where {@link #requestHandler()} or {@code
   *     finishRequest} is overridden
   * @throws NullPointerException if the factory is null and neither is overridden
   */
  protected BaseServer(SocketAddress serverAddress, HandlerFactory<R> handler) {
    this.serverAddress = serverAddress;
    this.requestHandler = new Attribute<>(this, BaseServer.class, "requestHandler", handler);
    this.timeout = new Attribute<>(this, BaseServer.class, "timeout", null);
    this.ownReadiness = OwnReadiness.of(this);
    if (handler == null && !overridesHandling()) {
      throw new NullPointerException(
          "handler factory is null: give Handler::new, or override requestHandler() or"
              + " finishRequest()");
    }
    checkDispatch();
  }

  /** Makes a copy in another process, which takes no requests. */
  BaseServer(ServerCopy copy) {
    this.requestHandler = new Attribute<>(this, BaseServer.class, "requestHandler", null);
    this.timeout = new Attribute<>(this, BaseServer.class, "timeout", null);
    this.ownReadiness = null;
    stopping.markCopy();
    loop.close();
  }

  /** The server that hooks belong to. */
  @SuppressWarnings("unchecked") // RequestHooks<R> is implemented by BaseServer<R> alone
  static <R> BaseServer<R> of(RequestHooks<R> hooks) {
    if (hooks instanceof BaseServer) {
      return (BaseServer<R>) hooks;
    }
    throw new IllegalStateException(
        hooks.getClass().getName() + " is no BaseServer: a mix-in belongs on a server class");
  }

  /** The server that a mix-in belongs to. */
  static BaseServer<?> of(RequestDispatch mixIn) {
    if (mixIn instanceof BaseServer<?> server) {
      return server;
    }
    throw new IllegalStateException(
        mixIn.getClass().getName() + " is no BaseServer: a mix-in belongs on a server class");
  }

  /** The server that can be stopped. */
  static BaseServer<?> of(Stoppable stoppable) {
    if (stoppable instanceof BaseServer<?> server) {
      return server;
    }
    throw new IllegalStateException(stoppable.getClass().getName() + " is no BaseServer");
  }

  ErrorReport errorReport() {
    return errorReport;
  }

  MixInState mixInState() {
    return mixInState;
  }

  final Stopping stopping() {
    return stopping;
  }

  final void add(Attribute<?> attribute) {
    attributes.add(attribute);
  }

  final List<Attribute<?>> attributes() {
    return attributes;
  }

  /** The factory that the constructor or the setter was given, or null. */
  final HandlerFactory<R> givenHandler() {
    return requestHandler.value();
  }

  // Serving

  /**
   * Serves until {@link #shutdown()} (Python: {@code serve_forever()}): as {@link
   * #serveForever(Duration)} with half a second.
   *
   * @throws IllegalStateException if the server is closed, or another thread is serving
   */
  public void serveForever() {
    serveForever(POLL_INTERVAL);
  }

  /**
   * Serves on this thread until {@link #shutdown()}, {@link #serverClose()} or an interrupt of this
   * thread while it waits (Python: {@code serve_forever(poll_interval)}). Each turn takes one
   * request, if there is one, and then calls {@code serviceActions}. May be called again after it
   * has ended. Ignores {@link #timeout()}.
   *
   * <p>Nothing that a request does ends it: what hooks and handlers throw, {@link Error}s included,
   * is dealt with as {@link RequestHooks} says at each. Only what an override of {@code
   * handleError} throws leaves this method, unless another thread runs the request. An interrupt
   * while a handler runs on this thread is the handler's; the flag is cleared when that has ended.
   *
   * @param pollInterval how long a turn waits for a request; shutting down does not wait for it
   * @throws IllegalArgumentException if the interval is zero or negative
   * @throws IllegalStateException if the server is closed, or another thread is serving
   */
  public void serveForever(Duration pollInterval) {
    if (pollInterval == null || pollInterval.isZero() || pollInterval.isNegative()) {
      throw new IllegalArgumentException("poll interval must be positive: " + pollInterval);
    }
    loop.serve(BaseSocket.nanos(pollInterval));
  }

  /**
   * Waits for one request and processes it (Python: {@code handle_request()}). Waits for {@link
   * #timeout()} or the socket's own time-out, whichever is shorter; when that is over {@code
   * handleTimeout} is called instead. Does not call {@code serviceActions}, and {@link #shutdown()}
   * does not end it. What hooks and handlers throw is dealt with as in {@link
   * #serveForever(Duration)}.
   *
   * @throws IllegalStateException if the server is closed
   */
  public void handleRequest() {
    checkOpen();
    loop.serveOne(shorter(socketTimeoutNanos(), BaseSocket.nanos(timeout())));
  }

  /**
   * Ends {@link #serveForever()} and waits until it has ended (Python: {@code shutdown()}). Called
   * before serving it waits for a {@code serveForever} that then ends at once; called after, it
   * returns at once and the next {@code serveForever} does too. Does not end requests that run in
   * threads of their own, and does not close the socket. An interrupt ends the wait; the thread's
   * flag stays set.
   *
   * @throws IllegalStateException if called on the thread that serves: it would wait for itself
   */
  public void shutdown() {
    loop.requestEnd();
    wakeLoop();
    loop.awaitEnd();
  }

  /**
   * Closes the server (Python: {@code server_close()}): closes its socket and, with a mix-in, waits
   * for the requests that still run, as the mix-in's attributes say, without a limit; {@link
   * #serverClose(Duration)} waits for so long only. A {@code serveForever} that runs in another
   * thread ends. Idempotent. An override calls {@code super.serverClose()}; it is also called by a
   * constructor that fails, before the subclass's fields are initialised.
   *
   * @throws IllegalStateException if called by a request's own thread that it would wait for; the
   *     socket is closed then
   */
  public void serverClose() {
    markClosed();
    try {
      joinRequests();
    } finally {
      stopping.closed();
    }
  }

  /** As {@link #serverClose()}, for try-with-resources (Python: {@code with server:}). */
  @Override
  public void close() {
    serverClose();
  }

  // Attributes

  /**
   * Returns the address: after binding the one the server is bound to, before that the one that the
   * constructor was given (Python: {@code server_address}).
   *
   * @return the address
   */
  public SocketAddress serverAddress() {
    return serverAddress;
  }

  /**
   * Sets what {@link #serverAddress()} returns, for an override of {@code serverBind}.
   *
   * @param address the address
   */
  public void serverAddress(SocketAddress address) {
    serverAddress = address;
  }

  /**
   * Returns the host that the server is bound to (Python: {@code server_address[0]}).
   *
   * @return the address in numbers, or the name if it was not resolved
   * @throws UnsupportedOperationException if the server's address has no host
   */
  public String serverHost() {
    return Addresses.host(internetAddress());
  }

  /**
   * Returns the port that the server is bound to (Python: {@code server_address[1]}).
   *
   * @return the port
   * @throws UnsupportedOperationException if the server's address has no port
   */
  public int serverPort() {
    return internetAddress().getPort();
  }

  /**
   * Returns what makes the handlers (Python: {@code RequestHandlerClass}). Read for each request.
   *
   * @return the factory
   */
  public HandlerFactory<R> requestHandler() {
    return requestHandler.value();
  }

  /**
   * Sets what makes the handlers of the requests to come.
   *
   * @param factory the factory
   * @throws NullPointerException if it is null
   * @throws IllegalArgumentException if it cannot cross to a process that is to handle requests
   * @throws IllegalStateException if a subclass overrides {@link #requestHandler()}
   */
  public void requestHandler(HandlerFactory<R> factory) {
    if (factory == null) {
      throw new NullPointerException("handler factory is null: give Handler::new");
    }
    mixInState.parts().forEach(part -> part.checkFactory(factory));
    requestHandler.set(factory);
  }

  /**
   * Returns how long {@link #handleRequest()} waits for a request (Python: {@code timeout}). Read
   * by each {@code handleRequest()}; {@code serveForever()} ignores it.
   *
   * @return the longest wait, or null (as here without a forking mix-in) for no limit
   */
  public Duration timeout() {
    Duration set = timeout.value();
    return set != null ? set : dispatchTimeout();
  }

  /**
   * Sets {@link #timeout()}.
   *
   * @param value the longest wait; zero only looks; null for the default
   * @throws IllegalArgumentException if it is negative
   * @throws IllegalStateException if a subclass overrides {@link #timeout()}
   */
  public void timeout(Duration value) {
    if (value != null && value.isNegative()) {
      throw new IllegalArgumentException("timeout must not be negative: " + value);
    }
    timeout.set(value);
  }

  /**
   * Returns the descriptor of the server's socket (Python: {@code fileno()}). A server that
   * overrides this, or {@link #readiness()}, is waited for before {@code getRequest()} is called,
   * as in Python: by the number of a socket of this library's for that socket, by any other for the
   * descriptor itself. It is asked anew in each turn. Waiting for a descriptor needs epoll; without
   * it {@link #serveForever()} and {@link #handleRequest()} throw an {@link
   * UnsupportedOperationException}.
   *
   * @return the descriptor, or -1 once closed
   * @throws UnsupportedOperationException if the server has no socket
   */
  @Override
  public int fileno() {
    throw new UnsupportedOperationException(getClass().getName() + " has no socket");
  }

  /**
   * Returns what knows whether {@link #handleRequest()} would have to wait. A server that overrides
   * this, for instance with the readiness of a socket of its own, is waited for before {@code
   * getRequest()} is called (Python waits for {@code fileno()}).
   *
   * @return the readiness of the server's socket
   * @throws UnsupportedOperationException if the server has no socket
   */
  @Override
  public ReadinessSource readiness() {
    throw new UnsupportedOperationException(getClass().getName() + " has no socket");
  }

  /**
   * Prepares to take requests (Python: {@code server_activate()}). Does nothing here.
   *
   * @throws IOException if that fails
   */
  public void serverActivate() throws IOException {}

  // What servers with a socket do differently

  /** Closes the socket, if there is one. */
  void closeSocket() {}

  Accepted<R> acceptRequest() throws IOException {
    throw new UnsupportedOperationException(
        getClass().getName() + " has no socket: override getRequest()");
  }

  void endRequest(R request) {
    closeRequest(request);
  }

  void releaseRequest(R request) {}

  /** Sets the factory of the server that this is a copy of. */
  final void restoreHandler(Object factory) {
    requestHandler.restore(factory);
  }

  /** Waits until getRequest has something to take; true at once where that cannot be told. */
  boolean awaitRequest(long nanos) throws IOException {
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedIOException("interrupted");
    }
    return ownReadiness == null || ownReadiness.await(nanos);
  }

  /** Whether the class says itself what is ready. */
  final boolean hasOwnReadiness() {
    return ownReadiness != null;
  }

  /** Serving has ended: nothing is waited for until it begins again. */
  final void releaseReadiness() {
    if (ownReadiness != null) {
      ownReadiness.release();
    }
  }

  /** Whether there can be another request: false once the socket was closed by others. */
  boolean isUsable() {
    return ownReadiness == null || ownReadiness.isOpen();
  }

  long socketTimeoutNanos() {
    return Endpoint.FOREVER;
  }

  /** Ends an awaitRequest that is waiting, or else the next one. */
  void wakeLoop() {
    if (ownReadiness != null) {
      ownReadiness.wakeup();
    }
    for (MixInState.Part part : mixInState.parts()) {
      part.wakeup();
    }
  }

  // The loop

  final ServingLoop<R> loop() {
    return loop;
  }

  /** What takes the requests, and has them processed. */
  final RequestTurn<R> turn() {
    return loop.turn();
  }

  void markClosed() {
    loop.close();
    wakeLoop();
  }

  /** A closed server has a socket again, and may serve again. */
  final void reopen() {
    mixInState.parts().forEach(MixInState.Part::reopen);
    loop.reopen();
  }

  /** Refuses what a closed server cannot do. */
  final void checkOpen() {
    if (loop.isClosed() || !isUsable()) {
      throw new IllegalStateException("the server is closed: " + serverAddress);
    }
  }

  private static long shorter(long first, long second) {
    if (first < 0) {
      return second;
    }
    return second < 0 ? first : Math.min(first, second);
  }

  private InetSocketAddress internetAddress() {
    if (serverAddress instanceof InetSocketAddress inet) {
      return inet;
    }
    throw new UnsupportedOperationException("the address has no host and port: " + serverAddress);
  }

  private boolean overridesHandling() {
    return overrides("requestHandler", 0) || overrides("finishRequest", 2);
  }

  /** Whether a class or a mix-in beside the library's overrides a method. */
  final boolean overrides(String name, int parameters) {
    for (var method : getClass().getMethods()) {
      Class<?> home = method.getDeclaringClass();
      boolean ours =
          home == BaseServer.class || home == SocketServer.class || home == RequestHooks.class;
      if (!ours && method.getName().equals(name) && method.getParameterCount() == parameters) {
        return true;
      }
    }
    return false;
  }
}
