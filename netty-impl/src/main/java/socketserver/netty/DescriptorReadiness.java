package socketserver.netty;

import java.io.IOException;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import socketserver.spi.Poller;
import socketserver.spi.ReadinessSource;

/**
 * The readiness of a socket that is a descriptor for the time being, and may become something of
 * which this process knows more than the system does.
 */
final class DescriptorReadiness implements ReadinessSource {
  private final int number;
  private final IntSupplier known;
  private final BooleanSupplier open;
  private final Watchers watchers = new Watchers();

  /** Written by whoever ends or changes the socket: the system's readiness is not its own. */
  private volatile boolean left;

  /** What the socket has become, or null. Written once, by whoever changes it. */
  private volatile ReadinessSource become;

  /**
   * Makes the readiness of a descriptor.
   *
   * @param number the descriptor
   * @param known what is ready apart from what the system knows
   * @param open whether the socket is open
   */
  DescriptorReadiness(int number, IntSupplier known, BooleanSupplier open) {
    this.number = number;
    this.known = known;
    this.open = open;
  }

  /** The descriptor is about to be closed, or to be another's. Returns when nobody watches it. */
  void leave() {
    left = true;
    watchers.release(number);
  }

  /** Whether somebody wants to know. */
  boolean isWatched() {
    return !watchers.isEmpty();
  }

  /** It is a descriptor still. */
  void stay() {
    left = false;
    watchers.changed();
  }

  /** From now on it is as ready as this. */
  void become(ReadinessSource source) {
    become = source;
    watchers.alsoWatch(source);
    watchers.changed();
  }

  /** Something but the descriptor has changed. */
  void changed() {
    watchers.changed();
  }

  @Override
  public int descriptor() {
    ReadinessSource now = become;
    if (now != null) {
      // which has the same one, if nothing is read ahead, or none
      return now.descriptor();
    }
    return left || !open.getAsBoolean() ? -1 : number;
  }

  @Override
  public int ready() {
    ReadinessSource now = become;
    return now == null ? known.getAsInt() : now.ready();
  }

  @Override
  public Runnable round() {
    ReadinessSource now = become;
    return now == null ? null : now.round();
  }

  @Override
  public boolean isOpen() {
    return open.getAsBoolean();
  }

  @Override
  public void watch(Watcher watcher) {
    watchers.add(watcher);
    ReadinessSource now = become;
    if (now != null) {
      now.watch(watcher);
    }
    if (!isOpen()) {
      watcher.changed();
    }
  }

  @Override
  public void unwatch(Watcher watcher) {
    watchers.remove(watcher);
    ReadinessSource now = become;
    if (now != null) {
      now.unwatch(watcher);
    }
  }

  @Override
  public Poller openPoller() throws IOException {
    return new EpollPoller();
  }
}
