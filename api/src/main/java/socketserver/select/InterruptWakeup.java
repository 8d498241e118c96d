package socketserver.select;

import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.AbstractSelector;
import java.util.Set;
import socketserver.spi.Poller;

/**
 * Has an interrupt end a wait in the system. Java tells of an interrupt nobody but selectors, and
 * what extends their class; this selects nothing.
 */
final class InterruptWakeup extends AbstractSelector {
  private final Poller poller;

  private InterruptWakeup(Poller poller) {
    super(null);
    this.poller = poller;
  }

  /** Waits until there is something, the time is over, or the thread is interrupted. */
  static void run(Poller poller, long timeoutNanos, Poller.Idle idle) {
    new InterruptWakeup(poller).run(timeoutNanos, idle);
  }

  private void run(long timeoutNanos, Poller.Idle idle) {
    Thread waiter = Thread.currentThread();
    begin();
    try {
      poller.run(timeoutNanos, () -> idle.mayWait() && !waiter.isInterrupted());
    } finally {
      end();
    }
  }

  @Override
  public Selector wakeup() {
    poller.wakeup();
    return this;
  }

  @Override
  protected void implCloseSelector() {}

  @Override
  protected SelectionKey register(AbstractSelectableChannel channel, int ops, Object attachment) {
    throw new UnsupportedOperationException("selects nothing");
  }

  @Override
  public Set<SelectionKey> keys() {
    return Set.of();
  }

  @Override
  public Set<SelectionKey> selectedKeys() {
    return Set.of();
  }

  @Override
  public int selectNow() {
    return 0;
  }

  @Override
  public int select(long timeout) {
    return 0;
  }

  @Override
  public int select() {
    return 0;
  }
}
