package socketserver.netty.loop;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.kqueue.KQueue;
import io.netty.channel.uring.IoUring;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses the {@link Mechanism} of the process: what the property {@code socketserver.transport}
 * names, or else epoll, kqueue or NIO, the first that works here.
 */
public final class Mechanisms {
  private static final Logger LOGGER = LoggerFactory.getLogger(Mechanisms.class);

  private static final String PROPERTY = "socketserver.transport";

  /** A property of Netty's, read when its io_uring classes are loaded. */
  private static final String ACCEPT_MANY = "io.netty.iouring.acceptMultiShotEnabled";

  private static final String SYSTEM = System.getProperty("os.name", "");

  /** Hardened containers have a temporary folder that is read-only, or in which nothing runs. */
  private static final String CURE =
      " (the native libraries are unpacked to where they may be executed: name a folder with"
          + " -Dio.netty.native.workdir for Netty's, and with"
          + " -Dorg.newsclub.net.unix.library.tmpdir for junixsocket's)";

  private Mechanisms() {}

  /**
   * Makes the mechanism that the property asks for.
   *
   * @throws IllegalStateException if it is unknown or does not work here; the message says why
   */
  public static Mechanism chosen() {
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
    if (KQueue.isAvailable()) {
      return new KQueueMechanism();
    }
    Missing.warnOnce();
    return new NioMechanism();
  }

  /** The message of a call that works with epoll alone: what it is that does, in the plural. */
  public static String needEpoll(String what) {
    return what + " need epoll, and this process uses " + chosen().name() + whyNoEpoll();
  }

  /** Why there is no epoll, and what helps, for the end of a message; empty where it works. */
  public static String whyNoEpoll() {
    return Epoll.isAvailable() ? "" : "; " + Missing.TEXT;
  }

  /** What there is to say where epoll does not work. */
  private static final class Missing {
    static final String TEXT = text();

    private static final AtomicBoolean SAID = new AtomicBoolean();

    private static String text() {
      return isLinux()
          ? "epoll does not work here: " + causes(Epoll.unavailabilityCause()) + CURE
          : "there is no epoll on " + SYSTEM;
    }

    static void warnOnce() {
      if (isLinux() && SAID.compareAndSet(false, true)) {
        LOGGER.warn(
            "this process uses NIO, without forking, unix datagrams, credentials of peers, passing"
                + " of descriptors and an exact backlog; {}",
            TEXT);
      }
    }
  }

  private static boolean isLinux() {
    return SYSTEM.equals("Linux");
  }

  /** The innermost cause often is the one that says what is wrong. */
  private static String causes(Throwable error) {
    StringBuilder text = new StringBuilder(error.toString());
    for (Throwable at = error.getCause(); at != null; at = at.getCause()) {
      text.append(": ").append(at);
    }
    return text.toString();
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
          PROPERTY + " is " + name + ", which does not work here: " + causes(cause) + CURE, cause);
    }
  }
}
