package socketserver.diesel;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Who waits for which events. Guarded by the scheduler's baton. */
final class WaitPool {
  /** No set is empty. */
  private final Map<Object, Set<Wait>> waits = new HashMap<>();

  void add(Object event, Wait wait) {
    waits.computeIfAbsent(event, key -> new LinkedHashSet<>()).add(wait);
  }

  void remove(Object event, Wait wait) {
    Set<Wait> waiting = waits.get(event);
    if (waiting != null && waiting.remove(wait) && waiting.isEmpty()) {
      waits.remove(event);
    }
  }

  /** Wakes all that wait now; nobody waits, and it is lost. */
  void fire(Object event, Object value) {
    for (Wait wait = first(event); wait != null; wait = first(event)) {
      Object given = event instanceof Waiter waiter ? waiter.processFire(value) : value;
      if (given == Waiter.NOTHING) {
        return;
      }
      wait.end(event, given);
    }
  }

  private Wait first(Object event) {
    Set<Wait> waiting = waits.get(event);
    return waiting == null ? null : waiting.iterator().next();
  }
}
