package socketserver.spi;

import java.net.SocketException;

/**
 * Accepting a connection failed for want of something that the process or the system has run out
 * of: descriptors or memory (EMFILE, ENFILE, ENOBUFS and ENOMEM of accept(2)). It would fail again
 * at once, so that a server pauses; no client has caused it, and the connection still waits.
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
