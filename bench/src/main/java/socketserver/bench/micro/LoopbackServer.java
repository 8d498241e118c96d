package socketserver.bench.micro;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import socketserver.HandlerFactory;
import socketserver.StreamSocket;
import socketserver.ThreadingTCPServer;

/** A threading server in this process, until it is closed. */
final class LoopbackServer implements AutoCloseable {
  private final ThreadingTCPServer server;
  private final Thread serving;

  LoopbackServer(HandlerFactory<StreamSocket> handler) throws IOException {
    server =
        new ThreadingTCPServer(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), handler);
    serving = new Thread(server::serveForever, "serving");
    serving.start();
  }

  SocketAddress address() {
    return server.serverAddress();
  }

  int port() {
    return server.serverPort();
  }

  /** Ends with the last of its connections, which the client closes before. */
  @Override
  public void close() {
    server.shutdown();
    server.close();
  }
}
