package socketserver;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handles a datagram with files (Python: {@code DatagramRequestHandler}): {@link #rfile} holds the
 * datagram, and what is written to {@link #wfile} is sent back as one datagram by {@link
 * #finish()}.
 */
public abstract class DatagramRequestHandler extends BaseRequestHandler<DatagramRequest> {
  private static final Logger LOGGER = LoggerFactory.getLogger(DatagramRequestHandler.class);

  /** The datagram's bytes. */
  public byte[] packet;

  /** The server's socket. */
  public DgramSocket socket;

  /** Reads the datagram. */
  public SocketReader rfile;

  /** Collects the answer. */
  public DatagramWriter wfile;

  /** Makes a handler; {@link #run} fills its fields. */
  protected DatagramRequestHandler() {}

  /**
   * Takes the request apart and makes {@link #rfile} and {@link #wfile} (Python: {@code setup()}).
   */
  @Override
  public void setup() throws Exception {
    packet = request.data();
    socket = request.socket();
    rfile = new SocketReader(new ByteArrayInputStream(packet));
    wfile = new DatagramWriter();
  }

  /**
   * Sends the answer (Python: {@code finish()}), also after a {@code handle()} that failed, and
   * also an empty one: a handler that must not answer overrides this, or extends {@link
   * BaseRequestHandler}. A client of a Unix socket that is unnamed cannot be answered: a DEBUG
   * line.
   *
   * @throws IOException if the system refuses it: longer than 65507 bytes, or no address to send to
   * @throws IllegalStateException if an override of {@link #setup()} has not called {@code
   *     super.setup()}
   */
  @Override
  public void finish() throws Exception {
    if (wfile == null || socket == null) {
      throw missingSetup("packet, socket, rfile and wfile");
    }
    if (clientAddress instanceof UnixAddress unix && unix.isUnnamed()) {
      LOGGER.debug("no answer to an unnamed client: {} bytes dropped", wfile.size());
      return;
    }
    socket.sendto(wfile.toByteArray(), clientAddress);
  }
}
