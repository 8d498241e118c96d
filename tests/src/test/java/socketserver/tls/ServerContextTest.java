package socketserver.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import socketserver.ServerContext;
import socketserver.Tls;
import socketserver.fixture.Eventually;
import socketserver.fixture.LogCapture;

/** A server's context that follows its files, knows several names, and is strict if asked to. */
@Timeout(60)
class ServerContextTest {
  @TempDir private Path folder;

  private Path certfile(String name) {
    return folder.resolve(name + ".crt");
  }

  private Path keyfile(String name) {
    return folder.resolve(name + ".key");
  }

  private void writeCertificate(String name, X509Bundle bundle) {
    Pem.write(certfile(name), Pem.certificates(Certificates.chain(bundle)));
  }

  private void writeKey(String name, X509Bundle bundle) {
    Pem.write(keyfile(name), Pem.pkcs8(Certificates.key(bundle)));
  }

  private void write(String name, X509Bundle bundle) {
    writeCertificate(name, bundle);
    writeKey(name, bundle);
  }

  private ServerContext context(String name) throws IOException {
    write(name, Certificates.host(name));
    return new ServerContext(certfile(name), keyfile(name));
  }

  /** What a client has agreed on that asks for a name, or for none, and resumes nothing. */
  private static SSLSession session(SSLContext server, String name, String... protocols)
      throws SSLException {
    EnginePair pair = new EnginePair(Contexts.client(), server);
    SSLParameters parameters = pair.client.getSSLParameters();
    parameters.setServerNames(name == null ? List.of() : List.of(new SNIHostName(name)));
    if (protocols.length > 0) {
      parameters.setProtocols(protocols);
    }
    pair.client.setSSLParameters(parameters);
    return pair.handshake().client.getSession();
  }

  /** Whose certificate a client gets. */
  private static String subject(SSLContext server, String name) throws SSLException {
    var certificate = (X509Certificate) session(server, name).getPeerCertificates()[0];
    return certificate.getSubjectX500Principal().getName();
  }

  // Names

  @ParameterizedTest
  @CsvSource({
    "shop.example.org, CN=shop",
    "SHOP.example.ORG, CN=shop",
    "www.example.org, CN=any",
    "deep.www.example.org, CN=others",
    "example.org, CN=others",
    "localhost, CN=others",
    ", CN=others"
  })
  void aClientGetsTheCertificateOfTheNameThatItAsksFor(String name, String subject)
      throws IOException {
    write("shop", Certificates.host("shop"));
    write("any", Certificates.host("any"));
    SSLContext context =
        context("others")
            .serverName("shop.example.org", certfile("shop"), keyfile("shop"))
            .serverName("*.example.org", certfile("any"), keyfile("any"))
            .build();
    assertEquals(subject, subject(context, name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "two words"})
  void whatIsNoNameIsRefused(String name) throws IOException {
    ServerContext builder = context("a");
    assertThrows(
        IllegalArgumentException.class,
        () -> builder.serverName(name, certfile("a"), keyfile("a")));
  }

  // Files that change

  @Test
  void filesAreReadAgainWhenTheyHaveChanged() throws IOException {
    SSLContext context = context("before").build();
    assertEquals("CN=before", subject(context, null));
    write("before", Certificates.host("after"));
    Eventually.holds(
        "the new certificate is shown", () -> subject(context, null).equals("CN=after"));
  }

  @Test
  void filesThatDoNotBelongTogetherChangeNothingUntilTheyDo() throws IOException {
    SSLContext context = context("before").build();
    X509Bundle after = Certificates.host("after");
    try (var log = new LogCapture()) {
      writeCertificate("before", after);
      Eventually.holds(
          "a look has found them so",
          () -> {
            assertEquals("CN=before", subject(context, null));
            return !log.at(Level.WARN, "the certificate stays as it was").isEmpty();
          });
    }
    writeKey("before", after);
    Eventually.holds(
        "the new certificate is shown", () -> subject(context, null).equals("CN=after"));
  }

  @Test
  void theFilesAreReadAtOnceAsWell() {
    assertThrows(IOException.class, () -> new ServerContext(certfile("none"), keyfile("none")));
  }

  // Strict ones

  @Test
  void aClientWithAnOlderVersionThanTheMinimumIsRefused() throws IOException {
    SSLContext context = context("a").minimumVersion("TLSv1.3").build();
    assertEquals("TLSv1.3", session(context, null).getProtocol());
    assertThrows(SSLException.class, () -> session(context, null, "TLSv1.2"));
  }

  @Test
  void aVersionThatThereIsNotIsRefused() throws IOException {
    ServerContext builder = context("a");
    var refused =
        assertThrows(IllegalArgumentException.class, () -> builder.minimumVersion("TLS1.2"));
    assertTrue(refused.getMessage().startsWith("no such version: TLS1.2; use one of"));
  }

  @ParameterizedTest
  @CsvSource({
    "ECDHE-ECDSA-AES256-GCM-SHA384, TLSv1.2, TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
    "ECDHE-ECDSA-CHACHA20-POLY1305, TLSv1.2, TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, TLSv1.2, TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
    "TLS_AES_256_GCM_SHA384:ECDHE-ECDSA-AES256-SHA384, TLSv1.3, TLS_AES_256_GCM_SHA384",
    "TLS_AES_256_GCM_SHA384:ECDHE-ECDSA-AES256-SHA384, TLSv1.2,"
        + " TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384"
  })
  void ciphersHaveTheNamesOfOpensslOrThoseOfJava(String names, String protocol, String suite)
      throws IOException {
    SSLContext context = context("a").setCiphers(names).build();
    assertEquals(suite, session(context, null, protocol).getCipherSuite());
  }

  @Test
  void aCipherThatThereIsNotIsRefused() throws IOException {
    ServerContext builder = context("a").setCiphers("HIGH:!aNULL");
    var refused = assertThrows(IllegalArgumentException.class, builder::build);
    assertTrue(refused.getMessage().startsWith("no such cipher suite: 'HIGH'; this Java has ["));
  }

  @Test
  void aServerThatRequiresCertificatesRefusesAClientWithoutOne() throws Exception {
    Path authority =
        Pem.write(
            folder.resolve("ca.crt"), Pem.certificate(Certificates.AUTHORITY.getRootCertificate()));
    write("localhost", Certificates.SERVER);
    SSLContext context =
        new ServerContext(certfile("localhost"), keyfile("localhost"))
            .requireClientCertificates(authority)
            .build();
    try (RunningServer server =
        RunningServer.threading(
            handler -> handler.request.startTls(context), RunningServer::echoLines)) {
      try (SSLSocket alice = Peers.tls(server.address(), Contexts.ALICE)) {
        assertEquals("hello", Peers.exchange(alice, "hello"));
      }
      try (SSLSocket nobody = Peers.tls(server.address(), Tls.createDefaultContext(authority))) {
        assertThrows(IOException.class, () -> Peers.exchange(nobody, "hello"));
      }
    }
  }
}
