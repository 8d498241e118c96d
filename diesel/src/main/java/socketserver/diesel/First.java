package socketserver.diesel;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What {@link Diesel#first(First)} waits for: a time, events, and one kind of input, in any
 * combination (Python: the keyword arguments of {@code diesel.first}).
 *
 * <pre>{@code
 * Fired fired = first(new First().untilEol().sleep(Duration.ofSeconds(5)).waits("news"));
 * if (fired.by(First.UNTIL_EOL)) {
 *   send("you said " + fired.value());
 * }
 * }</pre>
 */
public final class First {
  /** The token of {@link #sleep}; its value is true. */
  public static final String SLEEP = Wait.SLEEP;

  /** The token of {@link #receiveAny()}; its value is a {@code byte[]}. */
  public static final String RECEIVE_ANY = "receiveAny";

  /** The token of {@link #receive}; its value is a {@code byte[]}. */
  public static final String RECEIVE = "receive";

  /** The token of {@link #until}; its value is what the sentinel is, text or bytes. */
  public static final String UNTIL = "until";

  /** The token of {@link #untilEol()}; its value is a text. */
  public static final String UNTIL_EOL = "untilEol";

  /** The token of {@link #datagram()}; its value is a {@link Datagram}. */
  public static final String DATAGRAM = "datagram";

  private final List<Object> waits = new ArrayList<>();
  private Duration sleep;
  private Demand demand;

  /** Waits for nothing yet. */
  public First() {}

  /**
   * Ends with {@link #SLEEP} when a time has passed.
   *
   * @param time how long
   * @return this
   * @throws IllegalArgumentException if it is negative
   */
  public First sleep(Duration time) {
    sleep = Wait.checked(time);
    return this;
  }

  /**
   * Ends with the event that is fired first; the token is the event.
   *
   * @param events texts, {@link Waiter}s, or other objects
   * @return this
   */
  public First waits(Object... events) {
    for (Object event : events) {
      waits.add(Objects.requireNonNull(event, "event is null"));
    }
    return this;
  }

  /**
   * Ends with {@link #RECEIVE_ANY} when any bytes are there.
   *
   * @return this
   * @throws IllegalStateException if it waits for another kind of input
   */
  public First receiveAny() {
    return input(Demand.ANY);
  }

  /**
   * Ends with {@link #RECEIVE} when so many bytes are there.
   *
   * @param count how many
   * @return this
   * @throws IllegalStateException if it waits for another kind of input
   */
  public First receive(int count) {
    return input(Demand.bytes(count));
  }

  /**
   * Ends with {@link #UNTIL} when a sentinel is there.
   *
   * @param sentinel what ends the input
   * @return this
   * @throws IllegalStateException if it waits for another kind of input
   */
  public First until(byte[] sentinel) {
    return input(Demand.until(sentinel));
  }

  /**
   * Ends with {@link #UNTIL} when a sentinel is there.
   *
   * @param sentinel what ends the input
   * @return this
   * @throws IllegalStateException if it waits for another kind of input
   */
  public First until(String sentinel) {
    return input(Demand.until(sentinel));
  }

  /**
   * Ends with {@link #UNTIL_EOL} when a line is there.
   *
   * @return this
   * @throws IllegalStateException if it waits for another kind of input
   */
  public First untilEol() {
    return input(Demand.LINE);
  }

  /**
   * Ends with {@link #DATAGRAM} when a datagram is there.
   *
   * @return this
   * @throws IllegalStateException if it waits for another kind of input
   */
  public First datagram() {
    return input(Demand.DATAGRAM);
  }

  private First input(Demand what) {
    if (demand != null) {
      throw new IllegalStateException(
          "one kind of input at the most: " + demand.token() + " and " + what.token());
    }
    demand = what;
    return this;
  }

  /** Null if it does not wait for input. */
  Demand demand() {
    return demand;
  }

  /** Adds the time and the events to a wait. */
  Wait addTo(Wait wait) {
    try {
      // what is there already comes before the time, as a time of zero is there at once
      for (Object event : waits) {
        wait.event(event);
      }
      return sleep == null ? wait : wait.sleep(sleep);
    } catch (Throwable e) {
      // a waiter that fails when it is asked
      wait.cancel();
      throw e;
    }
  }
}
