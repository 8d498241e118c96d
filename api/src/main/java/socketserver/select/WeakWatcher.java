package socketserver.select;

import java.lang.ref.WeakReference;
import socketserver.spi.Poller;
import socketserver.spi.ReadinessSource;

/**
 * What sources and pollers have of a registration. It does not keep the registration: otherwise an
 * open socket would keep every poll that nobody has any more, and the sockets in that poll.
 */
final class WeakWatcher extends WeakReference<Registration>
    implements Poller.Target, ReadinessSource.Watcher {
  /** Weak, as what is below a source has this, too, and must not keep the source. */
  private final WeakReference<ReadinessSource> source;

  WeakWatcher(Registration registration, ReadinessSource source) {
    super(registration);
    this.source = new WeakReference<>(source);
  }

  @Override
  public void ready(int events) {
    Registration registration = get();
    if (registration != null) {
      registration.ready(events);
    }
  }

  @Override
  public void changed() {
    Registration registration = get();
    if (registration != null) {
      registration.changed();
      return;
    }
    ReadinessSource watched = source.get();
    if (watched != null) {
      watched.unwatch(this);
    }
  }

  @Override
  public void release(int descriptor) {
    Registration registration = get();
    if (registration != null) {
      registration.release(descriptor);
    }
  }
}
