package socketserver.diesel;

import java.io.IOException;

/**
 * Thrown by the call of a {@link Client} of which the connection is closed (Python: {@code
 * diesel.ClientConnectionClosed}). No {@link ConnectionClosed}, as in Python: that is about the
 * connection of the service that calls the client.
 */
public class ClientConnectionClosed extends IOException {
  private static final long serialVersionUID = 1L;

  private final transient byte[] buffer;

  /** The host that the client was connected to. */
  private final String addr;

  /** The port that the client was connected to. */
  private final int port;

  /**
   * Makes one.
   *
   * @param message what has happened
   * @param buffer what has arrived and was not read
   * @param addr the host that the client was connected to
   * @param port the port
   */
  public ClientConnectionClosed(String message, byte[] buffer, String addr, int port) {
    super(message + " (addr=" + addr + ", port=" + port + ")");
    this.buffer = buffer.clone();
    this.addr = addr;
    this.port = port;
  }

  /**
   * Returns what has arrived and was not read (Python: {@code buffer}).
   *
   * @return the bytes; none if all were read
   */
  public byte[] buffer() {
    return buffer == null ? new byte[0] : buffer.clone();
  }

  /**
   * Returns the host (Python: {@code addr}).
   *
   * @return as it was given to the client
   */
  public String addr() {
    return addr;
  }

  /**
   * Returns the port (Python: {@code port}).
   *
   * @return as it was given to the client
   */
  public int port() {
    return port;
  }
}
