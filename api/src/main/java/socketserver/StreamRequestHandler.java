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
   * Writes to the client (Python: {@code wfile}). It has no buffer unless {@link #wbufsize()} says
   * otherwise, so each write is sent on its own. Over TCP a second small write may then wait for
   * the client's acknowledgement of the first, some 40 ms: a handler that writes an answer in
   * several pieces and then waits for the client has a buffer and calls {@link
   * SocketWriter#flush()}, or overrides {@link #disableNagleAlgorithm()}.
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
   * @throws IllegalStateException if an override of {@link #setup()} has not called {@code
   *     super.setup()}
   */
  @Override
  public void finish() throws Exception {
    try {
      if (wfile != null) {
        closeWriter();
      }
    } finally {
      if (rfile != null) {
        rfile.close();
      }
    }
    if (wfile == null || rfile == null) {
      throw missingSetup("rfile and wfile");
    }
  }

  private void closeWriter() throws IOException {
    if (!wfile.closed()) {
      try {
        wfile.flush();
      } catch (IOException e) {
        // the client no longer takes it: nothing that the handler could do
      }
      wfile.close();
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
   *     size; otherwise bytes. What a buffer holds is sent when it is full, by {@link
   *     SocketWriter#flush()} and by {@link #finish()}
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
   * Tells whether small writes leave at once instead of waiting for the client's acknowledgement of
   * the one before, which it may put off for 40 ms (Python: {@code disable_nagle_algorithm}). Read
   * by {@link #setup()}. For TCP alone.
   *
   * @return false, unless overridden
   */
  public boolean disableNagleAlgorithm() {
    return false;
  }
}
