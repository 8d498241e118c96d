package socketserver;

import java.lang.invoke.MethodHandles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import socketserver.spi.EarlyClasses;
import socketserver.spi.StackSpace;

/**
 * The servers that are closed when the process ends, by a shutdown hook, which is there as long as
 * there are any. With the last of them the hook goes, and the signals are the JVM's again.
 */
final class ExitClosing {
  private static final Logger LOGGER = LoggerFactory.getLogger(BaseServer.class);

  static {
    // at the end there may be no descriptor left to load them with
    EarlyClasses.initialize(
        MethodHandles.lookup(),
        List.of(Closing.class, ExitSignals.class, GracefulClose.class, InThread.class));
  }

  /** Registered nowhere. */
  private static final Thread UNKNOWN = new Thread();

  /** Guards all below. */
  private static final ReentrantLock LOCK = new ReentrantLock();

  private static final Map<BaseServer<?>, Duration> SERVERS = new IdentityHashMap<>();

  /** Null while there are no servers. */
  private static Thread hook;

  /** The hook has begun. */
  private static boolean begun;

  private ExitClosing() {}

  static void add(BaseServer<?> server, Duration grace) {
    StackSpace.reserveMuch();
    LOCK.lock();
    try {
      if (begun || hook == null && !addHook()) {
        LOGGER.debug("the process is ending already: {} is not closed", server);
        return;
      }
      SERVERS.put(server, grace);
    } finally {
      LOCK.unlock();
    }
  }

  /** With the lock held; false if the process is ending. */
  private static boolean addHook() {
    Thread made = new Thread(null, ExitClosing::closeAll, "socketserver-exit", 0, false);
    try {
      Runtime.getRuntime().addShutdownHook(made);
    } catch (IllegalStateException e) {
      return false;
    }
    hook = made;
    ExitSignals.install();
    return true;
  }

  /** A server is closed. */
  static void remove(BaseServer<?> server) {
    StackSpace.reserveMuch();
    LOCK.lock();
    try {
      boolean last = SERVERS.remove(server) != null && SERVERS.isEmpty();
      if (last && !begun) {
        Runtime.getRuntime().removeShutdownHook(hook);
        hook = null;
        ExitSignals.uninstall();
      }
    } catch (IllegalStateException e) {
      LOGGER.debug("the process is ending already");
    } finally {
      LOCK.unlock();
    }
  }

  // The end of the process

  private static void closeAll() {
    List<Closing> all = new ArrayList<>();
    StackSpace.reserve();
    LOCK.lock();
    try {
      begun = true;
      SERVERS.forEach((server, grace) -> all.add(new Closing(server, grace)));
    } finally {
      LOCK.unlock();
    }
    all.forEach(Thread::start);
    try {
      for (Closing each : all) {
        each.join();
      }
    } catch (InterruptedException e) {
      LOGGER.debug("somebody has interrupted the thread that closes servers");
    }
  }

  /** Closes one of the servers. */
  private static final class Closing extends Thread {
    private final BaseServer<?> server;
    private final Duration grace;

    Closing(BaseServer<?> server, Duration grace) {
      super(null, null, "socketserver-exit", 0, false);
      this.server = server;
      this.grace = grace;
    }

    @Override
    public void run() {
      try {
        int cut = server.serverClose(grace);
        if (cut > 0) {
          LOGGER.warn(
              "the process ends; requests to {} that were cut: {}", server.serverAddress(), cut);
        }
      } catch (RuntimeException e) {
        LOGGER.error("closing a server failed as the process ends", e);
      }
    }
  }

  /** Whether the process is ending, so that hooks run. */
  static boolean isExiting() {
    try {
      Runtime.getRuntime().removeShutdownHook(UNKNOWN);
      return false;
    } catch (IllegalStateException e) {
      return true;
    }
  }

  /** Whether a thread is in System.exit, from which none comes back. */
  static boolean isInExit(Thread thread) {
    if (thread == null) {
      return false;
    }
    for (StackTraceElement frame : thread.getStackTrace()) {
      String type = frame.getClassName();
      if (type.equals("java.lang.Shutdown")
          || type.equals("java.lang.Runtime") && frame.getMethodName().equals("exit")) {
        return true;
      }
    }
    return false;
  }
}
