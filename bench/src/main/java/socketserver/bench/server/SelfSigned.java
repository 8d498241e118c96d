package socketserver.bench.server;

import io.netty.pkitesting.CertificateBuilder;
import javax.net.ssl.SSLContext;

/**
 * The certificate of this process's TLS server, made when the class is first used. Nobody else
 * trusts it: the load's clients trust everything.
 */
final class SelfSigned {
  /** The context of every TLS server: Java's own implementation, so that all encrypt alike. */
  static final SSLContext CONTEXT = context();

  private SelfSigned() {}

  private static SSLContext context() {
    try {
      var certificate =
          new CertificateBuilder()
              .ecp256()
              .subject("CN=localhost")
              .setIsCertificateAuthority(true)
              .addSanDnsName("localhost")
              .addSanIpAddress("127.0.0.1")
              .addExtendedKeyUsageServerAuth()
              .buildSelfSigned();
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(certificate.toKeyManagerFactory().getKeyManagers(), null, null);
      return context;
    } catch (Exception e) {
      throw new IllegalStateException("cannot make a certificate", e);
    }
  }
}
