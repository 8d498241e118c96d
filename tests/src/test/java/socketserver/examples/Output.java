package socketserver.examples;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What a program prints, for a test that waits for it: {@link #until} takes it piece by piece, as a
 * person reads it.
 */
final class Output extends OutputStream {
  /** Far more than any example takes, on a machine that is busy with other things. */
  static final Duration LIMIT = Duration.ofSeconds(60);

  /** Guarded by this. */
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /** Guarded by this: the threads that printed, one entry a write. */
  private final List<Thread> printers = new ArrayList<>();

  /** Guarded by this: how many characters were taken. */
  private int taken;

  /** Guarded by this: nothing more will come. */
  private boolean ended;

  @Override
  public synchronized void write(int b) {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public synchronized void write(byte[] source, int offset, int length) {
    bytes.write(source, offset, length);
    printers.add(Thread.currentThread());
    notifyAll();
  }

  @Override
  public synchronized void close() {
    ended = true;
    notifyAll();
  }

  /** A stream for the program to print on. */
  PrintStream stream() {
    return new PrintStream(this, true, StandardCharsets.UTF_8);
  }

  /** All that was printed so far. */
  synchronized String text() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  /** The threads that have printed so far, in order. */
  synchronized List<Thread> printers() {
    return List.copyOf(printers);
  }

  /** Waits for a text and takes all that was printed before it, and the text itself. */
  synchronized String until(String ending) {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (true) {
      int found = text().indexOf(ending, taken);
      if (found >= 0) {
        String piece = text().substring(taken, found + ending.length());
        taken = found + ending.length();
        return piece;
      }
      long millis = (deadline - System.nanoTime()) / 1_000_000;
      if (ended || millis <= 0) {
        throw new AssertionError(
            "no \"" + ending + "\" in \"" + text().substring(taken) + "\", after " + text());
      }
      await(millis);
    }
  }

  /** Waits until nothing more will come, and takes what is left. */
  synchronized String rest() {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (!ended) {
      long millis = (deadline - System.nanoTime()) / 1_000_000;
      if (millis <= 0) {
        throw new AssertionError("no end after " + text());
      }
      await(millis);
    }
    String rest = text().substring(taken);
    taken = text().length();
    return rest;
  }

  private void await(long millis) {
    try {
      wait(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted after " + text(), e);
    }
  }
}
