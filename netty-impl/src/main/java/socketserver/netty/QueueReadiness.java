package socketserver.netty;

import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import socketserver.spi.ReadinessSource;

/** The readiness of what an event loop accepts or receives ahead. */
final class QueueReadiness implements ReadinessSource {
  private final AcceptQueue<?> queue;
  private final IntSupplier besides;
  private final BooleanSupplier open;

  /**
   * Makes the readiness of a queue.
   *
   * @param queue where things to take are
   * @param besides what is ready whether or not there is something to take
   * @param open whether the socket is open
   */
  QueueReadiness(AcceptQueue<?> queue, IntSupplier besides, BooleanSupplier open) {
    this.queue = queue;
    this.besides = besides;
    this.open = open;
  }

  @Override
  public int descriptor() {
    return -1;
  }

  @Override
  public int ready() {
    return (queue.size() > 0 ? IN : 0) | besides.getAsInt();
  }

  @Override
  public boolean isOpen() {
    return open.getAsBoolean();
  }

  @Override
  public void watch(Watcher watcher) {
    queue.watchers().add(watcher);
    if (!isOpen()) {
      watcher.changed();
    }
  }

  @Override
  public void unwatch(Watcher watcher) {
    queue.watchers().remove(watcher);
  }
}
