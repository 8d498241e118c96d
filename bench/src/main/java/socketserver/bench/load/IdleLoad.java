package socketserver.bench.load;

import java.io.IOException;
import java.time.Duration;

/**
 * Connections that have each had one line echoed and then keep silent; one more is busy in the
 * runs.
 */
public final class IdleLoad implements Load {
  /** Far fewer than wait for a server's accept at most. */
  private static final int BATCH = 100;

  private final LineLoad silent;
  private final LineLoad busy;

  /**
   * Connects, and has a line echoed by each connection.
   *
   * @param target the line echo server
   * @param idle how many connections keep silent
   * @throws IOException if it cannot connect, or a line is not echoed
   */
  public IdleLoad(Target target, int idle) throws IOException {
    this.silent = new LineLoad(target, 0, 1);
    try {
      for (int left = idle; left > 0; left -= BATCH) {
        silent.connect(Math.min(BATCH, left));
        silent.settle();
      }
      this.busy = new LineLoad(target, 1, 1);
    } catch (IOException | RuntimeException e) {
      silent.close();
      throw e;
    }
  }

  @Override
  public Count run(Duration time) throws IOException {
    return busy.run(time);
  }

  @Override
  public void close() throws IOException {
    try {
      busy.close();
    } finally {
      silent.close();
    }
  }
}
