package socketserver.bench.server;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Path;
import socketserver.DatagramRequest;
import socketserver.HandlerFactory;
import socketserver.StreamSocket;
import socketserver.TCPServer;
import socketserver.UDPServer;
import socketserver.UnixDatagramServer;
import socketserver.UnixStreamServer;

/** One request after the other, on the thread that serves. */
final class SyncServers implements OurServers {
  @Override
  public TCPServer tcp(SocketAddress address, HandlerFactory<StreamSocket> handler)
      throws IOException {
    return new TCPServer(address, handler, false);
  }

  @Override
  public UDPServer udp(SocketAddress address, HandlerFactory<DatagramRequest> handler)
      throws IOException {
    return new UDPServer(address, handler, false);
  }

  @Override
  public TCPServer unix(Path path, HandlerFactory<StreamSocket> handler) throws IOException {
    return new UnixStreamServer(path, handler, false);
  }

  @Override
  public UDPServer unixDatagrams(Path path, HandlerFactory<DatagramRequest> handler)
      throws IOException {
    return new UnixDatagramServer(path, handler, false);
  }
}
