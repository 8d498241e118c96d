package socketserver.examples;

import static socketserver.diesel.Diesel.fire;
import static socketserver.diesel.Diesel.quickstart;
import static socketserver.diesel.Diesel.quickstop;
import static socketserver.diesel.Diesel.sleep;
import static socketserver.diesel.Diesel.waitFor;

import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import socketserver.diesel.Loop;

/**
 * A loop fires and another one waits, 50,000 times in turn: what a change of loops costs.
 *
 * <p>Python original: {@code examples/fire.py} of Diesel. It differs in that it prints what the
 * original logs.
 *
 * <p>Run: {@code mvn -q compile exec:java -pl examples -am
 * -Dexec.mainClass=socketserver.examples.DieselFire}
 */
public final class DieselFire {
  private static final String USAGE =
      """
      usage: DieselFire
      Sends 50,000 messages from one loop to another, on Diesel.\
      """;

  private static final int MESSAGES = 50_000;

  private DieselFire() {}

  private static void gunner() {
    int x = 1;
    while (true) {
      fire("bam", x);
      x++;
      sleep();
    }
  }

  private static void sieged(PrintStream out) {
    long begin = System.nanoTime();
    while (true) {
      int n = (int) waitFor("bam");
      if (n % 10_000 == 0) {
        out.println(n);
        if (n == MESSAGES) {
          double seconds = (System.nanoTime() - begin) / (double) TimeUnit.SECONDS.toNanos(1);
          out.println(
              String.format(
                  Locale.ROOT,
                  "%,d messages in %.3fs %.1f/s",
                  MESSAGES,
                  seconds,
                  MESSAGES / seconds));
          quickstop();
        }
      }
    }
  }

  /**
   * Runs both loops until all messages have arrived.
   *
   * @param out where it prints
   */
  public static void run(PrintStream out) {
    quickstart(new Loop(DieselFire::gunner), new Loop(() -> sieged(out)));
  }

  /**
   * Runs both loops.
   *
   * @param args none
   */
  public static void main(String[] args) {
    CommandLine.main(
        USAGE,
        words -> {
          words.end();
          run(System.out);
        },
        args);
  }
}
