package socketserver.unix.fork;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is said about the end of a child process. */
final class Ending {
  private static final Logger LOGGER = LoggerFactory.getLogger(ChildPool.class);

  /** Added to the number of the signal that has ended a process. */
  private static final int SIGNAL = 128;

  private Ending() {}

  static String of(int status) {
    return status > SIGNAL
        ? "was ended by signal " + (status - SIGNAL)
        : "ended with status " + status;
  }

  /**
   * Writes it to the log.
   *
   * @param ended the request that has ended with the process, or null
   * @param failed whether the process was never ready
   */
  static void report(Child child, int status, Assignment ended, boolean failed) {
    String end = of(status);
    if (failed) {
      LOGGER.error(
          "child process {} {} before it was ready; {}", child.pid(), end, child.command());
    } else if (ended != null && !child.leaving) {
      LOGGER.warn(
          "child process {} {} while it handled the request from {}",
          child.pid(),
          end,
          ended.client());
    } else if (!child.leaving) {
      LOGGER.warn("child process {} {} while it waited", child.pid(), end);
    } else {
      LOGGER.debug("child process {} {}", child.pid(), end);
    }
  }
}
