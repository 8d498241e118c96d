package socketserver.unix.fork;

/** What the status says about the end of a process. */
final class Ending {
  /** Added to the number of the signal that has ended a process. */
  private static final int SIGNAL = 128;

  private Ending() {}

  static String of(int status) {
    return status > SIGNAL
        ? "was ended by signal " + (status - SIGNAL)
        : "ended with status " + status;
  }
}
