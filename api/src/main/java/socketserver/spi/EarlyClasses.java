package socketserver.spi;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.invoke.MethodHandles;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.channels.NotYetConnectedException;
import java.util.List;

/**
 * Classes that have to be initialized before any handler needs them: one that is initialized by a
 * thread without stack, memory or descriptors is broken for all others, for good.
 */
public final class EarlyClasses {
  /**
   * What is caught to go on after any failure. The first {@code catch} of a type looks for it by
   * the class loader; if there is no memory for that, it is skipped, and the error gets out.
   */
  public static final List<Class<?>> CAUGHT =
      List.of(
          Throwable.class,
          Error.class,
          OutOfMemoryError.class,
          StackOverflowError.class,
          Exception.class,
          RuntimeException.class,
          UnsupportedOperationException.class,
          InterruptedException.class,
          IOException.class,
          InterruptedIOException.class,
          SocketException.class,
          SocketTimeoutException.class,
          NotYetConnectedException.class);

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
