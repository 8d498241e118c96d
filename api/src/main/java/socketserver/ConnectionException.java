package socketserver;

import java.net.SocketException;

/**
 * The peer is gone (Python: {@code ConnectionError}): it reset the connection, or it no longer
 * takes what is written. The server reports one of a request's own connection as one DEBUG line,
 * since there is nothing wrong with the program.
 */
public class ConnectionException extends SocketException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes the exception.
   *
   * @param message what happened
   */
  public ConnectionException(String message) {
    super(message);
  }
}
