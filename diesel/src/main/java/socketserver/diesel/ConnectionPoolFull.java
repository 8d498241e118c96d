package socketserver.diesel;

import java.time.Duration;

/**
 * Thrown by a {@link ConnectionPool} when as many connections are in use as may be, and none is
 * given back in time (Python: {@code diesel.util.pool.ConnectionPoolFull}).
 */
public class ConnectionPoolFull extends Exception {
  private static final long serialVersionUID = 1L;

  /**
   * Makes one.
   *
   * @param poolMax how many are in use
   * @param timeout how long was waited
   */
  public ConnectionPoolFull(int poolMax, Duration timeout) {
    super("all " + poolMax + " connections are in use, and none was given back within " + timeout);
  }
}
