package socketserver.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import socketserver.Tls;

/** The greeting server that starts TLS in setup(). */
@Timeout(180)
class TlsGreetingTest {
  private static final String GREETING = "Thank you for connecting";

  @TempDir static Path folder;
  private static TestCertificate certificate;

  private final Output out = new Output();

  @BeforeAll
  static void makeCertificate() throws Exception {
    certificate = TestCertificate.in(folder);
  }

  private Serving server() throws Exception {
    var context = Tls.loadCertChain(certificate.certfile(), certificate.keyfile());
    return new Serving(TlsGreeting.server(Serving.anyPort(), context, out.stream()));
  }

  @Test
  void greetsOverTlsAndEndsWithCloseNotify() throws Exception {
    try (var server = server();
        var socket =
            (SSLSocket)
                certificate
                    .client()
                    .getSocketFactory()
                    .createSocket(InetAddress.getByName("localhost"), server.port());
        // an end without close_notify would be an exception
        var peer = new Peer(socket)) {
      assertEquals(GREETING, peer.readToEnd());
      String protocol = socket.getSession().getProtocol();
      assertEquals("Got " + protocol + " connection from " + peer.address() + "\n", out.text());
    }
  }

  @Test
  void aClientThatSpeaksNoTlsDoesNotStopTheServer() throws Exception {
    try (var server = server()) {
      try (var plain = new Peer(server.port())) {
        plain.send("GET / HTTP/1.0\r\n\r\n");
        assertTrue(!plain.readToEnd().contains(GREETING));
      }
      greetPython(server.port());
    }
  }

  @Test
  void aPythonClientReadsTheGreeting() throws Exception {
    try (var server = server()) {
      greetPython(server.port());
    }
  }

  private static void greetPython(int port) throws Exception {
    try (var python =
        Program.python("read_all.py", String.valueOf(port), certificate.certfile().toString())) {
      assertEquals(GREETING + "\n", python.output.rest(), python.errors.rest());
      assertEquals(0, python.status());
    }
  }

  @Test
  void theProgramGreetsAsPythonDoes() throws Exception {
    String certfile = certificate.certfile().toString();
    String keyfile = certificate.keyfile().toString();
    try (var program = Program.java(TlsGreeting.class, certfile, keyfile, "0", "127.0.0.1");
        var python = Program.python("tls_greeting.py", certfile, keyfile, "0")) {
      for (Program server : new Program[] {python, program}) {
        try (var peer =
            new Peer(
                certificate
                    .client()
                    .getSocketFactory()
                    .createSocket(InetAddress.getByName("localhost"), server.port()))) {
          assertEquals(GREETING, peer.readToEnd());
        }
      }
    }
  }

  @Test
  void opensslReadsTheGreeting() throws Exception {
    Tool.OPENSSL.required();
    try (var server = server();
        var openssl =
            Program.command(
                List.of(
                    "openssl",
                    "s_client",
                    "-quiet",
                    "-verify_return_error",
                    "-CAfile",
                    certificate.certfile().toString(),
                    "-connect",
                    "127.0.0.1:" + server.port()))) {
      assertEquals(GREETING, openssl.output.rest(), openssl.errors.rest());
      assertEquals(0, openssl.status());
    }
  }

  @Test
  void namesTheCertificateThatIsMissing() throws Exception {
    String missing = folder.resolve("no-such.pem").toString();
    try (var program = Program.java(TlsGreeting.class, missing, missing, "0")) {
      assertEquals(1, program.status());
      String complaint = program.errors.rest();
      assertTrue(complaint.startsWith("error: ") && complaint.contains(missing), complaint);
    }
  }
}
