package socketserver.bench.load;

/**
 * Where a server is, as the first line that it prints says: {@code port N} on the loopback address,
 * or {@code path P}.
 *
 * @param port its port, or -1
 * @param path the path of its Unix socket, or null
 */
public record Target(int port, String path) {
  /**
   * Reads the line.
   *
   * @param line what the server printed first; null if it printed nothing
   * @return where the server is
   * @throws IllegalArgumentException if that is something else
   */
  public static Target of(String line) {
    if (line != null && line.matches("port [0-9]{1,5}")) {
      return new Target(Integer.parseInt(line.substring(5)), null);
    }
    if (line != null && line.startsWith("path ")) {
      return new Target(-1, line.substring(5));
    }
    throw new IllegalArgumentException("neither a port nor a path: " + line);
  }
}
