package socketserver;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What {@code handleError} does when nobody overrides it. */
final class ErrorReport {
  private static final Logger LOGGER = LoggerFactory.getLogger(BaseServer.class);
  private static final String RULE = "-".repeat(40);

  private ErrorReport() {}

  static void print(SocketAddress clientAddress, Throwable error) {
    Throwable cause = error instanceof UncheckedIOException ? error.getCause() : error;
    if (cause instanceof ConnectionException) {
      LOGGER.debug("client {} hung up: {}", clientAddress, cause.getMessage());
    } else if (cause instanceof SSLException) {
      LOGGER.warn("tls with client {} failed: {}", clientAddress, cause.toString());
    } else {
      // one write, so that the reports of several threads do not mix
      System.err.print(text(clientAddress, error));
    }
  }

  private static String text(SocketAddress clientAddress, Throwable error) {
    StringWriter text = new StringWriter();
    PrintWriter out = new PrintWriter(text);
    out.println(RULE);
    out.println(
        "Exception occurred during processing of request from " + Addresses.asTuple(clientAddress));
    error.printStackTrace(out);
    out.println(RULE);
    return text.toString();
  }
}
