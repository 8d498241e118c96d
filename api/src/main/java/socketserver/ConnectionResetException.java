package socketserver;

/** The peer reset the connection (Python: {@code ConnectionResetError}). */
public class ConnectionResetException extends ConnectionException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes the exception.
   *
   * @param message what happened
   */
  public ConnectionResetException(String message) {
    super(message);
  }
}
