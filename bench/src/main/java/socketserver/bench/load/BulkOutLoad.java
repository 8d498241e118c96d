package socketserver.bench.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * Much out of a server: one connection asks for a number of bytes, and reads them. A run carries
 * one such number of bytes, and goes on while there is time.
 */
public final class BulkOutLoad implements Load {
  private static final int PIECE = 1 << 16;

  private final BoundedChannel channel;
  private final long bytes;
  private final ByteBuffer piece = ByteBuffer.allocateDirect(PIECE);
  private final ByteBuffer small = ByteBuffer.allocateDirect(Long.BYTES);

  /**
   * Connects.
   *
   * @param target the server
   * @param bytesPerRun how many bytes at once
   * @throws IOException if it cannot connect
   */
  public BulkOutLoad(Target target, long bytesPerRun) throws IOException {
    if (bytesPerRun < 1) {
      throw new IllegalArgumentException("bytes must be one or more: " + bytesPerRun);
    }
    this.bytes = bytesPerRun;
    this.channel = new BoundedChannel(target);
  }

  @Override
  public Count run(Duration time) throws IOException {
    Tally tally = new Tally(time);
    long now = System.nanoTime();
    do {
      long sent = now;
      channel.writeFully(small.clear().putLong(bytes).flip());
      for (long left = bytes; left > 0; left -= piece.limit()) {
        piece.clear().limit((int) Math.min(PIECE, left));
        channel.readFully(piece);
      }
      now = System.nanoTime();
      tally.answered(1, sent, now);
      tally.carried(bytes);
    } while (!tally.isOver(now));
    return tally.count();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
