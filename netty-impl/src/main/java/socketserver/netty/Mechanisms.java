package socketserver.netty;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.kqueue.KQueue;
import io.netty.channel.uring.IoUring;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses the {@link Mechanism} of the process: what the property {@code socketserver.transport}
 * names, or else epoll, kqueue or NIO, the first that works here.
 */
final class Mechanisms {
  private static final Logger LOGGER = LoggerFactory.getLogger(Mechanisms.class);

  private static final String PROPERTY = "socketserver.transport";

  /** A property of Netty's, read when its io_uring classes are loaded. */
  private static final String ACCEPT_MANY = "io.netty.iouring.acceptMultiShotEnabled";

  private Mechanisms() {}

  /**
   * Makes the mechanism that the property asks for.
   *
   * @throws IllegalStateException if it is unknown or does not work here; the message says why
   */
  static Mechanism chosen() {
    String wanted = System.getProperty(PROPERTY, "auto").trim().toLowerCase(Locale.ROOT);
    switch (wanted) {
      case "", "auto":
        return best();
      case "epoll":
        require(wanted, Epoll.isAvailable(), Epoll.unavailabilityCause());
        return new EpollMechanism();
      case "kqueue":
        require(wanted, KQueue.isAvailable(), KQueue.unavailabilityCause());
        return new KQueueMechanism();
      case "io_uring":
        return ioUring();
      case "nio":
        return new NioMechanism();
      default:
        throw new IllegalStateException(
            "unknown " + PROPERTY + ": " + wanted + "; use epoll, kqueue, nio, io_uring or auto");
    }
  }

  private static Mechanism best() {
    if (Epoll.isAvailable()) {
      return new EpollMechanism();
    }
    return KQueue.isAvailable() ? new KQueueMechanism() : new NioMechanism();
  }

  private static Mechanism ioUring() {
    // an accept that serves many connections tells no address and cannot be paused
    if (System.getProperty(ACCEPT_MANY) == null) {
      System.setProperty(ACCEPT_MANY, "false");
    }
    try {
      require("io_uring", IoUring.isAvailable(), IoUring.unavailabilityCause());
      if (IoUring.isAcceptMultishotEnabled()) {
        LOGGER.warn(
            "io_uring accepts connections ahead of the server without a limit: Netty's io_uring"
                + " classes were loaded before the first socket, or somebody wants it so; start"
                + " the process with -D{}=false",
            ACCEPT_MANY);
      }
      return new IoUringMechanism();
    } catch (NoClassDefFoundError e) {
      throw new IllegalStateException(
          PROPERTY
              + " is io_uring, but its classes are not on the class path: add"
              + " io.netty:netty-transport-native-io_uring with the classifier of this machine",
          e);
    }
  }

  private static void require(String name, boolean available, Throwable cause) {
    if (!available) {
      throw new IllegalStateException(
          PROPERTY + " is " + name + ", which does not work here: " + cause, cause);
    }
  }
}
