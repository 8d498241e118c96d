package socketserver.diesel;

import java.io.IOException;

/**
 * Thrown when a client has not connected in the time that it was given (Python: {@code
 * diesel.core.ClientConnectionTimeout}).
 */
public class ClientConnectionTimeout extends IOException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes one.
   *
   * @param message what has happened
   * @param cause why, or null
   */
  public ClientConnectionTimeout(String message, Throwable cause) {
    super(message, cause);
  }
}
