package socketserver.select;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import socketserver.spi.Poller;
import socketserver.spi.ReadinessSource;

/** A file that is as ready as the test says; it counts who asks. */
final class FakeSource implements Selectable, ReadinessSource {
  private final int number;
  private final List<FakePoller> pollers = new ArrayList<>();
  private final FakePoller poller;
  private final AtomicInteger asked = new AtomicInteger();
  private final CopyOnWriteArrayList<Watcher> watchers = new CopyOnWriteArrayList<>();
  private volatile int descriptor;
  private volatile int ready;
  private volatile boolean open = true;

  private FakeSource(int number, int descriptor, FakePoller poller) {
    this.number = number;
    this.descriptor = descriptor;
    this.poller = poller;
  }

  /** One of which this process knows everything. */
  static FakeSource known(int number) {
    return new FakeSource(number, -1, null);
  }

  /** One that the system knows. */
  static FakeSource watchedBy(FakePoller poller, int number) {
    return new FakeSource(number, number, poller);
  }

  /** Is ready for this from now on, and tells so. */
  void is(int events) {
    ready = events;
    changed();
  }

  /** Is ready for this from now on, and does not tell. */
  void isSilently(int events) {
    ready = events;
  }

  /** Is closed, and tells so. */
  void close() {
    closeSilently();
    leave();
    changed();
  }

  /** Is closed, and has not told so yet. */
  void closeSilently() {
    open = false;
  }

  /** The descriptor is no more what tells of this. */
  void leave() {
    int before = descriptor;
    descriptor = -1;
    if (before >= 0) {
      watchers.forEach(watcher -> watcher.release(before));
    }
  }

  void changed() {
    watchers.forEach(Watcher::changed);
  }

  /** How often somebody asked whether this is ready. */
  int asked() {
    return asked.get();
  }

  int watchers() {
    return watchers.size();
  }

  /** The pollers that were opened for this. */
  List<FakePoller> opened() {
    return pollers;
  }

  @Override
  public int fileno() {
    return open ? number : -1;
  }

  @Override
  public ReadinessSource readiness() {
    return this;
  }

  @Override
  public int descriptor() {
    return descriptor;
  }

  @Override
  public int ready() {
    asked.incrementAndGet();
    return ready;
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public void watch(Watcher watcher) {
    watchers.addIfAbsent(watcher);
    if (!open) {
      watcher.changed();
    }
  }

  @Override
  public void unwatch(Watcher watcher) {
    watchers.remove(watcher);
  }

  @Override
  public Poller openPoller() {
    pollers.add(poller);
    return poller;
  }
}
