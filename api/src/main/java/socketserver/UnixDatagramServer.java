package socketserver;

import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/**
 * A {@link UDPServer} on a Unix domain socket (Python: {@code UnixDatagramServer}). Only a client
 * that is bound to an address of its own can be answered: an answer to an {@linkplain
 * UnixAddress#isUnnamed() unnamed} one is dropped with a DEBUG line, where Python's fails.
 *
 * <p>As in Python the path must not exist, and its file stays when the server closes; {@link
 * #replaceStale()} and {@link #unlinkOnClose()} change that.
 */
public class UnixDatagramServer extends UDPServer {
  private final SocketFile file = new SocketFile(this, UnixDatagramServer.class);

  /**
   * Makes a server that is bound.
   *
   * @param path where to receive
   * @param handler makes the handlers, usually {@code Handler::new}
   * @throws IOException if the path exists, is too long or its folder is missing; the message names
   *     it and the cause
   * @throws NullPointerException if the path is null, or the factory is and nothing overrides it
   * @throws IllegalStateException if {@code socketserver-unix} is not on the class path
   */
  public UnixDatagramServer(Path path, HandlerFactory<DatagramRequest> handler) throws IOException {
    this(path, handler, true);
  }

  /**
   * Makes a server.
   *
   * @param path where to receive
   * @param handler makes the handlers, usually {@code Handler::new}
   * @param bindAndActivate false to leave binding and activating to the caller
   * @throws IOException as {@link #UnixDatagramServer(Path, HandlerFactory)}
   */
  public UnixDatagramServer(
      Path path, HandlerFactory<DatagramRequest> handler, boolean bindAndActivate)
      throws IOException {
    this(UnixAddress.of(path), handler, bindAndActivate);
  }

  /**
   * Makes a server that is bound.
   *
   * @param path a path, or with a leading {@code '\0'} a name in Linux's abstract namespace
   * @param handler makes the handlers, usually {@code Handler::new}
   * @throws IOException as {@link #UnixDatagramServer(Path, HandlerFactory)}
   */
  public UnixDatagramServer(String path, HandlerFactory<DatagramRequest> handler)
      throws IOException {
    this(path, handler, true);
  }

  /**
   * Makes a server.
   *
   * @param path a path, or with a leading {@code '\0'} a name in Linux's abstract namespace
   * @param handler makes the handlers, usually {@code Handler::new}
   * @param bindAndActivate false to leave binding and activating to the caller
   * @throws IOException as {@link #UnixDatagramServer(Path, HandlerFactory)}
   */
  public UnixDatagramServer(
      String path, HandlerFactory<DatagramRequest> handler, boolean bindAndActivate)
      throws IOException {
    this(UnixAddress.of(path), handler, bindAndActivate);
  }

  /**
   * Makes a server that is bound.
   *
   * @param address a {@link UnixAddress} or a {@link java.net.UnixDomainSocketAddress}
   * @param handler makes the handlers, usually {@code Handler::new}
   * @throws IOException as {@link #UnixDatagramServer(Path, HandlerFactory)}, or if the address is
   *     of another family
   */
  public UnixDatagramServer(SocketAddress address, HandlerFactory<DatagramRequest> handler)
      throws IOException {
    this(address, handler, true);
  }

  /**
   * Makes a server.
   *
   * @param address a {@link UnixAddress} or a {@link java.net.UnixDomainSocketAddress}
   * @param handler makes the handlers, usually {@code Handler::new}
   * @param bindAndActivate false to leave binding and activating to the caller
   * @throws IOException as {@link #UnixDatagramServer(SocketAddress, HandlerFactory)}
   */
  @SuppressWarnings("this-escape") // Python's constructor calls overridable methods, so this does
  public UnixDatagramServer(
      SocketAddress address, HandlerFactory<DatagramRequest> handler, boolean bindAndActivate)
      throws IOException {
    // bound below, when this class's fields are there
    super(UnixAddress.of(address), handler, false);
    if (bindAndActivate) {
      bindAndActivate();
    }
  }

  /** Makes a copy in a child process. */
  UnixDatagramServer(ServerCopy copy) {
    super(copy);
  }

  /**
   * Returns {@link StandardProtocolFamily#UNIX} (Python: {@code address_family}).
   *
   * @return the family of Unix domain sockets
   */
  @Override
  public ProtocolFamily addressFamily() {
    return StandardProtocolFamily.UNIX;
  }

  /**
   * Tells whether {@link #serverClose()} removes the socket's file. It does so only while the file
   * is still the one that this server made. Python leaves it, so that the next start fails. With
   * {@link #closeOnExit} it goes also when a signal ends the process.
   *
   * @return false, unless overridden or set
   */
  public boolean unlinkOnClose() {
    return file.unlinkOnClose.value();
  }

  /**
   * Sets {@link #unlinkOnClose()}, at any time before the server is closed.
   *
   * @param value whether to remove the file
   * @throws IllegalStateException if a subclass overrides it
   */
  public void unlinkOnClose(boolean value) {
    file.unlinkOnClose.set(value);
  }

  /**
   * Tells whether {@link #serverBind()} takes over the file of a server that has ended: a socket's
   * file that no process has open. A file that is no socket, and a socket that somebody has open,
   * are never touched.
   *
   * @return false, unless overridden or set
   */
  public boolean replaceStale() {
    return file.replaceStale.value();
  }

  /**
   * Sets {@link #replaceStale()}, for a server constructed with {@code bindAndActivate} false.
   *
   * @param value whether to take over a stale file
   * @throws IllegalStateException if a subclass overrides it, or the server is bound
   */
  public void replaceStale(boolean value) {
    file.replaceStale.set(value);
  }

  /**
   * Returns the permissions of the socket's file, which say who may send (writing is what counts,
   * see unix(7)). On Linux they are set before anybody can send; elsewhere right after binding.
   *
   * <p>Permissions that the umask takes away have to be set after binding, by the file's name.
   * Where another user but root may change the folder, or one on the way to it, that is not safe:
   * whoever may put a link there could have another file's permissions set. Then binding throws an
   * {@link java.io.IOException} before the file is made; a wider umask of the process helps.
   *
   * @return null for what the process's umask leaves, unless overridden or set
   */
  public Set<PosixFilePermission> fileMode() {
    return file.fileMode.value();
  }

  /**
   * Sets {@link #fileMode()}, for a server constructed with {@code bindAndActivate} false.
   *
   * @param value the permissions, such as {@code PosixFilePermissions.fromString("rw-rw----")}
   * @throws IllegalStateException if a subclass overrides it, or the server is bound
   */
  public void fileMode(Set<PosixFilePermission> value) {
    file.fileMode.set(value == null ? null : Set.copyOf(value));
  }

  @Override
  void bindSocket(DgramSocket socket, SocketAddress address) throws IOException {
    file.bind(
        socket,
        UnixAddress.of(address),
        () -> super.bindSocket(socket, address),
        replaceStale(),
        fileMode());
  }

  @Override
  void socketClosing() {
    if (unlinkOnClose()) {
      file.unlink();
    }
  }
}
