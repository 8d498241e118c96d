package socketserver;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import socketserver.spi.Poller;
import socketserver.spi.ReadinessSource;

/**
 * The readiness of a descriptor of which this library knows nothing but the number, such as the
 * standard input. What the system does not wait for, as a regular file, is always ready, as it is
 * for poll(2).
 */
final class RawDescriptor implements ReadinessSource {
  private final int number;

  /** Whether the system can tell when it is ready; found when first asked. Guarded by this. */
  private Boolean watchable;

  RawDescriptor(int number) {
    this.number = number;
  }

  @Override
  public synchronized int descriptor() {
    if (watchable == null) {
      watchable = number >= 0 && probe();
    }
    return watchable ? number : -1;
  }

  private boolean probe() {
    try (Poller poller = openPoller()) {
      poller.add(number, IN, events -> {});
      poller.remove(number);
      return true;
    } catch (IOException e) {
      // EPERM of epoll_ctl(2): a regular file, which can always be read
      return false;
    }
  }

  @Override
  public int ready() {
    return descriptor() < 0 ? IN | OUT : 0;
  }

  @Override
  public boolean isOpen() {
    return number >= 0;
  }

  @Override
  public void watch(Watcher watcher) {}

  @Override
  public void unwatch(Watcher watcher) {}

  @Override
  public Poller openPoller() throws IOException {
    try {
      return Transports.forFamily(StandardProtocolFamily.INET).openPoller();
    } catch (UnsupportedOperationException e) {
      throw new UnsupportedOperationException(
          "cannot wait for descriptor "
              + number
              + ": "
              + e.getMessage()
              + "; a server can override readiness() instead of fileno()",
          e);
    }
  }
}
