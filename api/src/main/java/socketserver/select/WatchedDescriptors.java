package socketserver.select;

import java.io.IOException;
import socketserver.spi.InterruptWakeup;
import socketserver.spi.Poller;
import socketserver.spi.VirtualThreads;

/**
 * The descriptors that the system watches for an {@link EventPoll}, and the wait for them. Its
 * poller is opened for the first descriptor.
 *
 * <p>For who has the turn; any thread wakes it.
 */
final class WatchedDescriptors {
  private final EventPoll poll;

  /** Whether the poller is closed when there is no descriptor for it: nobody calls close. */
  private final boolean frugal;

  /** Guarded by the turn: how many the poller watches. */
  private int count;

  /** Guarded by the turn for writing. */
  private volatile Poller poller = new Parking();

  /** Guarded by the turn: closes the poller if nobody else does; null if there is none to close. */
  private PollerHold hold;

  /** Written by who has the turn: it is about to wait, or does. */
  private volatile boolean waiting;

  WatchedDescriptors(EventPoll poll, boolean frugal) {
    this.poll = poll;
    this.frugal = frugal;
  }

  /** Has the descriptor of a registration watched, if there is one. */
  void add(Registration registration) throws IOException {
    int descriptor = registration.source.descriptor();
    if (descriptor < 0) {
      return;
    }
    if (count == 0 && poller instanceof Parking) {
      open(registration.source.openPoller());
    }
    try {
      poller.add(descriptor, registration.events, registration.watcher);
    } catch (IOException | RuntimeException | Error e) {
      closeIfUnused();
      throw e;
    }
    registration.descriptor = descriptor;
    count++;
  }

  /** Has the descriptor watched for other events, if it is watched. */
  void modify(Registration registration, int events) throws IOException {
    if (registration.descriptor >= 0) {
      poller.modify(registration.descriptor, events);
    }
  }

  /** Has the descriptor watched no longer. */
  void remove(Registration registration) {
    if (registration.descriptor < 0) {
      return;
    }
    poller.remove(registration.descriptor);
    registration.descriptor = -1;
    registration.system = 0;
    count--;
    closeIfUnused();
  }

  private void open(Poller opened) {
    hold = new PollerHold(poll, opened);
    poller = opened;
  }

  private void closeIfUnused() {
    if (count == 0 && frugal) {
      close();
    }
  }

  /** Closes the poller. */
  void close() {
    if (hold != null) {
      hold.close();
      hold = null;
      poller = new Parking();
    }
  }

  /** Waits until one is ready, somebody wakes this, or the time is over. */
  void await(long nanos, Poller.Idle idle) throws IOException {
    Poller current = poller;
    waiting = true;
    try {
      if (nanos != 0 && current.waitsInSystem() && VirtualThreads.isCurrent()) {
        BlockingWait.run(current, nanos, idle);
      } else if (nanos != 0 && current.waitsInSystem()) {
        Thread waiter = Thread.currentThread();
        new InterruptWakeup(current::wakeup)
            .run(() -> current.run(nanos, () -> idle.mayWait() && !waiter.isInterrupted()));
      } else {
        current.run(nanos, idle);
      }
    } finally {
      waiting = false;
    }
  }

  /** Whether who has the turn waits, or is about to. */
  boolean areAwaited() {
    return waiting;
  }

  void wakeup() {
    poller.wakeup();
  }
}
