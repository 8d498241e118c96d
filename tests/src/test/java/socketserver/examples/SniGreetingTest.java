package socketserver.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The greeting server with a certificate for each name. */
@Timeout(180)
class SniGreetingTest {
  private static final String GREETING = "Thank you for connecting, Ann\n";

  @TempDir static Path folder;
  private static TestCertificate one;
  private static TestCertificate two;

  @BeforeAll
  static void makeCertificates() throws Exception {
    one = TestCertificate.in(Files.createDirectory(folder.resolve("one")));
    two = TestCertificate.in(Files.createDirectory(folder.resolve("two")));
  }

  private static SslContext context(TestCertificate certificate) throws Exception {
    return SslContextBuilder.forServer(
            certificate.certfile().toFile(), certificate.keyfile().toFile())
        .build();
  }

  private static Serving server() throws Exception {
    Map<String, SslContext> contexts = new LinkedHashMap<>();
    contexts.put("one.example", context(one));
    contexts.put("*.two.example", context(two));
    return new Serving(SniGreeting.server(Serving.anyPort(), contexts));
  }

  /** What a client reads who trusts one certificate and asks for a name. */
  private static String greeted(Serving server, TestCertificate trusted, String name)
      throws Exception {
    try (var socket =
        (SSLSocket)
            trusted
                .client()
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), server.port())) {
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setServerNames(List.of(new SNIHostName(name)));
      socket.setSSLParameters(parameters);
      try (var peer = new Peer(socket)) {
        peer.send("Ann\n");
        return peer.readToEnd();
      }
    }
  }

  @Test
  void eachNameHasItsCertificate() throws Exception {
    try (var server = server()) {
      assertEquals(GREETING, greeted(server, one, "one.example"));
      assertEquals(GREETING, greeted(server, two, "www.two.example"));
      assertThrows(SSLHandshakeException.class, () -> greeted(server, one, "www.two.example"));
    }
  }

  @Test
  void whoAsksForAnotherNameGetsTheFirstCertificate() throws Exception {
    try (var server = server()) {
      assertEquals(GREETING, greeted(server, one, "three.example"));
    }
  }

  @Test
  void aClientThatSpeaksNoTlsDoesNotStopTheServer() throws Exception {
    try (var server = server()) {
      try (var plain = new Peer(server.port())) {
        plain.send("GET / HTTP/1.0\r\n\r\n");
        assertFalse(plain.readToEnd().contains("Thank you"));
      }
      assertEquals(GREETING, greeted(server, one, "one.example"));
    }
  }

  @Test
  void theProgramGreetsOpenssl() throws Exception {
    Tool.OPENSSL.required();
    try (var program =
        Program.java(
            SniGreeting.class,
            "one.example",
            "" + one.certfile(),
            "" + one.keyfile(),
            "two.example",
            "" + two.certfile(),
            "" + two.keyfile(),
            "0",
            "localhost")) {
      try (var openssl =
          Program.command(
              List.of(
                  "openssl",
                  "s_client",
                  "-quiet",
                  "-ign_eof",
                  "-verify_return_error",
                  "-servername",
                  "two.example",
                  "-CAfile",
                  "" + two.certfile(),
                  "-connect",
                  "localhost:" + program.port()))) {
        openssl.type("Ann");
        assertEquals(GREETING, openssl.output.rest(), openssl.errors.rest());
      }
    }
  }
}
