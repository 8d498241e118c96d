package socketserver.diesel;

import java.util.Locale;
import java.util.concurrent.Executor;
import socketserver.spi.LoopScheduler;
import socketserver.spi.VirtualThreads;

/**
 * What gives loops their threads: virtual ones that the event loop runs, or, where no scheduler can
 * be chosen, the JVM's; platform threads where there are no others, or the property {@code
 * socketserver.diesel.threads} asks for them.
 */
@FunctionalInterface
interface LoopThreads {
  /** {@code platform} or {@code virtual}; by default virtual on Java 21 and later. */
  String PROPERTY = "socketserver.diesel.threads";

  /** Makes a thread for a life of a loop. */
  Thread unstarted(Runnable life);

  /**
   * What the property asks for.
   *
   * @throws UnsupportedOperationException if that is virtual threads, and there are none
   * @throws IllegalStateException if it is neither kind
   */
  static LoopThreads chosen(Executor eventLoop) {
    String wanted = System.getProperty(PROPERTY, "auto").trim().toLowerCase(Locale.ROOT);
    switch (wanted) {
      case "", "auto":
        return VirtualThreads.available() ? virtual(eventLoop) : LoopThreads::platform;
      case "virtual":
        VirtualThreads.check(PROPERTY + "=virtual", PROPERTY + "=platform");
        return virtual(eventLoop);
      case "platform":
        return LoopThreads::platform;
      default:
        throw new IllegalStateException(
            "unknown " + PROPERTY + ": " + wanted + "; use platform, virtual or auto");
    }
  }

  private static LoopThreads virtual(Executor eventLoop) {
    return VirtualThreads.schedulable()
        ? life -> new LoopScheduler(eventLoop::execute).unstarted(life)
        : VirtualThreads::unstarted;
  }

  private static Thread platform(Runnable life) {
    Thread thread = new Thread(null, life, "diesel", 0, false);
    thread.setDaemon(true);
    return thread;
  }
}
