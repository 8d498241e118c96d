package socketserver.bench.server;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Path;
import socketserver.DatagramRequest;
import socketserver.HandlerFactory;
import socketserver.StreamSocket;
import socketserver.TCPServer;
import socketserver.ThreadPoolMixIn;
import socketserver.UDPServer;
import socketserver.UnixDatagramServer;
import socketserver.UnixStreamServer;

/** A pool of threads, with one for each connection of the load: those stay for as long as it. */
final class PoolServers implements OurServers {
  /** More than the workloads have connections. */
  private static final int WORKERS = 1_100;

  private interface Pool extends ThreadPoolMixIn {
    @Override
    default int maxWorkers() {
      return WORKERS;
    }
  }

  @Override
  public TCPServer tcp(SocketAddress address, HandlerFactory<StreamSocket> handler)
      throws IOException {
    return new Tcp(address, handler);
  }

  private static final class Tcp extends TCPServer implements Pool {
    Tcp(SocketAddress address, HandlerFactory<StreamSocket> handler) throws IOException {
      super(address, handler, false);
    }
  }

  @Override
  public UDPServer udp(SocketAddress address, HandlerFactory<DatagramRequest> handler)
      throws IOException {
    return new Udp(address, handler);
  }

  private static final class Udp extends UDPServer implements Pool {
    Udp(SocketAddress address, HandlerFactory<DatagramRequest> handler) throws IOException {
      super(address, handler, false);
    }
  }

  @Override
  public TCPServer unix(Path path, HandlerFactory<StreamSocket> handler) throws IOException {
    return new Unix(path, handler);
  }

  private static final class Unix extends UnixStreamServer implements Pool {
    Unix(Path path, HandlerFactory<StreamSocket> handler) throws IOException {
      super(path, handler, false);
    }
  }

  @Override
  public UDPServer unixDatagrams(Path path, HandlerFactory<DatagramRequest> handler)
      throws IOException {
    return new UnixDatagrams(path, handler);
  }

  private static final class UnixDatagrams extends UnixDatagramServer implements Pool {
    UnixDatagrams(Path path, HandlerFactory<DatagramRequest> handler) throws IOException {
      super(path, handler, false);
    }
  }
}
