package socketserver;

import java.io.IOException;
import java.net.SocketAddress;

/**
 * A {@link UDPServer} that handles each request in a process (Python: {@code ForkingUDPServer}).
 */
public class ForkingUDPServer extends UDPServer implements ForkingMixIn {
  /**
   * Makes a server that is bound.
   *
   * @param address where to listen; port 0 lets the system choose
   * @param handler makes the handlers, usually {@code Handler::new}
   * @throws IOException as {@link UDPServer#UDPServer(SocketAddress, HandlerFactory)}
   */
  public ForkingUDPServer(SocketAddress address, HandlerFactory<DatagramRequest> handler)
      throws IOException {
    super(address, handler);
  }

  /**
   * Makes a server.
   *
   * @param address where to listen; port 0 lets the system choose
   * @param handler makes the handlers, usually {@code Handler::new}
   * @param bindAndActivate false to leave binding and activating to the caller
   * @throws IOException as {@link UDPServer#UDPServer(SocketAddress, HandlerFactory)}
   */
  public ForkingUDPServer(
      SocketAddress address, HandlerFactory<DatagramRequest> handler, boolean bindAndActivate)
      throws IOException {
    super(address, handler, bindAndActivate);
  }
}
