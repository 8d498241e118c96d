package socketserver.strategies;

import org.junit.jupiter.api.Assumptions;
import socketserver.fixture.Strategy;

/** What a test needs not to be there. */
final class Without {
  private Without() {}

  /** Skips the test, loudly, on a Java that has virtual threads. */
  static void assumeNoVirtualThreads() {
    assume(!Strategy.hasVirtualThreads(), "this Java has virtual threads, an older one has none");
  }

  /** Skips the test, loudly, unless something holds. */
  static void assume(boolean holds, String why) {
    if (!holds) {
      String message = "SKIPPED: " + why;
      System.err.println(message);
      Assumptions.abort(message);
    }
  }
}
