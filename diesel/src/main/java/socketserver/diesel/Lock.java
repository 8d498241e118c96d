package socketserver.diesel;

import java.util.Objects;

/**
 * What so many loops can have at a time (Python: {@code diesel.util.lock.Lock}). Code between two
 * waits needs none, as no other loop runs; a lock is for what goes on across waits.
 *
 * <pre>{@code
 * try (Lock held = lock.acquire()) {   // with lock:
 *   sleep(Duration.ofSeconds(1));
 * }
 * }</pre>
 *
 * <p>It is fair: loops get it in the order in which they began to wait, and one that releases it
 * and wants it again comes after them. A loop that dies gives back what {@code try} is to give
 * back, and what it was about to get. It belongs to no loop: any may release it, and one that
 * acquires it twice waits for itself.
 *
 * <p>It can be waited for together with other things: {@code first(time, lock)} has acquired it if
 * that is what came first. For the loops of one application.
 */
public class Lock implements Waiter, AutoCloseable {
  /** What {@link #synchronizedOn()} locks. */
  private static final Object DEFAULT_KEY = new Object();

  /** Guarded by the baton: how many loops may have it now. */
  private int count;

  /** Makes one that one loop can have. */
  public Lock() {
    this(1);
  }

  /**
   * Makes one.
   *
   * @param count how many loops can have it at a time
   * @throws IllegalArgumentException if that is negative
   */
  public Lock(int count) {
    if (count < 0) {
      throw new IllegalArgumentException("a lock for " + count + " loops");
    }
    this.count = count;
  }

  /**
   * Returns the lock that all loops share (Python: {@code synchronized()}).
   *
   * @return the application's lock without a key, not acquired
   * @throws IllegalStateException if this is not a loop
   */
  public static Lock synchronizedOn() {
    return synchronizedOn(DEFAULT_KEY);
  }

  /**
   * Returns the lock of a key (Python: {@code synchronized(key)}, in Java a keyword).
   *
   * <pre>{@code
   * try (Lock held = synchronizedOn(account).acquire()) {   // with synchronized(account):
   *   ...
   * }
   * }</pre>
   *
   * <p>Memory is needed only for those that are held (Python's are kept for ever).
   *
   * @param key what is to be locked; keys that are equal have one lock in an application
   * @return the lock, not acquired
   * @throws IllegalStateException if this is not a loop
   */
  public static Lock synchronizedOn(Object key) {
    Objects.requireNonNull(key, "key is null; there is a synchronizedOn() without one");
    return new KeyLock(key, Loop.current().scheduler().lockedKeys());
  }

  /**
   * Acquires the lock, and waits if all have it whom it is for (Python: {@code acquire()}). No
   * other loop runs if it does not have to wait.
   *
   * @return this, for {@code try} to {@linkplain #close() release}
   */
  public final Lock acquire() {
    Loop.current();
    if (isLocked()) {
      Diesel.waitFor(this);
    } else {
      take();
    }
    return this;
  }

  /**
   * Releases the lock: the loop that has waited longest has it then, and runs when its turn comes
   * (Python: {@code release()}). Does not wait.
   *
   * @throws IllegalStateException if this is not a loop
   */
  public final void release() {
    Loop.current();
    give();
    Diesel.fire(this);
  }

  /** Releases the lock, at the end of {@code try}; see {@link #release()}. */
  @Override
  public final void close() {
    release();
  }

  /**
   * Tells whether who acquires it has to wait (Python: {@code is_locked}).
   *
   * @return true if as many loops have it as can
   */
  public boolean isLocked() {
    return count == 0;
  }

  void take() {
    count--;
  }

  void give() {
    count++;
  }

  @Override
  public boolean readyEarly() {
    return !isLocked();
  }

  @Override
  public Object processFire(Object value) {
    if (isLocked()) {
      return NOTHING;
    }
    take();
    return value;
  }

  @Override
  public void takeBack(Object given) {
    release();
  }
}
