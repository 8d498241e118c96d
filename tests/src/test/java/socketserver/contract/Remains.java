package socketserver.contract;

import java.util.List;
import socketserver.fixture.Eventually;
import socketserver.fixture.RequestThreads;
import socketserver.netty.loop.Engine;

/** The threads that the library could leave behind in this process. */
public final class Remains {
  /** What watches handlers on event loops, told to end when its server closes. */
  private static final String WATCH = "socketserver-watch";

  /** What closes sockets that nobody has any more; goes a second after the last socket. */
  private static final String UNCLOSED = "socketserver-unclosed";

  private Remains() {}

  /** Whether a socket is open: sockets share the engine, and the last to close stops it. */
  public static boolean hasEngine() {
    return Engine.isRunning();
  }

  /**
   * Has the collector find the sockets that a test has dropped, and waits until they are closed.
   */
  public static void awaitDroppedAreClosed() {
    Eventually.holds(
        "no socket is left",
        () -> {
          System.gc();
          return !hasEngine();
        });
  }

  /** Waits until the last socket has closed, and the event loops have ended with it. */
  public static void awaitNoEngine() {
    Eventually.holds("no socket is left", () -> !hasEngine());
    Eventually.holds(
        () -> "no thread of the library is left; there are " + threads(),
        () -> threads().isEmpty());
    Eventually.holds("nothing watches the event loops", () -> !names().contains(WATCH));
  }

  /** Waits until the event loops have ended, unless a listener keeps them. */
  static void awaitNoThreadButTheListeners(boolean listening) {
    if (!listening) {
      awaitNoEngine();
    }
  }

  /** The names of the threads that the library has running now, but for those of requests. */
  public static List<String> threads() {
    return names().stream()
        .filter(name -> name.startsWith("socketserver-"))
        .filter(
            name -> !name.equals(WATCH) && !name.equals(UNCLOSED) && !RequestThreads.isOne(name))
        .sorted()
        .toList();
  }

  private static List<String> names() {
    return Thread.getAllStackTraces().keySet().stream().map(Thread::getName).toList();
  }
}
