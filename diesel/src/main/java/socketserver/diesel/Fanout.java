package socketserver.diesel;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Gives each item to all that have subscribed (Python: {@code diesel.util.queue.Fanout}).
 *
 * <pre>{@code
 * try (Fanout.Subscription<String> news = fanout.sub()) {   // with fanout.sub() as news:
 *   for (String item : news) {
 *     send(item);
 *   }
 * }
 * }</pre>
 *
 * <p>For the loops of one application.
 *
 * @param <T> what the items are; null is one
 */
public class Fanout<T> {
  /** Guarded by the baton. */
  private final Set<Subscription<T>> subscriptions = new LinkedHashSet<>();

  /** Makes one that nobody has subscribed to. */
  public Fanout() {}

  /**
   * Puts an item on the queue of each subscriber (Python: {@code pub(m)}). Does not wait; if there
   * is no subscriber the item is lost.
   *
   * @param item the item
   * @throws IllegalStateException if this is not a loop
   */
  public void pub(T item) {
    Loop.current();
    for (Subscription<T> subscription : subscriptions) {
      subscription.put(item);
    }
  }

  /**
   * Subscribes (Python: {@code sub()}).
   *
   * @return the queue of what is published from now on until it is closed; it has no bound
   * @throws IllegalStateException if this is not a loop
   */
  public Subscription<T> sub() {
    Loop.current();
    Subscription<T> made = new Subscription<>(this);
    subscriptions.add(made);
    return made;
  }

  /**
   * Returns how many have subscribed (Python: {@code len(fanout.subs)}).
   *
   * @return the number of subscriptions that are not closed
   */
  public int subs() {
    return subscriptions.size();
  }

  /**
   * The queue of a subscriber, to be closed when nothing more is to be put on it.
   *
   * @param <T> what the items are
   */
  public static final class Subscription<T> extends Queue<T> implements AutoCloseable {
    private final Fanout<T> fanout;

    private Subscription(Fanout<T> fanout) {
      this.fanout = fanout;
    }

    /** Ends the subscription. Does not wait; what is on the queue stays. Idempotent. */
    @Override
    public void close() {
      fanout.subscriptions.remove(this);
    }
  }
}
