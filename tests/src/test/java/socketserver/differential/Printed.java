package socketserver.differential;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;

/** What a server's own handleError prints on stderr. */
final class Printed {
  private Printed() {}

  static <R> String by(
      TracedHooks<R> server, R request, SocketAddress clientAddress, Throwable error) {
    ByteArrayOutputStream report = new ByteArrayOutputStream();
    PrintStream err = System.err;
    System.setErr(new PrintStream(report, true, StandardCharsets.UTF_8));
    try {
      server.printError(request, clientAddress, error);
    } finally {
      System.setErr(err);
    }
    return report.toString(StandardCharsets.UTF_8);
  }
}
