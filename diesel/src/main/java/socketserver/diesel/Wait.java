package socketserver.diesel;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import socketserver.spi.StackSpace;

/**
 * One wait of one loop: for a time, for events, for input, or for the first of them. It ends once;
 * whatever else could have ended it is cancelled then. Guarded by the scheduler's baton.
 */
final class Wait {
  /** What ended a wait for a time. */
  static final String SLEEP = "sleep";

  private final Loop loop;
  private final Scheduler scheduler;
  private final List<Object> events = new ArrayList<>(1);

  /** Null unless it waits for a time. */
  private Timers.Timer timer;

  /** Null unless it waits for input. */
  private Connection connection;

  private boolean over;

  /** What has ended it; null if that was an interruption. */
  private Fired fired;

  private Wait(Loop loop) {
    this.loop = loop;
    this.scheduler = loop.scheduler();
  }

  /**
   * A wait of the current loop, to which is added what it is for.
   *
   * @throws IllegalStateException if this is no loop
   * @throws ApplicationEnd if the application has halted
   */
  static Wait begin() {
    // for all of it, from the first that could end it to the hand-over of the baton
    StackSpace.reserveMuch();
    Loop loop = Loop.current();
    loop.checkInterruption();
    return new Wait(loop);
  }

  Wait sleep(Duration time) {
    checked(time);
    if (over) {
      return this;
    }
    if (time.isZero()) {
      end(SLEEP, true);
    } else {
      timer = scheduler.timers().after(time, () -> end(SLEEP, true));
    }
    return this;
  }

  static Duration checked(Duration time) {
    if (time.isNegative()) {
      throw new IllegalArgumentException("cannot sleep for a negative time: " + time);
    }
    return time;
  }

  Wait event(Object event) {
    if (over) {
      return this;
    }
    if (event instanceof Waiter waiter && waiter.readyEarly()) {
      Object given = waiter.processFire(null);
      if (given != Waiter.NOTHING) {
        end(event, given);
        return this;
      }
    }
    events.add(event);
    scheduler.waits().add(event, this);
    return this;
  }

  /** Waits for input, of which the connection knows the demand. */
  Wait input(Connection source) {
    if (!over) {
      connection = source;
    }
    return this;
  }

  /** Ends it, unless it has ended: the loop will have its turn. */
  void end(Object token, Object value) {
    if (!over) {
      cancel();
      fired = new Fired(token, value);
      scheduler.ready(loop);
    }
  }

  /** Takes back all that could have ended it. */
  void cancel() {
    over = true;
    if (timer != null) {
      timer.cancel();
    }
    for (Object event : events) {
      scheduler.waits().remove(event, this);
    }
    if (connection != null) {
      connection.forget(this);
    }
  }

  boolean isOver() {
    return over;
  }

  /**
   * Lets other loops run until it has ended, and returns what has ended it.
   *
   * @throws ParentDiedException if the loop's parent has ended meanwhile
   * @throws ApplicationEnd if the application has halted meanwhile
   */
  Fired await() {
    try {
      loop.await(this);
    } catch (ParentDiedException | ApplicationEnd e) {
      if (fired != null && fired.token() instanceof Waiter waiter) {
        // the loop was to get that, and never will
        waiter.takeBack(fired.value());
      }
      throw e;
    } catch (Error e) {
      // nothing may end it later, when its loop waits for something else or is dead
      cancel();
      throw e;
    }
    return fired;
  }
}
