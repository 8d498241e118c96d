package socketserver.bench.server;

import java.lang.reflect.InvocationTargetException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/** Where blocking servers run their connections. */
final class Threads {
  private Threads() {}

  static Executor of(String strategy) {
    return switch (strategy) {
      case "threading" -> connection -> new Thread(connection).start();
      case "pool" -> Executors.newCachedThreadPool();
      case "virtual" -> virtual();
      default -> throw new IllegalArgumentException("no threads for " + strategy);
    };
  }

  /** Looked up, as this is compiled for Java 17. */
  private static Executor virtual() {
    try {
      return (Executor) Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    } catch (NoSuchMethodException e) {
      throw new UnsupportedOperationException(
          "virtual threads need Java 21 or newer, this is " + Runtime.version(), e);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("cannot start virtual threads", e);
    }
  }
}
