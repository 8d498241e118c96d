package socketserver.diesel;

import io.netty.channel.Channel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import javax.net.ssl.SSLContext;

/**
 * A UDP socket that sends to one host (Python: {@code diesel.UDPClient}). In its calls {@link
 * Diesel#datagram()} receives; from then on {@link Diesel#send} answers the sender of what was
 * received, as in Python. There is no connection: that the host is not there is not noticed.
 */
public class UDPClient extends Client {
  /**
   * Makes a socket.
   *
   * @param addr a host's name or address
   * @param port its port
   * @throws IOException if the name cannot be resolved, or the socket not be made
   * @throws IllegalStateException if this is not called in a loop
   */
  public UDPClient(String addr, int port) throws IOException {
    this(addr, port, null);
  }

  /**
   * Makes a socket with an address of this machine.
   *
   * @param addr a host's name or address
   * @param port its port
   * @param sourceIp the address to send from; null for any
   * @throws IOException if a name cannot be resolved, or the socket not be made
   * @throws IllegalStateException if this is not called in a loop
   */
  public UDPClient(String addr, int port, String sourceIp) throws IOException {
    super(addr, port, null, null, sourceIp);
  }

  @Override
  Connection connect(
      InetSocketAddress remote, InetAddress source, SSLContext sslCtx, Duration timeout)
      throws IOException {
    Application application = Loop.current().application();
    Network network = application.network();
    InetAddress any = InetAddress.getByAddress(new byte[remote.getAddress().getAddress().length]);
    Channel channel = network.channels().newDatagram(remote.getAddress());
    Connection made = DatagramConnection.of(application, channel, remote);
    network.bind(channel, new InetSocketAddress(source == null ? any : source, 0));
    return made;
  }
}
