package socketserver;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Path;

/**
 * A {@link UnixStreamServer} that handles each request in a process (Python: {@code
 * ForkingUnixStreamServer}).
 */
public class ForkingUnixStreamServer extends UnixStreamServer implements ForkingMixIn {
  /**
   * Makes a server that is bound.
   *
   * @param path the path of the socket
   * @param handler makes the handlers, usually {@code Handler::new}
   * @throws IOException as {@link UnixStreamServer#UnixStreamServer(Path, HandlerFactory)}
   */
  public ForkingUnixStreamServer(Path path, HandlerFactory<StreamSocket> handler)
      throws IOException {
    super(path, handler);
  }

  /**
   * Makes a server.
   *
   * @param path the path of the socket
   * @param handler makes the handlers, usually {@code Handler::new}
   * @param bindAndActivate false to leave binding and activating to the caller
   * @throws IOException as {@link UnixStreamServer#UnixStreamServer(Path, HandlerFactory)}
   */
  public ForkingUnixStreamServer(
      Path path, HandlerFactory<StreamSocket> handler, boolean bindAndActivate) throws IOException {
    super(path, handler, bindAndActivate);
  }

  /**
   * Makes a server that is bound.
   *
   * @param path a path, or with a leading {@code '\0'} an abstract name
   * @param handler makes the handlers, usually {@code Handler::new}
   * @throws IOException as {@link UnixStreamServer#UnixStreamServer(String, HandlerFactory)}
   */
  public ForkingUnixStreamServer(String path, HandlerFactory<StreamSocket> handler)
      throws IOException {
    super(path, handler);
  }

  /**
   * Makes a server.
   *
   * @param path a path, or with a leading {@code '\0'} an abstract name
   * @param handler makes the handlers, usually {@code Handler::new}
   * @param bindAndActivate false to leave binding and activating to the caller
   * @throws IOException as {@link UnixStreamServer#UnixStreamServer(String, HandlerFactory)}
   */
  public ForkingUnixStreamServer(
      String path, HandlerFactory<StreamSocket> handler, boolean bindAndActivate)
      throws IOException {
    super(path, handler, bindAndActivate);
  }

  /**
   * Makes a server that is bound.
   *
   * @param address the address of the socket
   * @param handler makes the handlers, usually {@code Handler::new}
   * @throws IOException as {@link UnixStreamServer#UnixStreamServer(SocketAddress, HandlerFactory)}
   */
  public ForkingUnixStreamServer(SocketAddress address, HandlerFactory<StreamSocket> handler)
      throws IOException {
    super(address, handler);
  }

  /**
   * Makes a server.
   *
   * @param address the address of the socket
   * @param handler makes the handlers, usually {@code Handler::new}
   * @param bindAndActivate false to leave binding and activating to the caller
   * @throws IOException as {@link UnixStreamServer#UnixStreamServer(SocketAddress, HandlerFactory)}
   */
  public ForkingUnixStreamServer(
      SocketAddress address, HandlerFactory<StreamSocket> handler, boolean bindAndActivate)
      throws IOException {
    super(address, handler, bindAndActivate);
  }
}
