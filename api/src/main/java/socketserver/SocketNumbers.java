package socketserver;

import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import socketserver.spi.ReadinessSource;

/**
 * Finds the socket of a number that {@code fileno()} has returned. Of such a socket this process
 * may know more than the system does, such as a connection that it has accepted ahead.
 *
 * <p>Keeps no socket. What it keeps is limited by how many descriptors there are. On any thread.
 */
final class SocketNumbers {
  private static final Map<Integer, WeakReference<BaseSocket>> SOCKETS = new ConcurrentHashMap<>();

  private SocketNumbers() {}

  /** Somebody is given a socket's number. */
  static void note(int number, BaseSocket socket) {
    if (number < 0) {
      return;
    }
    WeakReference<BaseSocket> known = SOCKETS.get(number);
    if (known == null || !known.refersTo(socket)) {
      SOCKETS.put(number, new WeakReference<>(socket));
    }
  }

  /** The readiness of what has a number: of a socket of this library's, or of a descriptor. */
  static ReadinessSource readiness(int number) {
    WeakReference<BaseSocket> known = SOCKETS.get(number);
    BaseSocket socket = known == null ? null : known.get();
    boolean isItsNumber = socket != null && socket.endpoint().fileno() == number;
    return isItsNumber ? socket.readiness() : new RawDescriptor(number);
  }
}
