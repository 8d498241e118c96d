package socketserver.multiplexing;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import javax.net.ssl.SSLContext;

/** The two sides of TLS, with a certificate that is made for the run. */
final class Tls {
  private static final X509Bundle BUNDLE = bundle();

  static final SSLContext SERVER = context(true);
  static final SSLContext CLIENT = context(false);

  private Tls() {}

  private static X509Bundle bundle() {
    try {
      return new CertificateBuilder()
          .ecp256()
          .subject("CN=localhost")
          .addSanDnsName("localhost")
          .addSanIpAddress("127.0.0.1")
          .setIsCertificateAuthority(true)
          .buildSelfSigned();
    } catch (Exception e) {
      throw new AssertionError("cannot make a certificate", e);
    }
  }

  private static SSLContext context(boolean server) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          server ? BUNDLE.toKeyManagerFactory().getKeyManagers() : null,
          server ? null : BUNDLE.toTrustManagerFactory().getTrustManagers(),
          null);
      return context;
    } catch (Exception e) {
      throw new AssertionError("cannot make a context", e);
    }
  }
}
