package socketserver;

/**
 * The peer, or this side's {@code shutdown}, has closed the direction that is written to (Python:
 * {@code BrokenPipeError}).
 */
public class BrokenPipeException extends ConnectionException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes the exception.
   *
   * @param message what happened
   */
  public BrokenPipeException(String message) {
    super(message);
  }
}
