package socketserver;

import org.slf4j.Logger;
import socketserver.spi.LimitedLog;

/**
 * Logs failures of hooks, which clients can provoke: a few a second, since a server that is
 * attacked must not flood its log. Any thread; it never throws, whatever the failure or the logger
 * does.
 */
final class FailureLog {
  private static final int LINES_PER_SECOND = 5;

  private final Logger logger;
  private final LimitedLog lines = new LimitedLog(LINES_PER_SECOND);

  FailureLog(Logger logger) {
    this.logger = logger;
  }

  /** Logs a failure with its stack. */
  void error(String what, Throwable failure) {
    error(what, "", failure);
  }

  /** As error, of a client's request. */
  void error(String what, Object client, Throwable failure) {
    try {
      lines.write(leftOut -> logger.error("{}{}{}", what, client, leftOut, failure));
    } catch (Throwable e) {
      // no memory, or an exception that cannot be printed: whoever logs goes on
    }
  }
}
