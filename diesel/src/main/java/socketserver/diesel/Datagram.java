package socketserver.diesel;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A datagram that was received, and who has sent it (Python: a {@code str} with the attribute
 * {@code addr}).
 */
public final class Datagram {
  private final byte[] data;
  private final InetSocketAddress addr;

  Datagram(byte[] data, InetSocketAddress addr) {
    this.data = data;
    this.addr = addr;
  }

  /** The content itself. */
  byte[] bytes() {
    return data;
  }

  /**
   * Returns the content.
   *
   * @return a copy of the bytes
   */
  public byte[] data() {
    return data.clone();
  }

  /**
   * Returns the sender.
   *
   * @return its address
   */
  public InetSocketAddress addr() {
    return addr;
  }

  /** The content as a text in UTF-8. */
  @Override
  public String toString() {
    return new String(data, StandardCharsets.UTF_8);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Datagram datagram
        && Arrays.equals(data, datagram.data)
        && addr.equals(datagram.addr);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(data) * 31 + addr.hashCode();
  }
}
