package socketserver;

import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import socketserver.spi.StreamEndpoint;
import socketserver.spi.Transport;

/**
 * Finds the transport for an address family: the providers of {@link Transport} that {@link
 * ServiceLoader} sees from this library's class loader, or else from the thread's context loader.
 */
final class Transports {
  /** The transports beside this library, once they were found; the first to look sets it. */
  private static volatile List<Transport> own;

  private Transports() {}

  /**
   * Returns the one transport that serves a family.
   *
   * @throws IllegalStateException if there is none (the message names the artifact to add) or more
   *     than one
   */
  static Transport forFamily(ProtocolFamily family) {
    List<Transport> fitting = fitting(own(), family);
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    if (fitting.isEmpty() && context != null) {
      fitting = fitting(load(context), family);
    }
    if (fitting.isEmpty()) {
      throw new IllegalStateException(missing(family));
    }
    if (fitting.size() > 1) {
      throw new IllegalStateException(
          "more than one transport for "
              + family
              + " sockets on the class path: "
              + fitting.stream().map(Transports::origin).collect(Collectors.joining(", "))
              + "; keep one (see README, Troubleshooting)");
    }
    return fitting.get(0);
  }

  /** Connects to one of the addresses of a name: tries one after the other, as Python does. */
  static StreamEndpoint connect(SocketAddress address, long timeoutNanos) throws IOException {
    IOException failure = null;
    for (SocketAddress candidate : Addresses.candidates(address)) {
      try {
        return forFamily(Addresses.family(candidate)).connect(candidate, timeoutNanos);
      } catch (IOException e) {
        if (failure != null) {
          e.addSuppressed(failure);
        }
        failure = e;
      }
    }
    throw failure;
  }

  /**
   * Loads the providers that a class loader sees; a class that it sees twice counts once.
   *
   * @throws IllegalStateException if a provider cannot be made
   */
  private static List<Transport> load(ClassLoader loader) {
    List<Transport> transports = new ArrayList<>();
    try {
      ServiceLoader.load(Transport.class, loader).forEach(transports::add);
    } catch (ServiceConfigurationError | LinkageError e) {
      throw new IllegalStateException(
          "a transport cannot be loaded: " + e + "; is one of its jars missing?", e);
    }
    return transports;
  }

  private static List<Transport> own() {
    List<Transport> found = own;
    if (found == null) {
      found = load(Transports.class.getClassLoader());
      own = found;
    }
    return found;
  }

  private static List<Transport> fitting(List<Transport> transports, ProtocolFamily family) {
    return transports.stream().filter(transport -> transport.supports(family)).toList();
  }

  private static String missing(ProtocolFamily family) {
    boolean unix = family == StandardProtocolFamily.UNIX;
    return "no transport for "
        + (unix ? "unix" : "internet")
        + " sockets on the class path: add "
        + (unix ? "socketserver-unix" : "socketserver-netty")
        + " (see README, "
        + (unix ? "Unix sockets" : "Troubleshooting")
        + ")";
  }

  private static String origin(Transport transport) {
    var source = transport.getClass().getProtectionDomain().getCodeSource();
    String where = source == null ? "" : " in " + source.getLocation();
    return transport.getClass().getName() + where;
  }
}
