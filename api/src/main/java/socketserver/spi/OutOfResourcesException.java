package socketserver.spi;

import java.net.SocketException;

/**
 * The process or the system has run out of descriptors or memory (EMFILE, ENFILE, ENOBUFS and
 * ENOMEM). A call would fail again at once: a server that could not accept a connection pauses, and
 * the connection still waits.
 */
public class OutOfResourcesException extends SocketException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes the exception.
   *
   * @param message what failed, and what the system says
   */
  public OutOfResourcesException(String message) {
    super(message);
  }
}
