package socketserver.diesel;

import java.io.IOException;

/** Thrown when a client cannot connect (Python: {@code diesel.ClientConnectionError}). */
public class ClientConnectionError extends IOException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes one.
   *
   * @param message what has happened
   * @param cause why, or null
   */
  public ClientConnectionError(String message, Throwable cause) {
    super(message, cause);
  }
}
