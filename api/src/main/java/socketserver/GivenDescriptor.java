package socketserver;

import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import socketserver.spi.DatagramEndpoint;
import socketserver.spi.ListenerEndpoint;
import socketserver.spi.SocketKind;
import socketserver.spi.StreamEndpoint;
import socketserver.spi.Transport;

/**
 * A descriptor from outside, of which one of this library's sockets is made. The system says what
 * it is. Whatever throws leaves it to the caller. On the caller's thread; nothing blocks.
 */
final class GivenDescriptor {
  private final int number;
  private final SocketKind kind;

  /**
   * Asks what a descriptor is.
   *
   * @throws IllegalArgumentException if it is negative
   * @throws IOException if it is no open socket
   * @throws UnsupportedOperationException if the sockets of this process are no descriptors
   */
  GivenDescriptor(int number) throws IOException {
    if (number < 0) {
      throw new IllegalArgumentException("descriptor must not be negative: " + number);
    }
    this.number = number;
    this.kind = anyTransport().kindOf(number);
  }

  /** The one that is always there: the system says of what family a descriptor is. */
  private static Transport anyTransport() {
    return Transports.forFamily(StandardProtocolFamily.INET);
  }

  SocketKind kind() {
    return kind;
  }

  ProtocolFamily family() {
    return kind.family();
  }

  ListenerEndpoint listener() throws IOException {
    check(kind.isStream() && kind.listens(), "ListenerSocket.fromFd takes one that listens");
    return own().adoptListener(number);
  }

  StreamEndpoint stream() throws IOException {
    check(
        kind.isStream() && kind.connected(), "StreamSocket.fromFd takes a stream with a live peer");
    return own().adoptStream(number, new byte[0]);
  }

  DatagramEndpoint datagram() throws IOException {
    check(kind.isDatagram(), "DgramSocket.fromFd takes datagram sockets");
    return own().adoptDatagram(number);
  }

  private void check(boolean fits, String wanted) throws SocketException {
    if (!fits || family() == null) {
      throw new SocketException("descriptor " + number + " is " + kind + ": " + wanted);
    }
  }

  /** The transport that adopts it. From here on calls on it do not wait. */
  private Transport own() throws IOException {
    Transport transport = Transports.forFamily(family());
    anyTransport().unblock(number);
    return transport;
  }
}
