package socketserver.netty.loop;

import java.util.concurrent.CopyOnWriteArrayList;
import socketserver.spi.ReadinessSource;

/** Who wants to know when something may have become ready. Mostly nobody. */
final class Watchers {
  private final CopyOnWriteArrayList<ReadinessSource.Watcher> watchers =
      new CopyOnWriteArrayList<>();

  void add(ReadinessSource.Watcher watcher) {
    watchers.addIfAbsent(watcher);
  }

  void remove(ReadinessSource.Watcher watcher) {
    watchers.remove(watcher);
  }

  boolean isEmpty() {
    return watchers.isEmpty();
  }

  /** Tells all. Does not block. */
  void changed() {
    if (!watchers.isEmpty()) {
      watchers.forEach(ReadinessSource.Watcher::changed);
    }
  }

  /** Has all let go of a descriptor, and tells them that things have changed. */
  void release(int descriptor) {
    for (ReadinessSource.Watcher watcher : watchers) {
      watcher.release(descriptor);
      watcher.changed();
    }
  }
}
