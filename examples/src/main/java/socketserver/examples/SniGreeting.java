package socketserver.examples;

import io.netty.handler.ssl.SniHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.util.DomainWildcardMappingBuilder;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import socketserver.StreamRequestHandler;
import socketserver.ThreadingTCPServer;
import socketserver.netty.Pipelines;

/**
 * Greets whoever says a name, over TLS, with the certificate of the host that the client asks for.
 * Netty's {@link SniHandler} does the TLS; the handler's files are as without.
 *
 * <p>Python original: none. There it is {@code context.sni_callback}.
 *
 * <p>Run, with two names, each with its certificate and key as PEM files: {@code mvn -q compile
 * exec:java -pl examples -am -Dexec.mainClass=socketserver.examples.SniGreeting
 * -Dexec.args="one.example one.pem one.key two.example two.pem two.key"}, then {@code openssl
 * s_client -connect localhost:8443 -servername two.example} in another terminal; type your name.
 */
public final class SniGreeting {
  private static final String USAGE =
      """
      usage: SniGreeting NAME CERT KEY NAME CERT KEY [PORT [HOST]]
      Greets who says a name, over TLS, with the certificate of the host that is asked for.
        NAME  a host's name; *.example.org stands for all below it. Who asks for neither
              name, or for none, gets the first certificate
        CERT  a PEM file: the certificate of that name, and those between it and the root
        KEY   a PEM file: the certificate's private key
        PORT  where to listen; 8443 unless given, 0 lets the system choose
        HOST  the interface to listen on; every one unless given\
      """;

  private static final int LONGEST_NAME = 100;

  private SniGreeting() {}

  /** Greets by the name that the client says. */
  static final class Handler extends StreamRequestHandler {
    @Override
    public void handle() throws IOException {
      String name = new String(rfile.readline(LONGEST_NAME), StandardCharsets.UTF_8).strip();
      wfile.write("Thank you for connecting, " + name + "\n");
    }
  }

  /**
   * Makes the server, bound and listening.
   *
   * @param address where to listen
   * @param contexts what serves each name; the first serves all others, too
   * @return the server, to be served and closed by the caller
   * @throws IOException if the address cannot be bound
   */
  public static ThreadingTCPServer server(SocketAddress address, Map<String, SslContext> contexts)
      throws IOException {
    var names = new DomainWildcardMappingBuilder<>(contexts.values().iterator().next());
    contexts.forEach(names::add);
    var mapping = names.build();
    ThreadingTCPServer server = new ThreadingTCPServer(address, Handler::new);
    Pipelines.initializer(server, channel -> channel.pipeline().addLast(new SniHandler(mapping)));
    return server;
  }

  /**
   * Serves until the process is ended.
   *
   * @param args two names, each with its certificate's file and the key's; the port and the host,
   *     both optional
   */
  public static void main(String[] args) {
    CommandLine.main(USAGE, SniGreeting::serve, args);
  }

  private static void serve(CommandLine words) throws IOException {
    Map<String, SslContext> contexts = new LinkedHashMap<>();
    for (int i = 0; i < 2; i++) {
      String name = words.next("NAME");
      Path certfile = Path.of(words.next("CERT"));
      Path keyfile = Path.of(words.next("KEY"));
      contexts.put(name, SslContextBuilder.forServer(certfile.toFile(), keyfile.toFile()).build());
    }
    try (var server = server(words.address(8443, null), contexts)) {
      server.closeOnExit(Duration.ofSeconds(5));
      System.out.println("listening on port " + server.serverPort());
      server.serveForever();
    }
  }
}
