package socketserver.netty.loop;

import java.io.IOException;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import socketserver.spi.Poller;
import socketserver.spi.ReadinessSource;

/** What a selector sees of a socket: its descriptor, and what is known here besides. */
public final class SocketReadiness implements ReadinessSource {
  private final Readiness readiness;
  private final IntSupplier descriptor;
  private final IntSupplier known;
  private final BooleanSupplier open;
  private final Watchers watchers = new Watchers();

  /** Written by whoever closes the socket or gives it away. */
  private volatile boolean left;

  /**
   * Makes the readiness of a socket.
   *
   * @param descriptor its number; -1 if the system cannot be asked by that
   * @param known what is ready although the system does not know it
   * @param open whether the socket is open
   */
  public SocketReadiness(
      Readiness readiness, IntSupplier descriptor, IntSupplier known, BooleanSupplier open) {
    this.readiness = readiness;
    this.descriptor = descriptor;
    this.known = known;
    this.open = open;
  }

  /** The descriptor is about to be closed, or to be another's. Returns when nobody watches it. */
  public void leave() {
    left = true;
    if (!watchers.isEmpty()) {
      watchers.release(descriptor.getAsInt());
    }
  }

  /** Something but the descriptor has changed. */
  public void changed() {
    watchers.changed();
  }

  @Override
  public int descriptor() {
    return left || !open.getAsBoolean() ? -1 : descriptor.getAsInt();
  }

  @Override
  public int ready() {
    int ready = known.getAsInt();
    if (left || !open.getAsBoolean() || descriptor.getAsInt() >= 0) {
      return ready;
    }
    try {
      return ready | readiness.look(watchers::changed);
    } catch (IOException e) {
      return ready | IN | OUT | ERR;
    }
  }

  @Override
  public boolean isOpen() {
    return open.getAsBoolean();
  }

  @Override
  public void watch(Watcher watcher) {
    watchers.add(watcher);
    if (!isOpen()) {
      watcher.changed();
    }
  }

  @Override
  public void unwatch(Watcher watcher) {
    watchers.remove(watcher);
  }

  @Override
  public Poller openPoller() throws IOException {
    return new EpollPoller();
  }
}
