package socketserver.diesel;

import java.time.Duration;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedList;

/**
 * What loops hand to one another (Python: {@code diesel.util.queue.Queue}). Each item goes to one
 * loop; loops that wait get what is put in the order in which they began to wait. It has no bound.
 *
 * <p>It can be waited for together with other things: {@code first(time, queue, otherQueue)} takes
 * an item of the one that has one, and of no other. An item for a loop that is ended before its
 * turn comes stays the first of the queue.
 *
 * <p>For the loops of one application; {@link #isEmpty()} and {@link #size()} may be asked when it
 * has ended, too.
 *
 * @param <T> what the items are; null is one
 */
public class Queue<T> implements Waiter, Iterable<T> {
  /** Guarded by the baton. Not an ArrayDeque, in which null cannot be. */
  private final Deque<T> items = new LinkedList<>();

  /** Makes an empty queue. */
  public Queue() {}

  /**
   * Puts an item on the queue, and wakes one loop that waits for one (Python: {@code put(i)}). Does
   * not wait.
   *
   * @param item the item; null as Python's {@code put()}
   * @throws IllegalStateException if this is not a loop
   */
  public void put(T item) {
    Loop.current();
    items.addLast(item);
    Diesel.fire(this);
  }

  /**
   * Takes the first item, and waits if there is none (Python: {@code get()}). The other loops that
   * are ready run before it returns, even if there is one.
   *
   * @return the item
   */
  public T get() {
    return item(Diesel.waitFor(this));
  }

  /**
   * Takes the first item, if there is one, or waits for it (Python: {@code get(waiting)}).
   *
   * @param waiting whether to wait
   * @return the item
   * @throws QueueEmpty if there is none, and it is not to wait
   */
  public T get(boolean waiting) throws QueueEmpty {
    if (!waiting && items.isEmpty()) {
      throw new QueueEmpty();
    }
    return get();
  }

  /**
   * Takes the first item, or waits for a time (Python: {@code get(timeout=seconds)}).
   *
   * @param timeout how long; zero takes what there is (in Python it waits for ever)
   * @return the item
   * @throws QueueTimeout if there was none within that time
   * @throws IllegalArgumentException if the time is negative
   */
  public T get(Duration timeout) throws QueueTimeout {
    Fired fired = Diesel.first(timeout, this);
    if (!fired.by(this)) {
      throw new QueueTimeout(timeout);
    }
    return item(fired.value());
  }

  /** What was given to this loop came from the items. */
  @SuppressWarnings("unchecked")
  private T item(Object given) {
    return (T) given;
  }

  /**
   * Takes items for ever (Python: {@code for item in queue}).
   *
   * @return an iterator that has always a next one, for which it waits as {@link #get()} does
   */
  @Override
  public Iterator<T> iterator() {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return true;
      }

      @Override
      public T next() {
        return get();
      }
    };
  }

  /**
   * Tells whether nothing is there that nobody has taken (Python: {@code is_empty}).
   *
   * @return true if {@link #get()} would wait
   */
  public boolean isEmpty() {
    return items.isEmpty();
  }

  /**
   * Returns how many items are there (Python: {@code len(queue.inp)}).
   *
   * @return the number of those that nobody has taken
   */
  public int size() {
    return items.size();
  }

  @Override
  public boolean readyEarly() {
    return !items.isEmpty();
  }

  @Override
  public Object processFire(Object value) {
    return items.isEmpty() ? NOTHING : items.removeFirst();
  }

  @Override
  public void takeBack(Object given) {
    items.addFirst(item(given));
    Diesel.fire(this);
  }
}
