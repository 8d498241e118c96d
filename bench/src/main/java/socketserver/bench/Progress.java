package socketserver.bench;

/** A line that says what is being done, and goes when there is something to print. */
final class Progress {
  private Progress() {}

  static void show(String what, int round, int rounds, String contestant) {
    System.err.printf("\r%s: round %d of %d, %-40s", what, round, rounds, contestant);
  }

  static void clear() {
    System.err.printf("\r%-110s\r", "");
  }
}
