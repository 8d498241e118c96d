package socketserver.netty;

import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import socketserver.spi.ReadinessSource;

/**
 * The readiness of what an event loop reads, accepts or receives ahead: all of it is known in this
 * process.
 */
final class KnownReadiness implements ReadinessSource {
  private final Watchers watchers;
  private final IntSupplier ready;
  private final BooleanSupplier open;
  private final Supplier<LoopRound> round;

  /**
   * Makes the readiness of something.
   *
   * @param watchers who is told when that changes
   * @param ready what is ready; asked on any thread
   * @param open whether the socket is open
   * @param round gives what has the loop ask the system, or null
   */
  KnownReadiness(
      Watchers watchers, IntSupplier ready, BooleanSupplier open, Supplier<LoopRound> round) {
    this.watchers = watchers;
    this.ready = ready;
    this.open = open;
    this.round = round;
  }

  @Override
  public int descriptor() {
    return -1;
  }

  @Override
  public int ready() {
    return ready.getAsInt();
  }

  @Override
  public Runnable round() {
    return round.get();
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
}
