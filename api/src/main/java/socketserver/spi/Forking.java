package socketserver.spi;

/**
 * Processes of their own for requests, where the system can hand a descriptor from one process to
 * another (Python: {@code os.fork()}). Found by {@link java.util.ServiceLoader}.
 */
public interface Forking {
  /**
   * Refuses where it cannot work.
   *
   * @throws UnsupportedOperationException if it cannot; the message says why
   */
  void check();

  /**
   * Makes the children of a server; no process is started yet.
   *
   * @param settings what the server says about them, asked whenever it matters
   * @return the children
   */
  Children open(ChildSettings settings);
}
