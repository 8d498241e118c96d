package socketserver;

/**
 * A non-blocking socket has begun to connect, or is still at it (Python: {@code BlockingIOError}
 * with {@code EINPROGRESS} or {@code EALREADY}). When it can be written to it is connected, or has
 * failed: {@code getsockopt(SOL_SOCKET, SO_ERROR)} tells.
 */
public class ConnectInProgressException extends WouldBlockException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes the exception.
   *
   * @param message what is being connected to
   */
  public ConnectInProgressException(String message) {
    super(message);
  }
}
