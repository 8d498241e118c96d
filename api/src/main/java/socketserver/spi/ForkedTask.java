package socketserver.spi;

import java.io.Serializable;

/**
 * What a child process does with a request. It crosses to the child by Java's serialisation; what a
 * client has sent never does.
 */
public interface ForkedTask extends Serializable {
  /**
   * Handles the request, on the child's side. What is written to the client is with the system on
   * return.
   *
   * @param fd the request's descriptor, from now on this task's
   * @param data the bytes that go with it
   * @return the exit status, 0 or 1, of a child that handles one request
   */
  int run(int fd, byte[] data);

  /**
   * Loads what {@link #run} needs, while the child waits for its first request.
   *
   * @param fd a connected Unix socket whose peer sends a line and wants it back, or -1; this task's
   */
  void rehearse(int fd);
}
