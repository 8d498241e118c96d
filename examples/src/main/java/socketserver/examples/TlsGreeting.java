package socketserver.examples;

import java.io.IOException;
import java.io.PrintStream;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import socketserver.StreamRequestHandler;
import socketserver.ThreadingTCPServer;
import socketserver.Tls;

/**
 * Greets whoever connects, over TLS.
 *
 * <p>Python original: none in the seed documents; the second one says that {@code setup()} is the
 * place for an SSL connection, and this does it there. In Python it is {@code self.request =
 * context.wrap_socket(self.request, server_side=True)} and {@code super().setup()}.
 *
 * <p>Run, with a certificate and its key as PEM files: {@code mvn -q compile exec:java -pl examples
 * -am -Dexec.mainClass=socketserver.examples.TlsGreeting -Dexec.args="cert.pem key.pem"}, then
 * {@code openssl s_client -connect localhost:8443} in another terminal.
 */
public final class TlsGreeting {
  private static final String USAGE =
      """
      usage: TlsGreeting CERT KEY [PORT [HOST]]
      Greets whoever connects, over TLS.
        CERT  a PEM file: the certificate, and those between it and the root
        KEY   a PEM file: the certificate's private key
        PORT  where to listen; 8443 unless given, 0 lets the system choose
        HOST  the interface to listen on; every one unless given\
      """;

  private TlsGreeting() {}

  /** Goes on with TLS before it makes its files. */
  static final class Handler extends StreamRequestHandler {
    private final SSLContext context;
    private final PrintStream out;

    Handler(SSLContext context, PrintStream out) {
      this.context = context;
      this.out = out;
    }

    @Override
    public void setup() throws Exception {
      request = request.startTls(context);
      super.setup();
    }

    @Override
    public void handle() throws IOException {
      String protocol = request.tlsSession().getProtocol();
      out.println("Got " + protocol + " connection from " + request.getpeername());
      wfile.write("Thank you for connecting");
    }
  }

  /**
   * Makes the server, bound and listening.
   *
   * @param address where to listen
   * @param context the server's certificate and key
   * @param out where its handlers print
   * @return the server, to be served and closed by the caller
   * @throws IOException if the address cannot be bound
   */
  public static ThreadingTCPServer server(
      SocketAddress address, SSLContext context, PrintStream out) throws IOException {
    return new ThreadingTCPServer(address, () -> new Handler(context, out));
  }

  /**
   * Serves until the process is ended.
   *
   * @param args the certificate's file and the key's; the port and the host, both optional
   */
  public static void main(String[] args) {
    CommandLine.main(USAGE, TlsGreeting::serve, args);
  }

  private static void serve(CommandLine words) throws IOException {
    Path certfile = Path.of(words.next("CERT"));
    Path keyfile = Path.of(words.next("KEY"));
    SocketAddress address = words.address(8443, null);
    SSLContext context = Tls.loadCertChain(certfile, keyfile);
    try (var server = server(address, context, System.out)) {
      server.closeOnExit(Duration.ofSeconds(5));
      System.out.println("listening on port " + server.serverPort());
      server.serveForever();
    }
  }
}
