package socketserver;

import java.util.Locale;

/** Which of the two families of socket numbers this process's system uses. */
final class OperatingSystem {
  private static final boolean BSD = isBsd(System.getProperty("os.name", ""));
  private static final boolean LINUX = System.getProperty("os.name", "").startsWith("Linux");

  private OperatingSystem() {}

  /** Picks a constant: BSD's on macOS and the BSDs, Linux's everywhere else. */
  static int linuxOrBsd(int linux, int bsd) {
    return BSD ? bsd : linux;
  }

  /**
   * Whether SO_REUSEADDR only lets a server start again where an earlier one has ended. On Windows
   * it lets it take the address of one that runs.
   */
  static boolean restartsOnAnAddress() {
    return !System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("windows");
  }

  static boolean isLinux() {
    return LINUX;
  }

  private static boolean isBsd(String name) {
    String os = name.toLowerCase(Locale.ROOT);
    return os.contains("mac") || os.contains("darwin") || os.contains("bsd");
  }
}
