package socketserver.bench;

import java.io.IOException;

/** Runs the comparison that its arguments name. */
public final class Bench {
  private Bench() {}

  /**
   * Runs a comparison.
   *
   * @param words see {@code --help}
   * @throws IOException if a server cannot be started or measured
   * @throws InterruptedException never
   */
  public static void main(String[] words) throws IOException, InterruptedException {
    Arguments arguments;
    try {
      arguments = Arguments.of(words);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.err.print(Arguments.USAGE);
      System.exit(2);
      return;
    }
    switch (arguments.comparison()) {
      case HELP -> System.out.print(Arguments.USAGE);
      case LINES -> LineEcho.run(arguments.rounds());
      case FORKING -> Forking.run(arguments.rounds());
    }
  }
}
