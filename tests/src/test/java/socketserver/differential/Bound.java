package socketserver.differential;

import java.time.Duration;

/** How long anything here waits before it is a failure. Nothing waits that long in a good run. */
final class Bound {
  static final Duration WAIT = Duration.ofSeconds(10);

  private Bound() {}
}
