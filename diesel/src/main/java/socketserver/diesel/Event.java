package socketserver.diesel;

import java.time.Duration;

/**
 * Something that has happened or not, and that loops wait for (Python: {@code
 * diesel.util.event.Event}). Unlike what {@link Diesel#fire} tells it stays: who comes later does
 * not wait. It can be waited for together with other things: {@code first(time, event, queue)}.
 *
 * <p>For the loops of one application; {@link #isSet()} may be asked when it has ended, too.
 */
public class Event implements Waiter {
  /** Guarded by the baton. */
  private boolean happened;

  /** Makes one that has not happened. */
  public Event() {}

  /**
   * Lets it happen, and wakes all loops that wait for it (Python: {@code set()}). Does not wait.
   * Idempotent.
   *
   * @throws IllegalStateException if this is not a loop
   */
  public void set() {
    Loop.current();
    if (!happened) {
      happened = true;
      Diesel.fire(this);
    }
  }

  /** It has happened before anybody could wait for it. */
  final void happen() {
    happened = true;
  }

  /** Lets it be as if it had not happened (Python: {@code clear()}). */
  public void clear() {
    happened = false;
  }

  /**
   * Tells whether it has happened (Python: {@code is_set}).
   *
   * @return true from {@link #set()} until {@link #clear()}
   */
  public boolean isSet() {
    return happened;
  }

  /**
   * Waits until it has happened (Python: {@code wait()}, a name that in Java is {@link
   * Object#wait()}'s). Other loops that are ready run before this returns, even if it has happened
   * already.
   */
  public void waitFor() {
    Diesel.waitFor(this);
  }

  /**
   * Waits until it has happened, but not for ever (Python: {@code wait(timeout)}).
   *
   * @param timeout how long; with zero it must have happened (in Python that waits for ever)
   * @throws EventTimeout if it has not within that time
   * @throws IllegalArgumentException if the time is negative
   */
  public void waitFor(Duration timeout) throws EventTimeout {
    if (!Diesel.first(timeout, this).by(this)) {
      throw new EventTimeout(timeout);
    }
  }

  @Override
  public boolean readyEarly() {
    return happened;
  }

  @Override
  public Object processFire(Object value) {
    return happened ? value : NOTHING;
  }
}
