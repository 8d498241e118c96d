package socketserver.diesel;

import java.io.IOException;

/**
 * What {@link Client#call} runs.
 *
 * @param <T> what it returns
 */
@FunctionalInterface
public interface ClientCall<T> {
  /**
   * Runs with the client's connection.
   *
   * @return what the call returns
   * @throws IOException if it fails
   */
  T run() throws IOException;
}
