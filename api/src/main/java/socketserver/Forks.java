package socketserver;

import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import socketserver.spi.Forking;

/** Finds what starts child processes, as {@link Transports} finds what opens sockets. */
final class Forks {
  private Forks() {}

  /**
   * Returns the provider.
   *
   * @throws UnsupportedOperationException if there is none; the message names the artifact to add
   */
  static Forking provider() {
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    Forking found = first(Forks.class.getClassLoader());
    if (found == null && context != null) {
      found = first(context);
    }
    if (found == null) {
      throw new UnsupportedOperationException(
          "forking servers need socketserver-unix on the class path (see README, Forking)");
    }
    return found;
  }

  private static Forking first(ClassLoader loader) {
    try {
      return ServiceLoader.load(Forking.class, loader).findFirst().orElse(null);
    } catch (ServiceConfigurationError | LinkageError e) {
      throw new UnsupportedOperationException(
          "what starts child processes cannot be loaded: " + e + "; is one of its jars missing?",
          e);
    }
  }
}
