package socketserver.diesel;

import java.util.Set;

/**
 * The lock of a key: all that are made for equal keys are equal, and one event for who waits; that
 * it is held is known by its key.
 */
final class KeyLock extends Lock {
  private final Object key;

  /** Guarded by the baton: the keys of those that are held, of the application. */
  private final Set<Object> held;

  KeyLock(Object key, Set<Object> held) {
    this.key = key;
    this.held = held;
  }

  @Override
  public boolean isLocked() {
    return held.contains(key);
  }

  @Override
  void take() {
    held.add(key);
  }

  @Override
  void give() {
    held.remove(key);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof KeyLock lock && lock.held == held && lock.key.equals(key);
  }

  @Override
  public int hashCode() {
    return key.hashCode();
  }
}
