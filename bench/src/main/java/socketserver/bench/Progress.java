package socketserver.bench;

import java.io.PrintStream;

/** A line that says what is being done, and goes when there is something to print. */
public final class Progress {
  private final PrintStream out;
  private final int steps;
  private int step;

  /** A line on a terminal, for a number of steps. */
  public Progress(PrintStream out, int steps) {
    this.out = out;
    this.steps = steps;
  }

  /** Shows the next step. */
  public void next(String what, String contestant) {
    step++;
    note(what + ", " + contestant);
  }

  /** Shows what is done in between. */
  public void note(String what) {
    out.printf("\r%3d%% %-95s", Math.min(100L * step / steps, 100), what);
    out.flush();
  }

  /** Wipes the line. */
  public void clear() {
    out.printf("\r%-100s\r", "");
    out.flush();
  }
}
