package socketserver.bench.server;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Path;
import socketserver.DatagramRequest;
import socketserver.EventLoopMixIn;
import socketserver.HandlerFactory;
import socketserver.StreamSocket;
import socketserver.TCPServer;
import socketserver.UDPServer;
import socketserver.UnixDatagramServer;
import socketserver.UnixStreamServer;

/** A virtual thread for each request, which its connection's event loop runs. */
final class EventLoopServers implements OurServers {
  @Override
  public TCPServer tcp(SocketAddress address, HandlerFactory<StreamSocket> handler)
      throws IOException {
    return new Tcp(address, handler);
  }

  private static final class Tcp extends TCPServer implements EventLoopMixIn {
    Tcp(SocketAddress address, HandlerFactory<StreamSocket> handler) throws IOException {
      super(address, handler, false);
    }
  }

  @Override
  public UDPServer udp(SocketAddress address, HandlerFactory<DatagramRequest> handler)
      throws IOException {
    return new Udp(address, handler);
  }

  private static final class Udp extends UDPServer implements EventLoopMixIn {
    Udp(SocketAddress address, HandlerFactory<DatagramRequest> handler) throws IOException {
      super(address, handler, false);
    }
  }

  @Override
  public TCPServer unix(Path path, HandlerFactory<StreamSocket> handler) throws IOException {
    return new Unix(path, handler);
  }

  private static final class Unix extends UnixStreamServer implements EventLoopMixIn {
    Unix(Path path, HandlerFactory<StreamSocket> handler) throws IOException {
      super(path, handler, false);
    }
  }

  @Override
  public UDPServer unixDatagrams(Path path, HandlerFactory<DatagramRequest> handler)
      throws IOException {
    return new UnixDatagrams(path, handler);
  }

  private static final class UnixDatagrams extends UnixDatagramServer implements EventLoopMixIn {
    UnixDatagrams(Path path, HandlerFactory<DatagramRequest> handler) throws IOException {
      super(path, handler, false);
    }
  }
}
