package socketserver.bench.forking;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import socketserver.ForkingTCPServer;
import socketserver.StreamRequestHandler;

/**
 * A server that answers one line of each connection, in a process: prints {@code port N} and serves
 * until it is killed. Its argument is how many requests a child handles.
 */
final class ForkingEchoServer {
  private ForkingEchoServer() {}

  public static void main(String[] arguments) throws IOException {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try (var server = new ForkingTCPServer(address, Handler::new)) {
      server.maxRequestsPerChild(Integer.parseInt(arguments[0]));
      System.out.println("port " + server.serverPort());
      server.serveForever();
    }
  }

  private static final class Handler extends StreamRequestHandler {
    @Override
    public void handle() throws IOException {
      wfile.write(rfile.readline());
    }
  }
}
