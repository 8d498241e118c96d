package socketserver.differential;

import java.time.Duration;

/**
 * How long anything here waits before it is a failure. Nothing waits that long in a good run. What
 * a client of a forking server waits for includes the start of a JVM, which takes a second of
 * processor time, and ten of the clock on a machine that others keep busy.
 */
final class Bound {
  static final Duration WAIT = Duration.ofSeconds(60);

  private Bound() {}
}
