package socketserver;

import java.io.IOException;
import java.util.concurrent.CopyOnWriteArrayList;
import socketserver.spi.Poller;
import socketserver.spi.ReadinessSource;

/** The readiness of a reader: that of what it reads, and what it has read ahead. */
final class ReaderReadiness implements ReadinessSource {
  private final SocketReader reader;
  private final ReadinessSource below;
  private final CopyOnWriteArrayList<Watcher> watchers = new CopyOnWriteArrayList<>();

  ReaderReadiness(SocketReader reader, ReadinessSource below) {
    this.reader = reader;
    this.below = below;
  }

  /** More has been read ahead, or the reader is closed. */
  void changed() {
    watchers.forEach(Watcher::changed);
  }

  @Override
  public int descriptor() {
    return reader.closed() ? -1 : below.descriptor();
  }

  @Override
  public int ready() {
    return below.ready() | (reader.holdsBytes() ? IN : 0);
  }

  @Override
  public boolean isOpen() {
    return !reader.closed() && below.isOpen();
  }

  @Override
  public void watch(Watcher watcher) {
    watchers.addIfAbsent(watcher);
    below.watch(watcher);
    if (reader.closed()) {
      watcher.changed();
    }
  }

  @Override
  public void unwatch(Watcher watcher) {
    watchers.remove(watcher);
    below.unwatch(watcher);
  }

  @Override
  public Poller openPoller() throws IOException {
    return below.openPoller();
  }
}
