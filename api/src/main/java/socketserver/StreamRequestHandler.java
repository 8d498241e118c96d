package socketserver;

import java.io.IOException;
import java.time.Duration;

/**
 * Handles a connection with files (Python: {@code StreamRequestHandler}): {@link #rfile} to read
 * from the client, {@link #wfile} to write to it.
 *
 * <p>An override of {@link #setup()} or {@link #finish()} calls {@code super}; TLS is {@code
 * request.startTls(context)} before or after it.
 */
public abstract class StreamRequestHandler extends BaseRequestHandler<StreamSocket> {
  /** The connection, the same as {@code request}. */
  public StreamSocket connection;

  /** Reads from the client. */
  public SocketReader rfile;

  /**
   * Writes to the client. As in Python it has no buffer, and each write is sent at once. A handler
   * that answers in two small writes, such as headers and a body, and then waits for the client,
   * can stand still for 40 ms: the system holds the second back until the client has acknowledged
   * the first (Nagle's algorithm), and the client takes its time. Then override {@link #wbufsize()}
   * to return -1, so that the answer leaves with {@code flush} or with the handler's end, or {@link
   * #disableNagleAlgorithm()}.
   */
  public SocketWriter wfile;

  /** Makes a handler; {@link #run} fills its fields. */
  protected StreamRequestHandler() {}

  /**
   * Applies the attributes and makes {@link #rfile} and {@link #wfile} (Python: {@code setup()}).
   *
   * @throws IOException if the connection is lost or an option is refused
   */
  @Override
  public void setup() throws Exception {
    connection = request;
    Duration timeout = timeout();
    if (timeout != null) {
      connection.settimeout(timeout);
    }
    if (disableNagleAlgorithm()) {
      connection.setsockopt(SocketConstants.IPPROTO_TCP, SocketConstants.TCP_NODELAY, true);
    }
    rfile = connection.makefileReader(rbufsize());
    int wbufsize = wbufsize();
    wfile = wbufsize == 0 ? connection.unbufferedWriter() : connection.makefileWriter(wbufsize);
  }

  /**
   * Flushes and closes {@link #wfile}, then closes {@link #rfile} (Python: {@code finish()}). A
   * client that is gone by then is no error.
   *
   * @throws IOException if closing fails
   */
  @Override
  public void finish() throws Exception {
    try {
      if (!wfile.closed()) {
        try {
          wfile.flush();
        } catch (IOException e) {
          // the client no longer takes it: nothing that the handler could do
        }
        wfile.close();
      }
    } finally {
      rfile.close();
    }
  }

  /**
   * Returns the size of rfile's buffer (Python: {@code rbufsize}). Read by {@link #setup()}.
   *
   * @return -1 for the usual size, unless overridden; 0 for none; otherwise bytes
   */
  public int rbufsize() {
    return -1;
  }

  /**
   * Returns the size of wfile's buffer (Python: {@code wbufsize}). Read by {@link #setup()}. With a
   * buffer an answer of several writes leaves as one; a handler that then waits for the client
   * flushes it before.
   *
   * @return 0 for none, so that each write is sent at once, unless overridden; -1 for the usual
   *     size; otherwise bytes
   */
  public int wbufsize() {
    return 0;
  }

  /**
   * Returns the connection's time-out (Python: {@code timeout}). Read by {@link #setup()}.
   *
   * @return null for none, unless overridden
   */
  public Duration timeout() {
    return null;
  }

  /**
   * Tells whether small writes leave at once instead of waiting for an acknowledgement (Python:
   * {@code disable_nagle_algorithm}). Read by {@link #setup()}. For a handler whose answers are
   * several small writes; see {@link #wfile}.
   *
   * @return false, unless overridden
   */
  public boolean disableNagleAlgorithm() {
    return false;
  }
}
