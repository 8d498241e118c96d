package socketserver;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CopyOnWriteArrayList;
import socketserver.select.Poll;
import socketserver.select.PollEvent;
import socketserver.select.Selectable;
import socketserver.spi.Endpoint;
import socketserver.spi.ReadinessSource;

/**
 * Waits for the requests of a server whose class says itself what to wait for: with a poll on that
 * and on a wake-up. One thread waits, any may wake it. What is registered stays so until {@link
 * #release()}.
 */
final class OwnReadiness {
  /** The numbers of what is polled: nobody else's poll has them. */
  private static final int REQUESTS = 0;

  private static final int WAKE_UPS = 1;

  private final BaseServer<?> server;

  /** Whether the class says by fileno() alone what is to be waited for. */
  private final boolean byNumber;

  private final Poll poll = new Poll();
  private final Wakeup wakeup = new Wakeup();

  /** What is registered, or null. Used by the serving thread alone. */
  private Watched watched;

  /** Something to poll. */
  private record Watched(int fileno, ReadinessSource readiness) implements Selectable {}

  private OwnReadiness(BaseServer<?> server, boolean byNumber) {
    this.server = server;
    this.byNumber = byNumber;
  }

  /** Returns what waits for such a server; null for any other. */
  static OwnReadiness of(BaseServer<?> server) {
    boolean byReadiness = server.overrides("readiness", 0);
    boolean byNumber = !byReadiness && server.overrides("fileno", 0);
    return byReadiness || byNumber ? new OwnReadiness(server, byNumber) : null;
  }

  /** Whether there is still something to wait for. */
  boolean isOpen() {
    return byNumber ? server.fileno() >= 0 : server.readiness().isOpen();
  }

  /**
   * Waits.
   *
   * @return true if there is something to take; false if the time is over, or at a wake-up
   * @throws java.io.InterruptedIOException if the thread is interrupted; its flag stays set
   */
  boolean await(long timeoutNanos) throws IOException {
    ReadinessSource source =
        byNumber ? SocketNumbers.readiness(server.fileno()) : server.readiness();
    if (watched == null || watched.readiness() != source) {
      release();
      Watched next = new Watched(REQUESTS, source);
      poll.register(next, Poll.POLLIN);
      poll.register(new Watched(WAKE_UPS, wakeup), Poll.POLLIN);
      watched = next;
    }
    Duration limit = timeoutNanos == Endpoint.FOREVER ? null : Duration.ofNanos(timeoutNanos);
    boolean ready = false;
    for (PollEvent event : poll.poll(limit)) {
      ready |= event.fd() == REQUESTS;
    }
    wakeup.woken = false;
    return ready;
  }

  /** Ends the wait that is going on, or else the next one. */
  void wakeup() {
    wakeup.woken = true;
    wakeup.watchers.forEach(ReadinessSource.Watcher::changed);
  }

  /** Watches nothing any longer, so that the system keeps nothing for this. */
  void release() {
    if (watched != null) {
      watched = null;
      try {
        poll.unregister(REQUESTS);
        poll.unregister(WAKE_UPS);
      } catch (IOException e) {
        throw new UncheckedIOException("what was waited for cannot be given up", e);
      }
    }
  }

  /** Is ready when somebody has woken the serving thread. */
  private static final class Wakeup implements ReadinessSource {
    private final CopyOnWriteArrayList<Watcher> watchers = new CopyOnWriteArrayList<>();

    /** Written by any thread. */
    private volatile boolean woken;

    @Override
    public int descriptor() {
      return -1;
    }

    @Override
    public int ready() {
      return woken ? IN : 0;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void watch(Watcher watcher) {
      watchers.add(watcher);
    }

    @Override
    public void unwatch(Watcher watcher) {
      watchers.remove(watcher);
    }
  }
}
