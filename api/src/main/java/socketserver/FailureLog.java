package socketserver;

import java.util.function.Consumer;
import org.slf4j.Logger;
import socketserver.spi.LimitedLog;

/**
 * Logs failures that clients can provoke: a few a second, since a server that is attacked must not
 * flood its log. Any thread; it never throws, whatever the failure or the logger does.
 */
final class FailureLog {
  private static final int LINES_PER_SECOND = 5;

  private final Logger logger;
  private final LimitedLog lines = new LimitedLog(LINES_PER_SECOND);

  FailureLog(Logger logger) {
    this.logger = logger;
  }

  /** Logs what is no fault of the program. */
  void warn(String what, Object why) {
    write(leftOut -> logger.warn("{}: {}{}", what, why, leftOut));
  }

  /** Logs what probably is one, with its stack. */
  void error(String what, Throwable failure) {
    error(what, "", failure);
  }

  /** As error, of a client's request. */
  void error(String what, Object client, Throwable failure) {
    write(leftOut -> logger.error("{}{}{}", what, client, leftOut, failure));
  }

  private void write(Consumer<String> line) {
    try {
      lines.write(line);
    } catch (Throwable e) {
      // no memory, or an exception that cannot be printed: whoever logs goes on
    }
  }
}
