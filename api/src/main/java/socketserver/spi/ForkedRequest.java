package socketserver.spi;

import java.util.OptionalLong;

/** A request that was handed to a child process. */
public interface ForkedRequest {
  /**
   * Returns the process that handles the request, or has handled it.
   *
   * @return its id; empty while the request waits for a child to be ready
   */
  OptionalLong pid();

  /**
   * Tells whether the child is done with it.
   *
   * @return true if the request was handled, the child is gone, or no child could take it
   */
  boolean hasEnded();
}
