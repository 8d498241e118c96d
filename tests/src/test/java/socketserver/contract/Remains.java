package socketserver.contract;

import java.util.List;
import socketserver.fixture.Eventually;

/** The threads that the library could leave behind in this process. */
public final class Remains {
  private Remains() {}

  /** Waits until the event loops have ended, which they do when the last socket has closed. */
  public static void awaitNoEngine() {
    Eventually.holds(
        () -> "no thread of the library is left; there are " + threads(),
        () -> threads().isEmpty());
  }

  /** Waits until the event loops have ended, unless a listener keeps them. */
  static void awaitNoThreadButTheListeners(boolean listening) {
    if (!listening) {
      awaitNoEngine();
    }
  }

  /** The names of the threads that the library has running now. */
  public static List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("socketserver-"))
        .sorted()
        .toList();
  }
}
