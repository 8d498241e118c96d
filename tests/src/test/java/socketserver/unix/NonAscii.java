package socketserver.unix;

import java.util.Locale;
import org.junit.jupiter.api.Assumptions;

/** File names with letters beyond ASCII, which a Java takes in a locale that has them. */
final class NonAscii {
  private NonAscii() {}

  /** Skips the test, loudly, where they are not taken. */
  static void assumeNames() {
    String encoding = System.getProperty("sun.jnu.encoding", "");
    if (!encoding.toUpperCase(Locale.ROOT).replace("-", "").equals("UTF8")) {
      String reason = "SKIPPED: this Java takes file names for " + encoding + ", not UTF-8";
      System.err.println(reason);
      Assumptions.abort(reason);
    }
  }
}
