package socketserver.netty.loop;

import io.netty.channel.IoHandlerFactory;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The pollers of an engine's sockets. Any thread takes one and gives it back; there is no lock. */
final class Pollers {
  /** Each has three descriptors and some 40 KiB; beyond that, threads wait for a shared loop. */
  private static final int MOST = 256;

  private static final Logger LOGGER = LoggerFactory.getLogger(Pollers.class);

  private final Mechanism mechanism;

  /** All, also those that a thread which died has left. */
  private final Set<OwnPoller> open = ConcurrentHashMap.newKeySet();

  /** Those that nobody uses. */
  private final Queue<OwnPoller> idle = new ConcurrentLinkedQueue<>();

  /** Set for good when nobody has a socket any more. */
  private volatile boolean closed;

  Pollers(Mechanism mechanism) {
    this.mechanism = mechanism;
  }

  /** One that nobody uses; null if there are many, or the system has no descriptors. */
  OwnPoller take() {
    OwnPoller found = idle.poll();
    if (found != null) {
      return found;
    }
    IoHandlerFactory handlers = mechanism.pollers();
    if (handlers == null || open.size() >= MOST) {
      return null;
    }
    try {
      OwnPoller made = new OwnPoller(handlers);
      open.add(made);
      return made;
    } catch (RuntimeException e) {
      LOGGER.debug("cannot open a poller: {}", e.toString());
      return null;
    }
  }

  /** Takes back one that nobody uses any more. */
  void give(OwnPoller poller) {
    idle.add(poller);
    if (closed) {
      close();
    }
  }

  /** Closes one that an error may have left in any state. */
  void drop(OwnPoller poller) {
    open.remove(poller);
    poller.close();
  }

  /** Closes all: nobody has a socket any more. */
  void close() {
    closed = true;
    idle.clear();
    open.forEach(this::drop);
  }
}
