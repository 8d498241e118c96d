package socketserver.spi;

import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Keeps what peers can cause from flooding the log: writes at most some lines a second, and says in
 * the next one how many were left out. May be used from any thread; nothing is written under its
 * lock.
 */
public final class LimitedLog {
  private static final long WINDOW = TimeUnit.SECONDS.toNanos(1);

  private final int most;
  private final LongSupplier nanoTime;

  /** Guarded by this: when the second began in which written is counted. */
  private long began;

  /** Guarded by this: how many lines that second has had. */
  private int written;

  /** Guarded by this: how many were left out since the last line. */
  private long leftOut;

  /**
   * Makes a limit.
   *
   * @param linesPerSecond how many lines are written in a second, 1 or more
   */
  public LimitedLog(int linesPerSecond) {
    this(linesPerSecond, System::nanoTime);
  }

  LimitedLog(int linesPerSecond, LongSupplier nanoTime) {
    if (linesPerSecond < 1) {
      throw new IllegalArgumentException("lines per second must be positive: " + linesPerSecond);
    }
    this.most = linesPerSecond;
    this.nanoTime = nanoTime;
  }

  /**
   * Writes a line, or leaves it out.
   *
   * @param line writes it, and ends it with what it is given: how many were left out before, or
   *     nothing
   */
  public void write(Consumer<String> line) {
    long before;
    synchronized (this) {
      long now = nanoTime.getAsLong();
      if (written == 0 || now - began >= WINDOW) {
        began = now;
        written = 0;
      }
      if (written == most) {
        leftOut++;
        return;
      }
      written++;
      before = leftOut;
      leftOut = 0;
    }
    line.accept(before == 0 ? "" : " (" + before + " like it were left out before)");
  }
}
