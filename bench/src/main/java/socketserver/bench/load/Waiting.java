package socketserver.bench.load;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;

/** How long a client waits for anything. */
final class Waiting {
  /** Far longer than any server needs that is going to answer at all. */
  static final Duration LIMIT = Duration.ofSeconds(30);

  /** How long a load that closes waits for answers that are under way. */
  static final Duration FAREWELL = Duration.ofSeconds(1);

  private Waiting() {}

  static IOException tooLong(String what) {
    return new SocketTimeoutException(what + " within " + LIMIT.toSeconds() + " s");
  }
}
