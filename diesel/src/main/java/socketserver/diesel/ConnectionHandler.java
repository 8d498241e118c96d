package socketserver.diesel;

import java.net.InetSocketAddress;

/** What a {@link Service} calls for each connection, in a loop of its own. */
@FunctionalInterface
public interface ConnectionHandler {
  /**
   * Deals with a connection, which {@link Diesel#send}, {@link Diesel#receive} and the like are
   * about meanwhile. When this returns or throws, the connection is closed as soon as all that was
   * sent has left.
   *
   * @param remoteAddr the client's address; Python's is a tuple of host and port
   * @throws Exception for whatever reason: it is logged, and the loop ends
   */
  void handle(InetSocketAddress remoteAddr) throws Exception;

  /**
   * Is told of the service when that is made (Python: {@code on_service_init(service)}).
   *
   * @param service the service that this is the handler of
   */
  default void onServiceInit(Service service) {}
}
