package socketserver.spi;

import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.AbstractSelector;
import java.util.Set;

/**
 * Has an interrupt end a wait in the system. Java tells of an interrupt nobody but selectors, and
 * what extends their class; this selects nothing.
 */
public final class InterruptWakeup extends AbstractSelector {
  private final Runnable waking;

  /**
   * Makes what ends the waits of one thread at a time.
   *
   * @param waking ends a wait; called by whoever interrupts the thread
   */
  public InterruptWakeup(Runnable waking) {
    super(null);
    this.waking = waking;
  }

  /**
   * Waits.
   *
   * @param wait waits in the system, unless the thread is interrupted already
   */
  public void run(Runnable wait) {
    begin();
    try {
      wait.run();
    } finally {
      end();
    }
  }

  @Override
  public Selector wakeup() {
    // also if the thread that is interrupted does it itself
    waking.run();
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
