package socketserver;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import socketserver.spi.LimitedLog;
import socketserver.spi.Printable;

/**
 * What {@code handleError} does when nobody overrides it. Who is to blame is decided by whose
 * connection failed: only what the request's own connection has thrown can be the client's doing.
 * One for each server, as what clients can cause at will is limited.
 */
final class ErrorReport {
  private static final Logger LOGGER = LoggerFactory.getLogger(BaseServer.class);
  private static final String RULE = "-".repeat(40);
  private static final int LINES_PER_SECOND = 5;

  /** How many characters of an exception's line are printed. */
  private static final int LONGEST_LINE = 2000;

  private final LimitedLog tls = new LimitedLog(LINES_PER_SECOND);
  private final LimitedLog timeouts = new LimitedLog(LINES_PER_SECOND);
  private final LimitedLog accepting = new LimitedLog(LINES_PER_SECOND);

  /**
   * Reports what a request has thrown.
   *
   * @param request the request, of whatever kind
   */
  void print(Object request, SocketAddress client, Throwable error) {
    IOException own = ofConnection(request, error);
    if (own instanceof ConnectionTimeoutException) {
      LOGGER.debug("client {} {}", client, own.getMessage());
    } else if (own instanceof ConnectionException) {
      LOGGER.debug("client {} hung up: {}", client, Printable.of(own.getMessage()));
    } else if (own instanceof SSLException) {
      tls.write(
          note -> LOGGER.warn("tls with client {} failed: {}{}", client, Printable.of(own), note));
    } else if (own instanceof SocketTimeoutException) {
      timeouts.write(note -> System.err.print(text(client, error, note)));
    } else {
      // one write, so that the reports of several threads do not mix
      System.err.print(text(client, error, ""));
    }
  }

  /**
   * Logs that a request could not be taken.
   *
   * @param accepted the connection if one was accepted, else null
   */
  void notAccepted(Object accepted, IOException error) {
    if (hungUp(accepted, error)) {
      LOGGER.debug("a client hung up while it was accepted: {}", Printable.of(error));
    } else {
      accepting.write(
          note -> LOGGER.warn("accepting a request failed: {}{}", Printable.of(error), note));
    }
  }

  /** Whether a request's own connection is lost, and nothing else is the matter. */
  static boolean hungUp(Object request, Throwable error) {
    return ofConnection(request, error) instanceof ConnectionException;
  }

  private static IOException ofConnection(Object request, Throwable error) {
    return request instanceof StreamSocket connection ? connection.failures().in(error) : null;
  }

  private static String text(SocketAddress client, Throwable error, String note) {
    StringWriter text = new StringWriter();
    PrintWriter out = new Lines(text);
    out.println(RULE);
    out.println(
        "Exception occurred during processing of request from " + Addresses.asTuple(client) + note);
    error.printStackTrace(out);
    out.println(RULE);
    return text.toString();
  }

  /** Keeps what is printed as a line one line, whatever a client has brought into a message. */
  private static final class Lines extends PrintWriter {
    Lines(StringWriter out) {
      super(out);
    }

    @Override
    public void println(String line) {
      int text = 0;
      while (text < line.length() && line.charAt(text) == '\t') {
        text++;
      }
      super.println(line.substring(0, text) + Printable.of(line.substring(text), LONGEST_LINE));
    }

    @Override
    public void println(Object line) {
      println(String.valueOf(line));
    }
  }
}
