package socketserver.diesel;

import java.io.IOException;

/**
 * Thrown by what reads or writes a connection that is closed (Python: {@code
 * diesel.ConnectionClosed}, a {@code socket.error}).
 *
 * <p>A loop is told once. The first read that finds the other side gone, and not enough of what has
 * arrived to go on with, throws this with the unread rest. The next read of the same connection
 * throws {@link TerminateLoop}, which {@code catch (Exception e)} does not catch: so an echo loop
 * that catches everything and goes on ends with its client. (In Python such a loop spins for ever,
 * and no other loop runs again.) Sending throws this each time: what tidies up may be told again.
 */
public class ConnectionClosed extends IOException {
  private static final long serialVersionUID = 1L;

  private final transient byte[] buffer;

  /**
   * Makes one.
   *
   * @param message what has happened
   * @param buffer what has arrived and was not read
   */
  public ConnectionClosed(String message, byte[] buffer) {
    super(message);
    this.buffer = buffer.clone();
  }

  /**
   * Returns what has arrived and was not read (Python: {@code buffer}).
   *
   * @return the bytes; none if all were read, or this was thrown by sending
   */
  public byte[] buffer() {
    return buffer == null ? new byte[0] : buffer.clone();
  }
}
