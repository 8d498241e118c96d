package socketserver;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.UndeclaredThrowableException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import socketserver.select.Select;
import socketserver.select.Selectable;
import socketserver.spi.EarlyClasses;
import socketserver.spi.Endpoint;
import socketserver.spi.ReadinessSource;
import socketserver.spi.StackSpace;
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
public abstract class BaseServer<R> implements Selectable, RequestHooks<R>, AutoCloseable {
  /** How long {@link #serveForever()} is idle before {@code serviceActions} is called. */
  private static final Duration POLL_INTERVAL = Duration.ofMillis(500);

  /** How long serving rests when there is no memory even for a pause. */
  private static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private static final Logger LOGGER = LoggerFactory.getLogger(BaseServer.class);

  static {
    EarlyClasses.initialize(
        MethodHandles.lookup(),
        List.of(
            Errno.class,
            FileHold.class,
            JavaSocketOptions.class,
            LineFeed.class,
            Select.class,
            SocketFiles.class,
            SocketReader.class,
            SocketWriter.class,
            StreamSocket.class,
            TimeLeft.class,
            UnixAddress.class));
    EarlyClasses.initialize(MethodHandles.publicLookup(), EarlyClasses.CAUGHT);
  }

  /** Guards loopThread and ended; signalled when either changes, and by shutdown. */
  private final ReentrantLock lock = new ReentrantLock();

  private final Condition changed = lock.newCondition();

  /** Guarded by lock: the thread in serveForever, or null. */
  private Thread loopThread;

  /** Guarded by lock: serveForever has ended since it last began (Python: an Event). */
  private boolean ended;

  /** Written by shutdown and by the end of the loop, read by the loop. */
  private volatile boolean shutdownRequest;

  /** Set by serverClose; unset when a server with a socket is given another one. */
  private volatile boolean closed;

  /** All attributes, of which each adds itself; complete once the server is constructed. */
  private final List<Attribute<?>> attributes = new CopyOnWriteArrayList<>();

  private volatile SocketAddress serverAddress;
  private final Attribute<HandlerFactory<R>> requestHandler;
  private final Attribute<Duration> timeout;

  private final FailureLog failures = new FailureLog(LOGGER);
  private final RequestTurn<R> turn;

  /** Waits for a server that overrides readiness() or fileno(); null for all others. */
  private final OwnReadiness ownReadiness;

  /** Whether the class says by fileno() alone what is to be waited for. */
  private final boolean saysNumberOnly;

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
    this.turn = new RequestTurn<>(this, failures);
    boolean saysReadiness = overrides("readiness", 0);
    this.saysNumberOnly = !saysReadiness && overrides("fileno", 0);
    this.ownReadiness = saysReadiness || saysNumberOnly ? new OwnReadiness() : null;
    if (handler == null && !overridesHandling()) {
      throw new NullPointerException(
          "handler factory is null: give Handler::new, or override requestHandler() or"
              + " finishRequest()");
    }
    checkDispatch();
  }

  /** Makes a copy in a child process, which takes no requests. */
  BaseServer(ForkedServer copy) {
    this.requestHandler = new Attribute<>(this, BaseServer.class, "requestHandler", null);
    this.timeout = new Attribute<>(this, BaseServer.class, "timeout", null);
    this.turn = new RequestTurn<>(this, failures);
    this.ownReadiness = null;
    this.saysNumberOnly = false;
    // as attributes of a forking server they are restored
    mixInState.forking();
    this.closed = true;
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

  ErrorReport errorReport() {
    return errorReport;
  }

  MixInState mixInState() {
    return mixInState;
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
    long nanos = BaseSocket.nanos(pollInterval);
    beginLoop();
    try {
      beginRequests();
      while (!isToEnd()) {
        try {
          boolean ready = awaitRequest(nanos);
          if (isToEnd() || !isUsable()) {
            break;
          }
          if (ready) {
            turn.run();
          }
          actions();
        } catch (Error e) {
          endure(e);
        }
      }
    } catch (InterruptedIOException e) {
      LOGGER.debug("serveForever was interrupted");
    } catch (IOException e) {
      if (!isToEnd() && isUsable()) {
        throw new UncheckedIOException(e);
      }
    } finally {
      endLoop();
    }
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
    long limit = shorter(socketTimeoutNanos(), BaseSocket.nanos(timeout()));
    beginRequests();
    long begin = System.nanoTime();
    try {
      while (true) {
        long left = limit < 0 ? limit : Math.max(limit - (System.nanoTime() - begin), 0);
        if (awaitRequest(left)) {
          turn.run();
          return;
        }
        if (closed || !isUsable()) {
          return;
        }
        if (left == 0) {
          timedOut();
          return;
        }
      }
    } catch (InterruptedIOException e) {
      LOGGER.debug("handleRequest was interrupted");
    } catch (IOException e) {
      if (!closed && isUsable()) {
        throw new UncheckedIOException(e);
      }
    } finally {
      releaseReadiness();
    }
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
    StackSpace.reserve();
    lock.lock();
    try {
      if (loopThread == Thread.currentThread()) {
        throw new IllegalStateException(
            "shutdown() on the thread that serves would wait for itself: call it on another"
                + " thread, such as new Thread(server::shutdown).start()");
      }
      shutdownRequest = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    wakeLoop();
    mixInState.wakeup();
    lock.lock();
    try {
      // a server that is closed without ever having served will never end its loop
      while (!ended && !(closed && loopThread == null)) {
        changed.await();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Closes the server (Python: {@code server_close()}): closes its socket and, with a mix-in, waits
   * for the requests that still run, as the mix-in's attributes say. A {@code serveForever} that
   * runs in another thread ends. Idempotent. An override calls {@code super.serverClose()}; it is
   * also called by a constructor that fails, before the subclass's fields are initialised.
   *
   * @throws IllegalStateException if called by a request's own thread that it would wait for; the
   *     socket is closed then
   */
  public void serverClose() {
    markClosed();
    joinRequests();
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
    mixInState.checkFactory(factory);
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

  // Requests that go on in another process

  /** Refuses a server whose requests cannot be handed over. */
  void checkHandOver() {
    throw new UnsupportedOperationException(
        getClass().getName() + " has no socket: its requests cannot be handed to child processes");
  }

  /** Stops using a request in this process. */
  HandedOver handOver(R request, SocketAddress client) throws IOException {
    throw new UnsupportedOperationException("no socket to hand over: " + request);
  }

  /** Makes the request that another process has handed over. */
  R adoptRequest(int fd, Envelope envelope) throws IOException {
    throw new UnsupportedOperationException("no socket to adopt");
  }

  /** Where a request came from, if its socket knows. */
  SocketAddress clientOf(R request) {
    return null;
  }

  /** Does with a request what a handler does, and what the server does then. */
  void rehearse(R request) throws IOException {}

  /**
   * Does what the end of a process does: closes the request, whatever shutdownRequest has left; but
   * first what was written gets to the system.
   */
  void letGo(R request) {}

  /** Waits until getRequest has something to take; true at once where that cannot be told. */
  boolean awaitRequest(long nanos) throws IOException {
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedIOException("interrupted");
    }
    return ownReadiness == null || ownReadiness.await(awaited(), limit(nanos));
  }

  /** What the class says that is to be waited for. */
  private ReadinessSource awaited() {
    return saysNumberOnly ? SocketNumbers.readiness(fileno()) : readiness();
  }

  private static Duration limit(long nanos) {
    return nanos == Endpoint.FOREVER ? null : Duration.ofNanos(nanos);
  }

  /** Whether the class says itself what is ready. */
  final boolean hasOwnReadiness() {
    return ownReadiness != null;
  }

  private void releaseReadiness() {
    if (ownReadiness != null) {
      ownReadiness.release();
    }
  }

  /** Whether there can be another request: false once the socket was closed by others. */
  boolean isUsable() {
    return ownReadiness == null || (saysNumberOnly ? fileno() >= 0 : readiness().isOpen());
  }

  long socketTimeoutNanos() {
    return Endpoint.FOREVER;
  }

  /** Ends an awaitRequest that is waiting, or else the next one. */
  void wakeLoop() {
    if (ownReadiness != null) {
      ownReadiness.wakeup();
    }
  }

  // The loop

  /**
   * Goes on after an Error of the library's own, as when there is no memory for a turn. All that
   * may need memory, such as a text for the first time, is within the try.
   */
  private void endure(Error error) {
    if (turn.isThrownByHandleError(error)) {
      throw error;
    }
    try {
      failures.error("taking a request failed, and serving goes on", error);
      turn.backOff();
    } catch (Error again) {
      LockSupport.parkNanos(REST_NANOS);
    }
  }

  /** What takes the requests, and has them processed. */
  final RequestTurn<R> turn() {
    return turn;
  }

  /** Lets the serving thread wait, unless it is to end; an interrupt ends that, too. */
  final void pause(long nanos) {
    StackSpace.reserve();
    lock.lock();
    try {
      long left = nanos;
      while (left > 0 && !isToEnd()) {
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  private void actions() {
    try {
      serviceActions();
    } catch (InterruptedException e) {
      // nobody but who wants the loop to end interrupts it there
      Thread.currentThread().interrupt();
    } catch (Throwable e) {
      failures.error("serviceActions failed, and serving goes on", e);
    }
  }

  private void timedOut() {
    try {
      handleTimeout();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new UndeclaredThrowableException(e, "handleTimeout failed");
    }
  }

  private void beginLoop() {
    checkOpen();
    StackSpace.reserve();
    lock.lock();
    try {
      if (loopThread != null) {
        throw new IllegalStateException(
            "serveForever is running already, on thread " + loopThread.getName());
      }
      loopThread = Thread.currentThread();
      ended = false;
    } finally {
      lock.unlock();
    }
    ThreadNames.serving(Thread.currentThread());
  }

  private void endLoop() {
    mixInState.loopEnded();
    releaseReadiness();
    StackSpace.reserve();
    lock.lock();
    try {
      loopThread = null;
      shutdownRequest = false;
      ended = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  void markClosed() {
    StackSpace.reserve();
    lock.lock();
    try {
      closed = true;
      // a loop that runs ends, even if the server has another socket before it looks
      shutdownRequest |= loopThread != null;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    wakeLoop();
    mixInState.wakeup();
  }

  /** A closed server has a socket again, and may serve again. */
  final void reopen() {
    mixInState.reopen();
    closed = false;
  }

  /** Whether the loop has to end, or there is no need for one. */
  final boolean isToEnd() {
    return shutdownRequest || closed;
  }

  final boolean isClosed() {
    return closed;
  }

  /** Refuses what a closed server cannot do. */
  final void checkOpen() {
    if (closed || !isUsable()) {
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
