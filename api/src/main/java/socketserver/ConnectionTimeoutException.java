package socketserver;

/**
 * The server has ended the connection because the client took too long, as one of its {@link
 * Limits} says; the message names it. Every later call on the connection throws it again, so it is
 * no time-out after which a handler goes on.
 */
public class ConnectionTimeoutException extends ConnectionException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes the exception.
   *
   * @param message what took too long
   */
  public ConnectionTimeoutException(String message) {
    super(message);
  }
}
