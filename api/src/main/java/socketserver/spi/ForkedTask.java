package socketserver.spi;

import java.io.IOException;
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
   * @param fd the descriptor of a socket of the server's kind, this task's: connected, and a line
   *     arrives after one was written; or able to send datagrams to itself
   * @throws IOException if the task cannot be run in this process
   */
  void rehearse(int fd) throws IOException;

  /** Does what can be done for {@link #run} before there is a request. */
  void prepare();
}
