package socketserver;

import java.io.IOException;
import java.net.SocketAddress;

/**
 * How the requests of one kind of server get to another process, and what is done with them there.
 *
 * @param <R> the kind of request
 */
interface Crossing<R> {
  /**
   * Returns how a server's requests cross.
   *
   * @throws UnsupportedOperationException if they cannot
   */
  static <R> Crossing<R> of(BaseServer<R> server) {
    if (server instanceof SocketServer<R, ?> sockets) {
      return sockets.crossing();
    }
    throw new UnsupportedOperationException(
        server.getClass().getName()
            + " has no socket: its requests cannot be handed to child processes");
  }

  /** Stops using a request in this process. */
  HandedOver handOver(R request, SocketAddress client) throws IOException;

  /** Makes the request that another process has handed over. */
  R adopt(int fd, Envelope envelope) throws IOException;

  /** Where a request came from, if its socket knows. */
  SocketAddress client(R request);

  /** Does with a request what a handler does, and what the server does then. */
  void rehearse(R request) throws IOException;

  /**
   * Does what the end of a process does: closes the request, whatever shutdownRequest has left; but
   * first what was written gets to the system.
   */
  void letGo(R request);
}
