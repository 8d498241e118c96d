package socketserver.spi;

import java.lang.invoke.MethodHandles;
import java.util.List;

/**
 * Classes that have to be initialized before any handler needs them: one that is initialized by a
 * thread without stack, memory or descriptors is broken for all others, for good.
 */
public final class EarlyClasses {
  private EarlyClasses() {}

  /**
   * Initializes classes.
   *
   * @param lookup what may access them
   * @param classes the classes
   */
  public static void initialize(MethodHandles.Lookup lookup, List<Class<?>> classes) {
    for (Class<?> each : classes) {
      try {
        lookup.ensureInitialized(each);
      } catch (IllegalAccessException e) {
        throw new IllegalArgumentException("cannot initialize " + each, e);
      }
    }
  }
}
