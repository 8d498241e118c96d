package socketserver;

import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * What systemd tells a process by its environment: sd_listen_fds(3), sd_notify(3) and
 * sd_watchdog_enabled(3). Immutable; on any thread.
 *
 * @param variables the environment
 * @param pid the number of the process that looks at it; what was meant for its parent is none of
 *     its business
 */
record SystemdEnvironment(Map<String, String> variables, long pid) {
  /** The first descriptor that is passed (SD_LISTEN_FDS_START). */
  static final int FIRST = 3;

  /** What sd_listen_fds_with_names(3) calls a socket that has no name. */
  private static final String NO_NAME = "unknown";

  /** This process's, read once: Java can neither change nor unset it. */
  static final SystemdEnvironment OWN =
      new SystemdEnvironment(System.getenv(), ProcessHandle.current().pid());

  /**
   * The names of the descriptors that were passed, from {@link #FIRST} on.
   *
   * @throws IOException if the variables make no sense
   */
  List<String> socketNames() throws IOException {
    String count = variables.get("LISTEN_FDS");
    if (count == null || !isOurs(variables.get("LISTEN_PID"))) {
      return List.of();
    }
    int fds = (int) number("LISTEN_FDS", count, Integer.MAX_VALUE - FIRST);
    String names = variables.get("LISTEN_FDNAMES");
    if (names == null || fds == 0) {
      return Collections.nCopies(fds, NO_NAME);
    }
    List<String> each = List.of(names.split(":", -1));
    if (each.size() != fds) {
      throw new IOException(
          "LISTEN_FDNAMES has "
              + each.size()
              + " names, and LISTEN_FDS says that there are "
              + fds
              + " descriptors: "
              + names);
    }
    return each;
  }

  /**
   * Where systemd wants to be told; null if nowhere.
   *
   * @throws IOException if it is neither a path nor an abstract name
   */
  UnixAddress notifySocket() throws IOException {
    String socket = variables.get("NOTIFY_SOCKET");
    if (socket == null || socket.isEmpty()) {
      return null;
    }
    if (socket.startsWith("@") && socket.length() > 1) {
      return UnixAddress.of("\0" + socket.substring(1));
    }
    if (!socket.startsWith("/")) {
      throw new IOException("NOTIFY_SOCKET is neither a path nor an abstract name: " + socket);
    }
    return UnixAddress.of(socket);
  }

  /**
   * How often systemd wants to hear that the process is alive; null if it does not.
   *
   * @throws IOException if the variable is no number
   */
  Duration watchdog() throws IOException {
    String micros = variables.get("WATCHDOG_USEC");
    String process = variables.get("WATCHDOG_PID");
    if (micros == null || process != null && !isOurs(process)) {
      return null;
    }
    long longest = Long.MAX_VALUE / 1000;
    Duration interval = Duration.ofNanos(1000 * number("WATCHDOG_USEC", micros, longest));
    return interval.isZero() ? null : interval;
  }

  private boolean isOurs(String process) {
    return Long.toString(pid).equals(process);
  }

  private static long number(String name, String text, long most) throws IOException {
    long number = -1;
    try {
      number = Long.parseLong(text);
    } catch (NumberFormatException e) {
      // said below
    }
    if (number < 0 || number > most) {
      throw new IOException(name + " is no number that systemd would write: " + text);
    }
    return number;
  }
}
