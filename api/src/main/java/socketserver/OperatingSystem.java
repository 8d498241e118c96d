package socketserver;

import java.util.Locale;

/** Which of the two families of socket numbers this process's system uses. */
final class OperatingSystem {
  private static final boolean BSD = isBsd(System.getProperty("os.name", ""));

  private OperatingSystem() {}

  /** Picks a constant: BSD's on macOS and the BSDs, Linux's everywhere else. */
  static int linuxOrBsd(int linux, int bsd) {
    return BSD ? bsd : linux;
  }

  private static boolean isBsd(String name) {
    String os = name.toLowerCase(Locale.ROOT);
    return os.contains("mac") || os.contains("darwin") || os.contains("bsd");
  }
}
