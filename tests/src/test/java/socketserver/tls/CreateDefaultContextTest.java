package socketserver.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static socketserver.tls.Certificates.AUTHORITY;
import static socketserver.tls.Certificates.CLIENT;
import static socketserver.tls.Certificates.OTHER_AUTHORITY;
import static socketserver.tls.Certificates.SERVER;
import static socketserver.tls.Certificates.STRANGER;
import static socketserver.tls.Certificates.chain;
import static socketserver.tls.Certificates.key;

import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import socketserver.Tls;

/** Contexts that trust the authorities of a file, as clients and as servers. */
class CreateDefaultContextTest {
  @TempDir Path folder;

  private Path file(String name, String text) {
    return Pem.write(folder.resolve(name), text);
  }

  private Path authority() {
    return file("ca.crt", Pem.certificate(AUTHORITY.getRootCertificate()));
  }

  private Path both(X509Bundle bundle) {
    String name = bundle.getCertificate().getSubjectX500Principal().getName().substring(3);
    return file(name + ".pem", Pem.certificates(chain(bundle)) + Pem.pkcs8(key(bundle)));
  }

  private SSLContext mutual(X509Bundle own) throws IOException {
    return Tls.createDefaultContext(authority(), both(own), both(own));
  }

  @Test
  void aClientTrustsTheAuthorityOfTheFile() throws IOException {
    SSLContext client = Tls.createDefaultContext(authority());
    EnginePair pair = new EnginePair(client, Tls.loadCertChain(both(SERVER))).handshake();
    assertEquals(SERVER.getCertificate(), pair.client.getSession().getPeerCertificates()[0]);
  }

  @Test
  void aClientTrustsNoOtherAuthority() throws IOException {
    Path cafile = file("other.crt", Pem.certificate(OTHER_AUTHORITY.getRootCertificate()));
    SSLContext client = Tls.createDefaultContext(cafile);
    SSLContext server = Tls.loadCertChain(both(SERVER));
    assertThrows(SSLException.class, () -> new EnginePair(client, server).handshake());
  }

  @Test
  void aFileMayHoldManyAuthorities() throws IOException {
    Path cafile =
        file(
            "many.crt",
            "# other\n"
                + Pem.certificate(OTHER_AUTHORITY.getRootCertificate())
                + "# ours\n"
                + Pem.certificate(AUTHORITY.getRootCertificate())
                + Pem.certificate(AUTHORITY.getRootCertificate()));
    new EnginePair(Tls.createDefaultContext(cafile), Tls.loadCertChain(both(SERVER))).handshake();
  }

  @Test
  void aServersOwnCertificateMayBeTrusted() throws IOException {
    Path cafile = file("server.crt", Pem.certificate(SERVER.getCertificate()));
    new EnginePair(Tls.createDefaultContext(cafile), Tls.loadCertChain(both(SERVER))).handshake();
  }

  @Test
  void aFileWithoutCertificatesIsRefused() {
    Path cafile = file("ca.key", Pem.pkcs8(key(CLIENT)));
    IOException e = assertThrows(IOException.class, () -> Tls.createDefaultContext(cafile));
    assertEquals("no certificate in " + cafile, e.getMessage());
  }

  @Test
  void aServerThatTrustsAnAuthorityAsksForACertificate() throws IOException {
    EnginePair pair = new EnginePair(mutual(CLIENT), mutual(SERVER)).handshake();
    assertEquals(CLIENT.getCertificate(), pair.server.getSession().getPeerCertificates()[0]);
    assertEquals(SERVER.getCertificate(), pair.client.getSession().getPeerCertificates()[0]);
  }

  @Test
  void aServerRefusesAClientWithoutACertificate() throws IOException {
    SSLContext client = Tls.createDefaultContext(authority());
    SSLContext server = mutual(SERVER);
    assertThrows(SSLException.class, () -> new EnginePair(client, server).handshake());
  }

  @Test
  void aServerRefusesACertificateFromElsewhere() throws IOException {
    SSLContext client = mutual(STRANGER);
    SSLContext server = mutual(SERVER);
    assertThrows(SSLException.class, () -> new EnginePair(client, server).handshake());
  }

  @Test
  void aServerMayWantACertificateWithoutNeedingIt() throws IOException {
    SSLContext client = Tls.createDefaultContext(authority());
    EnginePair pair = new EnginePair(client, mutual(SERVER));
    SSLParameters parameters = pair.server.getSSLParameters();
    parameters.setWantClientAuth(true);
    pair.server.setSSLParameters(parameters);
    pair.handshake();
    assertThrows(
        SSLPeerUnverifiedException.class, () -> pair.server.getSession().getPeerCertificates());
  }

  @Test
  void theParametersOfTheContextSayThatItAsks() throws IOException {
    assertTrue(mutual(SERVER).getDefaultSSLParameters().getNeedClientAuth());
    assertTrue(mutual(SERVER).getSupportedSSLParameters().getNeedClientAuth());
    SSLContext plain = Tls.loadCertChain(both(SERVER));
    assertFalse(plain.getDefaultSSLParameters().getNeedClientAuth());
  }

  @Test
  void anEncryptedKeyNeedsItsPasswordHereToo() throws IOException {
    Path certfile = file("server.crt", Pem.certificates(chain(SERVER)));
    Path keyfile = file("server.key", Pem.encrypted(key(SERVER), "secret"));
    char[] password = "secret".toCharArray();
    SSLContext server = Tls.createDefaultContext(authority(), certfile, keyfile, password);
    new EnginePair(mutual(CLIENT), server).handshake();
    IOException e =
        assertThrows(
            IOException.class, () -> Tls.createDefaultContext(authority(), certfile, keyfile));
    assertTrue(e.getMessage().contains("give its password"), e.getMessage());
  }
}
