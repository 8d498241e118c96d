package socketserver.diesel;

import java.time.Duration;
import java.util.concurrent.TimeoutException;

/**
 * Thrown by {@link Event#waitFor(Duration)} when the event has not happened for so long (Python:
 * {@code diesel.util.event.EventTimeout}).
 */
public class EventTimeout extends TimeoutException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes one.
   *
   * @param timeout how long was waited
   */
  public EventTimeout(Duration timeout) {
    super("the event has not happened within " + timeout);
  }
}
