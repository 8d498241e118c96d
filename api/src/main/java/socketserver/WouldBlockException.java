package socketserver;

import java.io.IOException;

/**
 * A call on a non-blocking socket had nothing to do (Python: {@code BlockingIOError}). Told apart
 * from the end of the stream, which is no exception, and from a lost connection, which is a {@link
 * ConnectionException}.
 */
public class WouldBlockException extends IOException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes the exception.
   *
   * @param message what would have had to wait
   */
  public WouldBlockException(String message) {
    super(message);
  }
}
