package socketserver.diesel;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Predicate;

/**
 * Connections that loops use one after the other (Python: {@code diesel.util.pool.ConnectionPool}).
 * It keeps some that nobody uses, makes more when none is left, and closes those that are too many.
 *
 * <pre>{@code
 * var pool =
 *     new ConnectionPool<>(
 *         () -> new EchoClient("localhost", 8000), EchoClient::close, EchoClient::isClosed);
 *
 * // with pool.connection as client: answer = client.echo("hello")
 * String answer = pool.call(client -> client.echo("hello"));
 * }</pre>
 *
 * <p>For the loops of one application. What is given to the constructor is called in the loop that
 * needs it, and may wait.
 *
 * @param <C> what a connection is, {@link Client} or another
 */
public class ConnectionPool<C> {
  private static final int POOL_SIZE = 5;
  private static final Duration POLL_MAX_TIMEOUT = Duration.ofSeconds(5);

  /**
   * What is done with a connection, or to end it.
   *
   * @param <C> what a connection is
   */
  @FunctionalInterface
  public interface Use<C> {
    /**
     * Uses a connection.
     *
     * @param connection the connection
     * @throws Exception for whatever reason
     */
    void with(C connection) throws Exception;
  }

  /**
   * What is asked of a connection.
   *
   * @param <C> what a connection is
   * @param <R> what comes of it
   */
  @FunctionalInterface
  public interface Call<C, R> {
    /**
     * Uses a connection.
     *
     * @param connection the connection
     * @return what comes of it
     * @throws Exception for whatever reason
     */
    R call(C connection) throws Exception;
  }

  private final Callable<? extends C> init;
  private final Use<? super C> close;
  private final Predicate<? super C> isClosed;
  private final int poolSize;
  private final int poolMax;
  private final Duration pollMaxTimeout;

  /** How many more connections may be in use; null for any number. */
  private final Lock places;

  /** Guarded by the baton: those that nobody uses, the one that was used last at the end. */
  private final Deque<C> connections = new ArrayDeque<>();

  /**
   * Makes a pool that keeps five connections, of which any number may be in use.
   *
   * @param init makes a connection (Python: {@code init_callable})
   * @param close closes one (Python: {@code close_callable})
   * @param isClosed tells whether one is closed (Python asks its {@code is_closed})
   */
  public ConnectionPool(
      Callable<? extends C> init, Use<? super C> close, Predicate<? super C> isClosed) {
    this(init, close, isClosed, POOL_SIZE, 0);
  }

  /**
   * Makes a pool. Who wants a connection when too many are in use waits five seconds for one.
   *
   * @param init makes a connection (Python: {@code init_callable})
   * @param close closes one (Python: {@code close_callable})
   * @param isClosed tells whether one is closed (Python asks its {@code is_closed})
   * @param poolSize how many to keep that nobody uses (Python: {@code pool_size=5})
   * @param poolMax how many may be in use; zero for any number (Python: {@code pool_max=None})
   * @throws IllegalArgumentException if a number is negative
   */
  public ConnectionPool(
      Callable<? extends C> init,
      Use<? super C> close,
      Predicate<? super C> isClosed,
      int poolSize,
      int poolMax) {
    this(init, close, isClosed, poolSize, poolMax, POLL_MAX_TIMEOUT);
  }

  /**
   * Makes a pool.
   *
   * @param init makes a connection (Python: {@code init_callable})
   * @param close closes one (Python: {@code close_callable})
   * @param isClosed tells whether one is closed (Python asks its {@code is_closed})
   * @param poolSize how many to keep that nobody uses (Python: {@code pool_size=5})
   * @param poolMax how many may be in use; zero for any number (Python: {@code pool_max=None})
   * @param pollMaxTimeout how long who wants one more waits until one is given back (Python: {@code
   *     poll_max_timeout=5})
   * @throws IllegalArgumentException if a number or the time is negative
   */
  public ConnectionPool(
      Callable<? extends C> init,
      Use<? super C> close,
      Predicate<? super C> isClosed,
      int poolSize,
      int poolMax,
      Duration pollMaxTimeout) {
    if (poolSize < 0) {
      throw new IllegalArgumentException("pool size is negative: " + poolSize);
    }
    if (poolMax < 0) {
      throw new IllegalArgumentException("pool maximum is negative: " + poolMax);
    }
    if (pollMaxTimeout.isNegative()) {
      throw new IllegalArgumentException("pool time-out is negative: " + pollMaxTimeout);
    }
    this.init = Objects.requireNonNull(init, "init is null");
    this.close = Objects.requireNonNull(close, "close is null");
    this.isClosed = Objects.requireNonNull(isClosed, "isClosed is null");
    this.poolSize = poolSize;
    this.poolMax = poolMax;
    this.pollMaxTimeout = pollMaxTimeout;
    this.places = poolMax == 0 ? null : new Lock(poolMax);
  }

  /**
   * Takes a connection that is not closed, or makes one (Python: {@code get()}). If too many are in
   * use it waits until one is given back.
   *
   * @return the connection, to be given back with {@link #release(Object, boolean)}
   * @throws ConnectionPoolFull if none is given back in time
   * @throws Exception what making one throws
   */
  public C get() throws Exception {
    if (places != null && !Diesel.first(pollMaxTimeout, places).by(places)) {
      throw new ConnectionPoolFull(poolMax, pollMaxTimeout);
    }
    try {
      C idle;
      do {
        idle = connections.pollLast();
      } while (idle != null && isClosed.test(idle));
      return idle == null ? made() : idle;
    } catch (Throwable e) {
      // in Python its place is lost
      leave();
      throw e;
    }
  }

  private C made() throws Exception {
    return Objects.requireNonNull(init.call(), "init has made no connection");
  }

  private void leave() {
    if (places != null) {
      places.release();
    }
  }

  /**
   * Gives a connection back that has not failed (Python: {@code release(conn)}).
   *
   * @param connection what {@link #get()} has returned
   * @throws Exception what closing it throws, if it is one too many
   */
  public void release(C connection) throws Exception {
    release(connection, false);
  }

  /**
   * Gives a connection back (Python: {@code release(conn, error)}). It is kept for the next who
   * needs one, unless it is closed; it is closed if it has failed, or enough are kept.
   *
   * @param connection what {@link #get()} has returned
   * @param error whether it has failed
   * @throws Exception what closing it throws
   */
  public void release(C connection, boolean error) throws Exception {
    boolean open = !isClosed.test(connection);
    boolean kept = open && !error && connections.size() < poolSize;
    if (kept) {
      connections.addLast(connection);
    }
    leave();
    if (open && !kept) {
      close.with(connection);
    }
  }

  /**
   * Uses a connection, and gives it back; if anything is thrown meanwhile it is taken to have
   * failed, and closed (Python: {@code with pool.connection as conn}).
   *
   * @param use what is done with it
   * @throws ConnectionPoolFull if too many are in use and none is given back in time
   * @throws Exception what making, using or closing one throws
   */
  public void with(Use<? super C> use) throws Exception {
    call(
        connection -> {
          use.with(connection);
          return null;
        });
  }

  /**
   * Uses a connection as {@link #with} does, and returns what comes of it.
   *
   * @param <R> what comes of it
   * @param call what is asked of it
   * @return what that returns
   * @throws ConnectionPoolFull if too many are in use and none is given back in time
   * @throws Exception what making, using or closing one throws
   */
  public <R> R call(Call<? super C, R> call) throws Exception {
    C connection = get();
    R result;
    try {
      result = call.call(connection);
    } catch (Throwable e) {
      try {
        release(connection, true);
      } catch (Exception closing) {
        e.addSuppressed(closing);
      }
      throw e;
    }
    release(connection);
    return result;
  }

  /**
   * Returns how many connections are kept that nobody uses (Python: {@code len(connections)}).
   *
   * @return the number, with those that the other side has closed meanwhile
   */
  public int idle() {
    return connections.size();
  }
}
