package socketserver;

import java.io.IOException;
import java.net.SocketAddress;

/**
 * A {@link TCPServer} that handles each request in a process (Python: {@code ForkingTCPServer}).
 */
public class ForkingTCPServer extends TCPServer implements ForkingMixIn {
  /**
   * Makes a server that is bound.
   *
   * @param address where to listen; port 0 lets the system choose
   * @param handler makes the handlers, usually {@code Handler::new}
   * @throws IOException as {@link TCPServer#TCPServer(SocketAddress, HandlerFactory)}
   */
  public ForkingTCPServer(SocketAddress address, HandlerFactory<StreamSocket> handler)
      throws IOException {
    super(address, handler);
  }

  /**
   * Makes a server.
   *
   * @param address where to listen; port 0 lets the system choose
   * @param handler makes the handlers, usually {@code Handler::new}
   * @param bindAndActivate false to leave binding and activating to the caller
   * @throws IOException as {@link TCPServer#TCPServer(SocketAddress, HandlerFactory)}
   */
  public ForkingTCPServer(
      SocketAddress address, HandlerFactory<StreamSocket> handler, boolean bindAndActivate)
      throws IOException {
    super(address, handler, bindAndActivate);
  }
}
