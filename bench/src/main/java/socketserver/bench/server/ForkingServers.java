package socketserver.bench.server;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Path;
import socketserver.DatagramRequest;
import socketserver.ForkingTCPServer;
import socketserver.ForkingUDPServer;
import socketserver.ForkingUnixDatagramServer;
import socketserver.ForkingUnixStreamServer;
import socketserver.HandlerFactory;
import socketserver.StreamSocket;
import socketserver.TCPServer;
import socketserver.UDPServer;

/** A process for each request. */
final class ForkingServers implements OurServers {
  @Override
  public TCPServer tcp(SocketAddress address, HandlerFactory<StreamSocket> handler)
      throws IOException {
    return new ForkingTCPServer(address, handler, false);
  }

  @Override
  public UDPServer udp(SocketAddress address, HandlerFactory<DatagramRequest> handler)
      throws IOException {
    return new ForkingUDPServer(address, handler, false);
  }

  @Override
  public TCPServer unix(Path path, HandlerFactory<StreamSocket> handler) throws IOException {
    return new ForkingUnixStreamServer(path, handler, false);
  }

  @Override
  public UDPServer unixDatagrams(Path path, HandlerFactory<DatagramRequest> handler)
      throws IOException {
    return new ForkingUnixDatagramServer(path, handler, false);
  }
}
