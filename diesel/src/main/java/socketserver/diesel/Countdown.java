package socketserver.diesel;

/**
 * An event that happens when a number of ticks have (Python: {@code diesel.util.event.Countdown}):
 * loops tick when they are done, and another one waits for all of them.
 */
public class Countdown extends Event {
  /** Guarded by the baton. */
  private int remaining;

  /**
   * Makes one.
   *
   * @param count how many ticks there are to be; with zero it has happened already (in Python it
   *     happens with the first tick all the same)
   * @throws IllegalArgumentException if it is negative
   */
  public Countdown(int count) {
    if (count < 0) {
      throw new IllegalArgumentException("cannot count down from " + count);
    }
    remaining = count;
    if (count == 0) {
      happen();
    }
  }

  /**
   * Counts one, and {@link #set() sets} the event if that was the last (Python: {@code tick()}).
   * Does not wait.
   *
   * @throws IllegalStateException if this is not a loop
   */
  public void tick() {
    Loop.current();
    remaining--;
    if (remaining <= 0) {
      set();
    }
  }

  /**
   * Returns how many ticks are to come (Python: {@code remaining}).
   *
   * @return the number; negative if there were too many
   */
  public int remaining() {
    return remaining;
  }
}
