package socketserver.diesel;

/**
 * Something that loops wait for with {@link Diesel#waitFor}, or as one of the waits of {@link
 * Diesel#first}, and that decides what those who are woken get: a queue, an event, a lock (Python:
 * {@code diesel.events.Waiter}). A text, or any other object, may be waited for, too: then all who
 * wait get what was fired.
 *
 * <p><b>How it works.</b> {@code Diesel.fire(waiter)} asks {@link #processFire} once for each loop
 * that waits at that moment, in the order in which they began to, and wakes the loop with the
 * answer, until the answer is {@link #NOTHING}. A loop that begins to wait asks {@link #readyEarly}
 * first. So a primitive is a class with some state, methods that change the state and then {@code
 * fire(this)}, and methods that {@code waitFor(this)}:
 *
 * <pre>{@code
 * class Mailbox implements Waiter {
 *   private final Deque<Object> items = new ArrayDeque<>();
 *
 *   void put(Object item) {
 *     items.add(item);
 *     fire(this);
 *   }
 *
 *   Object get() {
 *     return waitFor(this);
 *   }
 *
 *   @Override public boolean readyEarly() {
 *     return !items.isEmpty();
 *   }
 *
 *   @Override public Object processFire(Object value) {
 *     return items.isEmpty() ? NOTHING : items.remove();
 *   }
 * }
 * }</pre>
 *
 * <p><b>Losing.</b> Nothing is taken for a loop before it is certain that this loop gets it: a loop
 * has one wait, which ends once. When something else of a {@code first} comes before, or the loop's
 * parent dies, or the application halts, the loop no longer waits here, and {@link #processFire} is
 * not asked for it: there is nothing to cancel or to give back. Only a loop that has been given
 * something and is ended before its turn comes gives it back, by {@link #takeBack}.
 *
 * <p><b>Threads.</b> All methods are called while one loop runs, or between two of them, so the
 * state needs no lock. They must not wait, but may fire. Waiters are told apart by {@link
 * Object#equals}, which should be the object's own.
 */
public interface Waiter {
  /** The answer that there is nothing to give: who waits goes on waiting. */
  Object NOTHING =
      new Object() {
        @Override
        public String toString() {
          return "Waiter.NOTHING";
        }
      };

  /**
   * Tells whether a loop that is about to wait can be given something at once (Python: {@code
   * ready_early()}). If so {@link #processFire} is asked with null; the loop still lets the others
   * run before it goes on.
   *
   * @return false, unless overridden
   */
  default boolean readyEarly() {
    return false;
  }

  /**
   * Returns what a loop that waits is woken with (Python: {@code process_fire(value)}).
   *
   * @param value what was fired, or null if {@link #readyEarly} was true
   * @return what the loop gets, which may be null; {@link #NOTHING} if it goes on waiting, and
   *     those that came after it (Python: {@code StopWaitDispatch}). The value, unless overridden
   */
  default Object processFire(Object value) {
    return value;
  }

  /**
   * Takes back what a loop was woken with and never gets, as its parent died, or the application
   * halted, before its turn came. (In Python it is lost.) Does nothing unless overridden.
   *
   * @param given what {@link #processFire} has returned
   */
  default void takeBack(Object given) {}
}
