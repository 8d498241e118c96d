package socketserver;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import socketserver.spi.Endpoint;
import socketserver.spi.Hold;

/**
 * The hold that a socket has on its endpoint, which no endpoint refers back from: closes the
 * endpoint when nobody has the socket any more, as Python does.
 */
final class SocketHold extends Hold<BaseSocket> {
  /** Whether it is said where a socket was opened that was not closed; as -X tracemalloc does. */
  private static final boolean TRACKS = Boolean.getBoolean("socketserver.trackUnclosed");

  private static final Logger LOGGER = LoggerFactory.getLogger(SocketHold.class);

  private final Endpoint endpoint;

  /** Where the socket was opened; null if nobody wants to know. */
  private final Throwable opened;

  SocketHold(BaseSocket socket, Endpoint endpoint) {
    super(socket);
    this.endpoint = endpoint;
    this.opened = TRACKS ? new Throwable("the socket was opened here") : null;
    begin();
  }

  @Override
  protected void forgotten() {
    boolean unclosed = endpoint.isOpen();
    int descriptor = endpoint.fileno();
    // also what was handed over still has a descriptor here
    endpoint.close();
    if (!unclosed) {
      return;
    }
    if (opened != null) {
      LOGGER.warn("nobody has closed the socket with descriptor {}", descriptor, opened);
    } else {
      LOGGER.debug(
          "nobody has closed the socket with descriptor {}; -Dsocketserver.trackUnclosed=true says"
              + " where it was opened",
          descriptor);
    }
  }
}
