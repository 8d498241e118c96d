package socketserver.unix;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import org.newsclub.net.unix.AFUNIXSocketChannel;

/**
 * Makes room for all descriptors that can come at once.
 *
 * <p>junixsocket 2.11.1 makes room for 256 bytes whatever it is asked for, which is 60 descriptors.
 * When a peer sends more, it reports an error, and the 60 that the system has opened stay open for
 * good. The size that it does not offer is set past its interface.
 */
final class AncillaryRoom {
  /** The most that Linux passes at once, 253 (SCM_MAX_FD), with their header. */
  private static final int BYTES = 2048;

  private static final Method CORE;
  private static final Field ANCILLARY;
  private static final Method SIZE;

  static {
    try {
      CORE = method(AFUNIXSocketChannel.class, "getAFCore");
      ANCILLARY = field(CORE.getReturnType(), "ancillaryDataSupport");
      SIZE = method(ANCILLARY.getType(), "setAncillaryReceiveBufferSize0", int.class);
    } catch (ReflectiveOperationException | RuntimeException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private AncillaryRoom() {}

  static void make(AFUNIXSocketChannel connection) throws IOException {
    try {
      SIZE.invoke(ANCILLARY.get(CORE.invoke(connection)), BYTES);
    } catch (ReflectiveOperationException e) {
      throw new IOException("junixsocket makes no room for descriptors", e);
    }
  }

  private static Method method(Class<?> from, String name, Class<?>... parameters)
      throws ReflectiveOperationException {
    for (Class<?> type = from; type != null; type = type.getSuperclass()) {
      try {
        Method method = type.getDeclaredMethod(name, parameters);
        method.setAccessible(true);
        return method;
      } catch (NoSuchMethodException e) {
        // a superclass has it
      }
    }
    throw new NoSuchMethodException(from.getName() + "." + name);
  }

  private static Field field(Class<?> from, String name) throws ReflectiveOperationException {
    for (Class<?> type = from; type != null; type = type.getSuperclass()) {
      try {
        Field field = type.getDeclaredField(name);
        field.setAccessible(true);
        return field;
      } catch (NoSuchFieldException e) {
        // a superclass has it
      }
    }
    throw new NoSuchFieldException(from.getName() + "." + name);
  }
}
