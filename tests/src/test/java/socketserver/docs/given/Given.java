package socketserver.docs.given;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import javax.net.ssl.SSLContext;
import socketserver.ThreadingTCPServer;

/** What snippets use without showing where it comes from. */
public final class Given {
  /** Where a server listens. */
  public static final InetSocketAddress address =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  /** A server. Snippets are compiled, not run: it is not there. */
  public static final ThreadingTCPServer server = null;

  /** A TLS context. Snippets are compiled, not run: it is not there. */
  public static final SSLContext context = null;

  private Given() {}
}
