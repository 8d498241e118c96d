package socketserver.bench.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.TimeUnit;

/** Lines that make their handler compute, among others that do not. */
final class Computing {
  private static final byte MARK = 'c';
  private static final long NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private Computing() {}

  /** Answers each line with itself, over plain streams. */
  static void echo(InputStream in, OutputStream out) throws IOException {
    PlainLines.each(
        in,
        (buffer, offset, length) -> {
          handle(buffer[offset]);
          out.write(buffer, offset, length);
        });
  }

  /** Keeps the thread busy for 20 ms if the first byte of a line asks for that. */
  static void handle(byte first) {
    if (first == MARK) {
      long begin = System.nanoTime();
      while (System.nanoTime() - begin < NANOS) {
        // what a handler computes that never waits
      }
    }
  }
}
