package socketserver.spi;

/** What is left of a time-out, for a call that waits more than once. */
public final class TimeLeft {
  private TimeLeft() {}

  /**
   * Returns what is left of a time-out.
   *
   * @param timeoutNanos how long the call may wait altogether; {@link Endpoint#FOREVER} and 0 stay
   *     what they are
   * @param start when the call began, on {@link System#nanoTime()}; of no meaning for these two
   * @return how long it may wait from now on; 0 if the time is over
   */
  public static long of(long timeoutNanos, long start) {
    return timeoutNanos <= 0
        ? timeoutNanos
        : Math.max(timeoutNanos - (System.nanoTime() - start), 0);
  }
}
