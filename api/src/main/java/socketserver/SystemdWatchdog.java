package socketserver;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells systemd that servers are alive: each time that half the interval is over, if the loop of
 * each has gone round since the time before. An idle loop is woken, so that it does. A daemon
 * thread, which ends when one of the servers is closed.
 */
final class SystemdWatchdog implements Runnable {
  private static final Logger LOGGER = LoggerFactory.getLogger(Systemd.class);

  private final List<SocketServer<?, ?>> servers;
  private final Duration interval;

  /** How often each loop had gone round when it was looked at. The thread's own. */
  private final long[] seen;

  /** The thread's own. */
  private boolean warned;

  SystemdWatchdog(List<SocketServer<?, ?>> servers, Duration interval) {
    this.servers = servers;
    this.interval = interval;
    this.seen = new long[servers.size()];
  }

  void start() {
    Thread thread = new Thread(this, "socketserver-watchdog");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void run() {
    try {
      haveGoneRound();
      while (servers.stream().noneMatch(server -> server.loop().isClosed())) {
        Thread.sleep(Math.max(interval.toMillis() / 2, 1));
        if (haveGoneRound()) {
          tell();
        }
      }
    } catch (InterruptedException e) {
      LOGGER.debug("the watchdog of systemd was interrupted: it is told nothing any more");
    }
  }

  /** Whether all loops have gone round since this was last asked; makes them do so again. */
  private boolean haveGoneRound() {
    boolean all = true;
    for (int i = 0; i < seen.length; i++) {
      long turns = servers.get(i).loop().turns();
      all &= turns != seen[i];
      seen[i] = turns;
      servers.get(i).wakeLoop();
    }
    return all;
  }

  private void tell() {
    try {
      Systemd.notify("WATCHDOG=1");
    } catch (IOException | RuntimeException e) {
      if (!warned) {
        LOGGER.warn("systemd cannot be told that the servers are alive: {}", e.toString());
        warned = true;
      }
    }
  }
}
