package socketserver;

import java.io.ByteArrayOutputStream;

/**
 * The {@code wfile} of a datagram handler: it collects the answer, which {@code finish()} sends as
 * one datagram (Python: a {@code BytesIO}).
 */
public class DatagramWriter extends SocketWriter {
  private final ByteArrayOutputStream collected;

  /** Makes an empty writer. */
  public DatagramWriter() {
    this(new ByteArrayOutputStream());
  }

  private DatagramWriter(ByteArrayOutputStream collected) {
    super(collected, 0);
    this.collected = collected;
  }

  /**
   * Returns how many bytes were written.
   *
   * @return the size of the answer so far
   */
  public int size() {
    return collected.size();
  }

  /**
   * Returns what was written (Python: {@code getvalue()}).
   *
   * @return the answer so far, an array of its own
   */
  public byte[] toByteArray() {
    return collected.toByteArray();
  }
}
