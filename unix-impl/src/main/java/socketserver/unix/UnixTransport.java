package socketserver.unix;

import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.util.List;
import socketserver.UnixAddress;
import socketserver.netty.UnixSockets;
import socketserver.spi.DatagramEndpoint;
import socketserver.spi.ListenerEndpoint;
import socketserver.spi.StreamEndpoint;
import socketserver.spi.Transport;

/** Unix domain sockets: on the Netty pipelines of {@code socketserver-netty}. */
public final class UnixTransport implements Transport {
  private final Junixsocket system = new Junixsocket();

  /** Made by {@link java.util.ServiceLoader}. */
  public UnixTransport() {}

  @Override
  public String name() {
    return "unix";
  }

  @Override
  public boolean supports(ProtocolFamily family) {
    return family == StandardProtocolFamily.UNIX;
  }

  @Override
  public ListenerEndpoint openListener(ProtocolFamily family) throws IOException {
    return UnixSockets.openListener(system);
  }

  @Override
  public DatagramEndpoint openDatagram(ProtocolFamily family) throws IOException {
    return UnixSockets.openDatagram(system);
  }

  @Override
  public StreamEndpoint connect(SocketAddress address, long timeoutNanos) throws IOException {
    return UnixSockets.connect(UnixAddress.of(address), timeoutNanos, system);
  }

  @Override
  public StreamEndpoint openStream(ProtocolFamily family) throws IOException {
    return UnixSockets.openStream(system);
  }

  @Override
  public List<StreamEndpoint> openPair() throws IOException {
    return UnixSockets.openPair(system);
  }

  @Override
  public StreamEndpoint adoptStream(int fd, byte[] arrived) throws IOException {
    return UnixSockets.adoptStream(fd, arrived, system);
  }

  @Override
  public DatagramEndpoint adoptDatagram(int fd) throws IOException {
    return UnixSockets.adoptDatagram(fd, system);
  }
}
