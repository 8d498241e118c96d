package socketserver;

import java.io.IOException;
import java.util.Objects;
import socketserver.spi.SocketKind;

/**
 * A socket that systemd has opened and passed to this process: see {@link Systemd#listenFds()}.
 *
 * @param name its name, which is {@code FileDescriptorName=} of the socket unit, or else the name
 *     of the unit; {@code connection} for one that systemd has accepted, and {@code unknown} if
 *     whoever has passed it gives no names
 * @param socket the socket; whoever takes it closes it
 */
public record SystemdSocket(String name, BaseSocket socket) {
  /**
   * Makes one.
   *
   * @param name its name
   * @param socket the socket
   */
  public SystemdSocket {
    Objects.requireNonNull(name, "name is null");
    Objects.requireNonNull(socket, "socket is null");
  }

  /** Makes one of a descriptor, of the kind that it is. */
  static SystemdSocket of(String name, int fd) throws IOException {
    SocketKind kind = new GivenDescriptor(fd).kind();
    if (kind.isDatagram()) {
      return new SystemdSocket(name, DgramSocket.fromFd(fd));
    }
    return new SystemdSocket(
        name, kind.connected() ? StreamSocket.fromFd(fd) : ListenerSocket.fromFd(fd));
  }

  /**
   * Returns the socket for a {@link TCPServer} or a {@link UnixStreamServer} ({@code
   * ListenStream=}).
   *
   * @return the socket, which is bound and listens
   * @throws IllegalStateException if it is another kind of socket
   */
  public ListenerSocket listener() {
    return as(ListenerSocket.class, "ListenStream=");
  }

  /**
   * Returns the socket for a {@link UDPServer} or a {@link UnixDatagramServer} ({@code
   * ListenDatagram=}).
   *
   * @return the socket, which is bound
   * @throws IllegalStateException if it is another kind of socket
   */
  public DgramSocket datagram() {
    return as(DgramSocket.class, "ListenDatagram=");
  }

  /**
   * Returns the connection that systemd has accepted for this process ({@code Accept=yes}).
   *
   * @return the connection
   * @throws IllegalStateException if it is another kind of socket
   */
  public StreamSocket connection() {
    return as(StreamSocket.class, "Accept=yes");
  }

  private <T> T as(Class<T> kind, String setting) {
    if (!kind.isInstance(socket)) {
      throw new IllegalStateException(
          "systemd has passed "
              + socket
              + " as "
              + name
              + ", which is no "
              + kind.getSimpleName()
              + ": the socket unit wants "
              + setting);
    }
    return kind.cast(socket);
  }
}
