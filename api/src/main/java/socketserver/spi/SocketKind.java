package socketserver.spi;

import java.net.ProtocolFamily;

/**
 * What the system says of a descriptor that came from outside.
 *
 * @param family the address family; null for one that this library does not know
 * @param type the type, as {@code SO_TYPE} has it: 1 for a stream, 2 for datagrams
 * @param listens whether it waits for connections
 * @param connected whether it has a peer
 */
public record SocketKind(ProtocolFamily family, int type, boolean listens, boolean connected) {
  private static final int STREAM = 1;
  private static final int DATAGRAM = 2;

  /**
   * Tells whether it is a stream.
   *
   * @return true for {@code SOCK_STREAM}
   */
  public boolean isStream() {
    return type == STREAM;
  }

  /**
   * Tells whether it sends and receives datagrams.
   *
   * @return true for {@code SOCK_DGRAM}
   */
  public boolean isDatagram() {
    return type == DATAGRAM;
  }

  /**
   * Describes it for a message.
   *
   * @return such as {@code a stream socket that listens}
   */
  @Override
  public String toString() {
    if (family == null) {
      return "a socket that is neither an internet nor a unix one";
    }
    if (isDatagram()) {
      return "a datagram socket";
    }
    if (!isStream()) {
      return "a socket of type " + type;
    }
    return listens
        ? "a stream socket that listens"
        : connected ? "a connected stream socket" : "a stream socket that is not connected";
  }
}
