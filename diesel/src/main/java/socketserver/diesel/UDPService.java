package socketserver.diesel;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Objects;

/**
 * A UDP service: one loop that receives all datagrams (Python: {@code diesel.UDPService}). {@link
 * Diesel#datagram()} receives one, and {@link Diesel#send} answers the sender of the last. When the
 * handler returns the service is closed.
 *
 * <p>Up to 64 KiB or so of datagrams wait for the loop, and what the system's own buffer holds;
 * more are lost, as with UDP they may be. An empty one is a datagram like others (Python's service
 * is closed by it).
 */
public class UDPService extends Service {
  private final LoopBody handler;

  /** Set when it binds. */
  private volatile DatagramConnection connection;

  /**
   * Makes a service on all interfaces.
   *
   * @param connectionHandler what the loop runs
   * @param port the port; 0 for one that is free
   * @throws IllegalArgumentException if the port is out of range
   */
  public UDPService(LoopBody connectionHandler, int port) {
    this(connectionHandler, port, "");
  }

  /**
   * Makes a service on one interface.
   *
   * @param connectionHandler what the loop runs
   * @param port the port; 0 for one that is free
   * @param iface a name or address of this machine; empty for all interfaces, of IPv4 as in Python
   * @throws IllegalArgumentException if the port is out of range
   */
  public UDPService(LoopBody connectionHandler, int port, String iface) {
    super(addr -> connectionHandler.run(), port, iface);
    this.handler = Objects.requireNonNull(connectionHandler, "connection handler is null");
  }

  /**
   * Returns who is answered (Python: {@code remote_addr}).
   *
   * @return the sender of the datagram that was received last; null before the first
   */
  public InetSocketAddress remoteAddr() {
    DatagramConnection bound = connection;
    return bound == null ? null : bound.addr();
  }

  @Override
  Channel bind(Network network, InetSocketAddress address) throws IOException {
    Application app = application();
    Channel channel = network.channels().newDatagram(address.getAddress());
    channel.config().setOption(ChannelOption.SO_REUSEADDR, true);
    DatagramConnection made = DatagramConnection.of(app, channel, null);
    network.bind(channel, address);
    connection = made;
    Loop loop = new Loop(handler);
    loop.connections().push(made);
    app.addLoop(loop, false, false);
    return channel;
  }
}
