package socketserver.select;

import java.util.concurrent.atomic.AtomicBoolean;
import socketserver.spi.ReadinessSource;

/**
 * Something that is registered with an {@link EventPoll}: what for, and what is known of it. Fields
 * without another guard belong to the holder of the EventPoll's turn.
 *
 * <p>The source and the poller have only its {@link #watcher}.
 */
final class Registration {
  final EventPoll owner;
  final Selectable fileobj;
  final int number;
  final ReadinessSource source;
  final WeakWatcher watcher;

  /** What it is registered for, with the bits that say how. */
  int events;

  /** A one-shot registration that has not told yet, and every other. */
  boolean armed = true;

  /** What the system has said since it was last asked, or since it was told. */
  int system;

  /** What the source itself knows may have changed since it was told. */
  boolean changedSince;

  /** The descriptor that the poller watches, or -1. */
  int descriptor = -1;

  /** Set by any thread: it is in the queue of those that have changed. */
  private final AtomicBoolean queued = new AtomicBoolean();

  Registration(
      EventPoll owner, Selectable fileobj, int number, ReadinessSource source, int events) {
    this.owner = owner;
    this.fileobj = fileobj;
    this.number = number;
    this.source = source;
    this.watcher = new WeakWatcher(this, source);
    this.events = events;
  }

  /** Told once for each change, whatever is still ready (EPOLLET). */
  boolean isEdgeTriggered() {
    return (events & Epoll.EPOLLET) != 0;
  }

  /** What is ready and was asked for. */
  int ready() {
    if (!armed) {
      return 0;
    }
    if (!source.isOpen()) {
      // epoll says nothing of it, although nobody may have told yet
      return owner.tellsClosed() ? Poll.POLLNVAL : 0;
    }
    int known = isEdgeTriggered() && !changedSince ? 0 : source.ready();
    int always = ReadinessSource.ERR | ReadinessSource.HUP;
    return (system | known) & (events & EventPoll.EVENTS | always);
  }

  /** It has been told. */
  void told() {
    system = 0;
    changedSince = false;
    armed &= (events & Epoll.EPOLLONESHOT) == 0;
  }

  /** The system says that it is ready. */
  void ready(int told) {
    system |= told;
    owner.markReady(this);
  }

  /** It may be ready, or closed. On any thread. */
  void changed() {
    if (queued.compareAndSet(false, true)) {
      owner.markChanged(this);
    }
  }

  /** It was taken from the queue; what changes from now on puts it there again. */
  void taken() {
    queued.set(false);
    changedSince = true;
  }

  /** Its descriptor is about to be closed. On any thread. */
  void release(int released) {
    owner.release(this, released);
  }
}
