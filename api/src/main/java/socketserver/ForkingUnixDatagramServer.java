package socketserver;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Path;

/**
 * A {@link UnixDatagramServer} that handles each request in a process (Python: {@code
 * ForkingUnixDatagramServer}).
 */
public class ForkingUnixDatagramServer extends UnixDatagramServer implements ForkingMixIn {
  /**
   * Makes a server that is bound.
   *
   * @param path the path of the socket
   * @param handler makes the handlers, usually {@code Handler::new}
   * @throws IOException as {@link UnixDatagramServer#UnixDatagramServer(Path, HandlerFactory)}
   */
  public ForkingUnixDatagramServer(Path path, HandlerFactory<DatagramRequest> handler)
      throws IOException {
    super(path, handler);
  }

  /**
   * Makes a server.
   *
   * @param path the path of the socket
   * @param handler makes the handlers, usually {@code Handler::new}
   * @param bindAndActivate false to leave binding and activating to the caller
   * @throws IOException as {@link UnixDatagramServer#UnixDatagramServer(Path, HandlerFactory)}
   */
  public ForkingUnixDatagramServer(
      Path path, HandlerFactory<DatagramRequest> handler, boolean bindAndActivate)
      throws IOException {
    super(path, handler, bindAndActivate);
  }

  /**
   * Makes a server that is bound.
   *
   * @param path a path, or with a leading {@code '\0'} an abstract name
   * @param handler makes the handlers, usually {@code Handler::new}
   * @throws IOException as {@link UnixDatagramServer#UnixDatagramServer(String, HandlerFactory)}
   */
  public ForkingUnixDatagramServer(String path, HandlerFactory<DatagramRequest> handler)
      throws IOException {
    super(path, handler);
  }

  /**
   * Makes a server.
   *
   * @param path a path, or with a leading {@code '\0'} an abstract name
   * @param handler makes the handlers, usually {@code Handler::new}
   * @param bindAndActivate false to leave binding and activating to the caller
   * @throws IOException as {@link UnixDatagramServer#UnixDatagramServer(String, HandlerFactory)}
   */
  public ForkingUnixDatagramServer(
      String path, HandlerFactory<DatagramRequest> handler, boolean bindAndActivate)
      throws IOException {
    super(path, handler, bindAndActivate);
  }

  /**
   * Makes a server that is bound.
   *
   * @param address the address of the socket
   * @param handler makes the handlers, usually {@code Handler::new}
   * @throws IOException as {@link UnixDatagramServer#UnixDatagramServer(SocketAddress,
   *     HandlerFactory)}
   */
  public ForkingUnixDatagramServer(SocketAddress address, HandlerFactory<DatagramRequest> handler)
      throws IOException {
    super(address, handler);
  }

  /**
   * Makes a server.
   *
   * @param address the address of the socket
   * @param handler makes the handlers, usually {@code Handler::new}
   * @param bindAndActivate false to leave binding and activating to the caller
   * @throws IOException as {@link UnixDatagramServer#UnixDatagramServer(SocketAddress,
   *     HandlerFactory)}
   */
  public ForkingUnixDatagramServer(
      SocketAddress address, HandlerFactory<DatagramRequest> handler, boolean bindAndActivate)
      throws IOException {
    super(address, handler, bindAndActivate);
  }
}
