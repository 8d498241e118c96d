package socketserver.differential;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.file.Path;
import java.time.Duration;
import socketserver.DgramSocket;
import socketserver.UnixAddress;

/**
 * Our own socket: the JDK has none, and junixsocket's knows no empty datagram. It talks to Python's
 * server as well, so what is wrong with it shows.
 */
final class UnixDatagramClient implements DatagramClient {
  private static final int LARGEST = 1 << 17;

  private final DgramSocket socket = new DgramSocket(StandardProtocolFamily.UNIX);
  private final String address;

  /** Makes a client; own is null for no path. */
  UnixDatagramClient(Path own) throws IOException {
    if (own != null) {
      socket.bind(UnixAddress.of(own));
    }
    address = own == null ? "" : own.toString();
  }

  @Override
  public String address() {
    return address;
  }

  @Override
  public void send(byte[] data, String server) throws IOException {
    socket.sendto(data, UnixAddress.of(server));
  }

  @Override
  public Received receive(int timeoutMillis) throws IOException {
    socket.settimeout(Duration.ofMillis(timeoutMillis));
    var received = socket.recvfrom(LARGEST);
    return new Received(received.data(), ((UnixAddress) received.address()).path());
  }

  @Override
  public void close() {
    socket.close();
  }
}
