package socketserver.bench.server;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Path;
import socketserver.DatagramRequest;
import socketserver.HandlerFactory;
import socketserver.StreamSocket;
import socketserver.TCPServer;
import socketserver.ThreadingTCPServer;
import socketserver.ThreadingUDPServer;
import socketserver.ThreadingUnixDatagramServer;
import socketserver.ThreadingUnixStreamServer;
import socketserver.UDPServer;

/** A thread for each request. */
final class ThreadingServers implements OurServers {
  @Override
  public TCPServer tcp(SocketAddress address, HandlerFactory<StreamSocket> handler)
      throws IOException {
    return new ThreadingTCPServer(address, handler, false);
  }

  @Override
  public UDPServer udp(SocketAddress address, HandlerFactory<DatagramRequest> handler)
      throws IOException {
    return new ThreadingUDPServer(address, handler, false);
  }

  @Override
  public TCPServer unix(Path path, HandlerFactory<StreamSocket> handler) throws IOException {
    return new ThreadingUnixStreamServer(path, handler, false);
  }

  @Override
  public UDPServer unixDatagrams(Path path, HandlerFactory<DatagramRequest> handler)
      throws IOException {
    return new ThreadingUnixDatagramServer(path, handler, false);
  }
}
