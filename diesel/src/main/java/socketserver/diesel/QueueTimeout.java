package socketserver.diesel;

import java.time.Duration;
import java.util.concurrent.TimeoutException;

/**
 * Thrown by {@link Queue#get(Duration)} when there was nothing to take for so long (Python: {@code
 * diesel.util.queue.QueueTimeout}).
 */
public class QueueTimeout extends TimeoutException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes one.
   *
   * @param timeout how long was waited
   */
  public QueueTimeout(Duration timeout) {
    super("nothing was put on the queue within " + timeout);
  }
}
