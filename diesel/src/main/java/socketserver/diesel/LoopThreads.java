package socketserver.diesel;

import java.util.Locale;
import java.util.concurrent.Executor;
import socketserver.spi.LoopScheduler;
import socketserver.spi.VirtualThreads;

/**
 * What gives loops their threads: virtual ones that the event loop runs; where no scheduler can be
 * chosen, virtual ones that the JVM runs; where there are none, platform threads.
 */
@FunctionalInterface
interface LoopThreads {
  /** {@code platform}, {@code virtual} or {@code eventloop}; by default the last that works. */
  String PROPERTY = "socketserver.diesel.threads";

  /** Makes a thread for a life of a loop. */
  Thread unstarted(Runnable life);

  /**
   * What the property asks for.
   *
   * @throws UnsupportedOperationException if this Java has none of those
   * @throws IllegalStateException if it is no kind of threads
   */
  static LoopThreads chosen(Executor eventLoop) {
    String wanted = System.getProperty(PROPERTY, "auto").trim().toLowerCase(Locale.ROOT);
    switch (wanted) {
      case "", "auto":
        if (VirtualThreads.schedulable()) {
          return onLoop(eventLoop);
        }
        return VirtualThreads.available() ? VirtualThreads::unstarted : LoopThreads::platform;
      case "eventloop":
        if (!VirtualThreads.schedulable()) {
          throw new UnsupportedOperationException(
              PROPERTY + " is eventloop: " + VirtualThreads.whyNotSchedulable());
        }
        return onLoop(eventLoop);
      case "virtual":
        VirtualThreads.check(PROPERTY + "=virtual", PROPERTY + "=platform");
        return VirtualThreads::unstarted;
      case "platform":
        return LoopThreads::platform;
      default:
        throw new IllegalStateException(
            "unknown " + PROPERTY + ": " + wanted + "; use platform, virtual, eventloop or auto");
    }
  }

  private static LoopThreads onLoop(Executor eventLoop) {
    return life -> new LoopScheduler(eventLoop::execute).unstarted(life);
  }

  private static Thread platform(Runnable life) {
    Thread thread = new Thread(null, life, "diesel", 0, false);
    thread.setDaemon(true);
    return thread;
  }
}
